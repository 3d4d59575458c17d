import { assert, assertEquals, assertMatch } from "@std/assert";
import { templateFile } from "../../lib/core/paths.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import { addTemplate } from "../../scripts/add_template.ts";
import { makeBuiltIn } from "../../scripts/make_templates.ts";
import { remesh } from "../../scripts/remesh.ts";
import { inWorkplace } from "../e2e/_workplace.ts";
import { assertFacts, type Fact } from "../helpers/assert_facts.ts";
import { glbBytes, objBytes, plyBytes, stlBytes } from "../io/user_meshes.ts";
import { slowTest } from "../helpers/slow_test.ts";

/** Command lines that are refused: the command, its flags, the exit code and what is told. */
const REFUSED: readonly [unknown, string, number, ...Fact[]][] = [
  [remesh, "", 2, "--mode", "singletpl", "multitpl"],
  [remesh, "--mode both", 2, "singletpl, multitpl"],
  [remesh, "--mode singletpl --mash a.obj", 2, "--mash"],
  [remesh, "--mode singletpl --classes car --mesh box.obj --name box", 2, "--classes", "--mesh"],
  [remesh, "--mode singletpl --mesh box.obj", 2, "--mesh", "--name"],
  [remesh, "--mode singletpl --name box", 2, "--mesh", "--name"],
  [remesh, "--mode singletpl --mesh box.obj --name a/b", 2, "--name"],
  [remesh, "--mode singletpl --mesh box.obj --name box --up x", 2, "auto, y, z"],
  [remesh, "--mode singletpl --image_resolution 8", 2, "--image_resolution"],
  [remesh, "--mode singletpl --classes chair", 1, '"chair"', "motorcycle"],
  [remesh, "--mode singletpl --mesh none.obj --name box", 1, "none.obj"],
  [remesh, "--mode singletpl --mesh box.txt --name box", 1, ".obj, .glb, .gltf, .ply, .stl"],
  [remesh, "--mode singletpl --mesh cut.obj --name box", 1, "cut.obj"],
  [remesh, "--mode multitpl --mesh box.obj --name box", 1, "multitpl", "--mesh", 1],
  [remesh, "--mode singletpl --mesh box.obj,box.obj --name box", 1, "singletpl", "--mesh", 2],
  [remesh, "--mode singletpl --mesh box.obj --name all", 1, "--name", '"all"'],
  [addTemplate, "--mesh box.obj", 2, "--name"],
  [addTemplate, "--name box", 2, "--mesh"],
  [addTemplate, "--name box --mesh box.obj --mode singletpl", 2, "--mode"],
  [addTemplate, "--name box --mesh none.glb", 1, "none.glb"],
  [addTemplate, "--name box --mesh none.glb --check", 1, "none.glb"],
  [addTemplate, "--name box --mesh cut.obj", 1, "cut.obj"],
  [makeBuiltIn, "--classes car,chair --check", 1, "categories", "motorcycle", "chair"],
];

Deno.test("remesh, add_template and make_templates refuse what cannot be meant, and leave no file", async () => {
  await inWorkplace(async ({ call }) => {
    await Deno.writeFile("box.obj", objBytes());
    await Deno.writeFile("cut.obj", objBytes().subarray(0, 40));
    for (const [command, line, code, ...facts] of REFUSED) {
      const outcome = await call(command, ...line.split(" ").filter((word) => word !== ""));
      assertEquals(outcome.code, code, `${line}: ${outcome.messages}`);
      assertFacts(outcome.messages, ...facts);
    }
    for (const mode of ["singletpl", "multitpl"]) {
      const left = await Array.fromAsync(Deno.readDir(`cache/remeshed_templates/${mode}`)).catch(() => []);
      assertEquals(left, []);
    }
  });
});

Deno.test("add_template --check says what is wrong with a mesh and makes nothing", async () => {
  await inWorkplace(async ({ call }) => {
    await Deno.writeFile("box.obj", objBytes());
    await Deno.writeFile("box.glb", glbBytes());
    await Deno.writeFile("box.ply", plyBytes("binary_little_endian"));
    await Deno.writeFile("box.stl", stlBytes("binary"));
    for (const kind of ["obj", "glb", "ply", "stl"]) {
      const line = `--name box --mesh box.${kind} --up z --check`;
      const { code, output } = await call(addTemplate, ...line.split(" "));
      assertEquals(code, 0, kind);
      assertFacts(output, `box.${kind}`, "16 vertices", "2 pieces", "x = 0.40");
      assertEquals(output.includes("parts foot, head"), kind === "obj" || kind === "glb", kind);
    }
    assertEquals(await Deno.stat("cache").catch(() => null), null);
  });
});

slowTest("add_template adds a class that the stages find, and says where its files are", async () => {
  await inWorkplace(async ({ call }) => {
    await Deno.writeFile("box.obj", objBytes());
    const line = "--name box --mesh box.obj --up z";
    const { code, output, messages } = await call(addTemplate, ...line.split(" "));
    assertEquals(code, 0, messages);
    assertMatch(output, /\bbox1\b.*\bIoU 0\.9/);
    assertFacts(messages, "2 pieces");
    const path = templateFile("singletpl", "box");
    for (const kind of [".safetensors", ".obj", ".png", ".json"]) {
      assert((await Deno.stat(path.replace(".safetensors", kind))).size > 100, kind);
    }
    const [template] = await loadTemplates("box", "singletpl");
    assertEquals(template.partNames, ["foot", "head"]);
    const again = await call(addTemplate, ...line.split(" "));
    assertEquals(again.code, 1);
    assertFacts(again.messages, "--overwrite");
  });
});
