import { assert, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { runRemesh } from "../../lib/pipeline/remesh.ts";
import { readTemplates } from "../../lib/templates/template_file.ts";
import { remeshBuiltIn } from "../../tools/templates/remesh_built_in.ts";
import { assertRejectsWith, type Fact } from "../helpers/assert_facts.ts";
import { objBytes, stlBytes } from "../io/user_meshes.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inProject } from "../helpers/temporary_folder.ts";

/** Runs in a folder of its own. */
Deno.test("what cannot be remeshed is refused", async () => {
  await inProject(async () => {
    await Deno.writeFile("boxes.obj", objBytes());
    await Deno.writeFile("cut.stl", stlBytes("binary").subarray(0, 500));
    const refused = (request: Parameters<typeof runRemesh>[0], ...facts: Fact[]) =>
      assertRejectsWith(() => runRemesh(request), UserError, ...facts);
    await assertRejectsWith(
      () => remeshBuiltIn({ mode: "singletpl", classes: ["chair"] }),
      UserError,
      '"chair"',
      "motorcycle",
      "'meshes: FILE'",
    );
    await refused({ mode: "singletpl", meshes: ["boxes.obj"] }, "'name'", "undefined");
    await refused(
      { mode: "multitpl", meshes: ["boxes.obj"], name: "boxes" },
      "multitpl",
      "'meshes'",
      1,
    );
    await refused({ mode: "singletpl", meshes: ["cut.stl"], name: "cut" }, "cut.stl", 24, "faces");
    await Deno.mkdir("cache/remeshed_templates/singletpl", { recursive: true });
    await Deno.writeTextFile("cache/remeshed_templates/singletpl/boxes.safetensors", "");
    await refused(
      { mode: "singletpl", meshes: ["boxes.obj"], name: "boxes" },
      "boxes.safetensors",
      "'overwrite'",
    );
  });
});

slowTest("a user's mesh becomes a template with its parts, an image, an OBJ file and figures", async () => {
  await inProject(async () => {
    await Deno.writeFile("boxes.obj", objBytes());
    const sentences: string[] = [];
    const [figures] = await runRemesh(
      { mode: "singletpl", meshes: ["boxes.obj"], name: "boxes", up: "z", imageResolution: 64, workers: 0 },
      { onMessage: (sentence) => sentences.push(sentence) },
    );
    assert(figures.iou > 0.9, `IoU ${figures.iou}`);
    assert(sentences.some((sentence) => /\b2 pieces\b/.test(sentence)));
    const folder = "cache/remeshed_templates/singletpl";
    const [{ partLabels, partNames, name }] = await readTemplates(`${folder}/boxes.safetensors`, "boxes");
    assertEquals([name, partNames], ["boxes1", ["foot", "head"]]);
    for (const part of [0, 1]) assert(partLabels.filter((label) => label === part).length > 200);
    const files = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
    assertEquals(files, ["boxes.json", "boxes.obj", "boxes.png", "boxes.safetensors"]);
  });
});
