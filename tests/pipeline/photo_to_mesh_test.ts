import { assert, assertEquals } from "@std/assert";
import validator from "gltf-validator";
import { encodeBytesPng, readByteImage } from "../../lib/io/image_file.ts";
import { azimuthError } from "../../lib/metrics/azimuth_error.ts";
import { type MeasuredPhoto, photoFigures } from "../../tools/evaluation/evaluate_photo_to_mesh.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import { writeTemplates } from "../../lib/templates/template_file.ts";
import { templateFile } from "../../lib/core/paths.ts";
import { evaluatePhotos } from "../../scripts/evaluate_photo_to_mesh.ts";
import { photoToMesh } from "../../scripts/photo_to_mesh.ts";
import { callCommand } from "../e2e/_workplace.ts";
import { assertFacts, type Fact } from "../helpers/assert_facts.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { drawPhoto } from "../photo/_drawn_photo.ts";

const [truck] = await loadTemplates("truck", "singletpl");
const call = (...args: string[]) =>
  callCommand(photoToMesh as unknown as Parameters<typeof callCommand>[0], args);

/** Writes a drawn truck: a cut-out `cut, out.png`, the same on its green ground, and its mask. */
async function writePhotos(azimuth: number): Promise<void> {
  const { image, mask } = drawPhoto(truck, azimuth, 160), { height, width } = image;
  const cutOut = new Uint8Array(4 * mask.length);
  mask.forEach((value, p) => cutOut.set([...image.data.subarray(3 * p, 3 * p + 3), 255 * value], 4 * p));
  await Deno.writeFile("cut, out.png", await encodeBytesPng({ data: cutOut, height, width, channels: 4 }));
  await Deno.writeFile("green.png", await encodeBytesPng(image));
  const grey = { data: mask.map((value) => 255 * value), height, width, channels: 1 };
  await Deno.writeFile("mask.png", await encodeBytesPng(grey));
}

/** The one template as a person's own class, so that little is searched. */
async function ownClass(): Promise<void> {
  await Deno.mkdir("cache/remeshed_templates/singletpl", { recursive: true });
  await writeTemplates(templateFile("singletpl", "lorry"), [{ ...truck, category: "lorry" }]);
}

Deno.test("photo_to_mesh writes GLB, image and JSON of several photographs, by a class of one's own", () =>
  inProject(async () => {
    await writePhotos(60);
    await ownClass();
    const photos = ["cut, out.png", "green.png"];
    const { code, output, messages } = await call(
      ...[...photos, "--template", "lorry", "--masks", "auto", "--json", "output/photos.json"],
      ...["--num_workers", "0", "--texture_resolution", "256"],
    );
    assertEquals(code, 0, messages);
    assertFacts(output, "lorry", truck.name);
    const results = JSON.parse(await Deno.readTextFile("output/photos.json"));
    assertEquals(results.map(({ file }: { file: string }) => file), ["cut, out.png", "green.png"]);
    for (const { seconds, candidates, preview } of results) {
      assert(seconds > 0);
      const [{ azimuth, elevation, iou, template, glb }] = candidates;
      assert(
        azimuthError(azimuth, 60) < 8 && Math.abs(elevation - 10) < 8 && iou > 0.95,
        JSON.stringify(candidates),
      );
      assertEquals(template, truck.name);
      assertEquals((await validator.validateBytes(await Deno.readFile(glb))).issues.numErrors, 0);
      assert((await readByteImage(preview)).width > 6 * 256);
    }
    assertFacts((await call("--list_templates")).output, `lorry: ${truck.name}`);
  }));

Deno.test("both poses of a front view are written and named; what cannot be used is said in a sentence", () =>
  inProject(async () => {
    await writePhotos(0);
    await ownClass();
    const fast = ["--template", "lorry", "--num_workers", "0", "--texture_resolution", "256"];
    const told = await call("--photos", "green.png", "--mask", "mask.png", ...fast);
    assertFacts(told.output, "front", "rear", "--flip", "--azimuth");
    for (const side of ["front", "rear"]) assert((await Deno.stat(`output/photos/green_${side}.glb`)).isFile);
    const one = await call("--photos", "green.png", "--mask", "mask.png", "--azimuth", "180", ...fast);
    assertFacts(one.output, "output/photos/green.glb", "rear");
    assertEquals(one.output.includes("--flip"), false);
    const mixed = await call(
      "gone.png",
      "cut, out.png",
      "--azimuth",
      "0",
      "--json",
      "output/p.json",
      ...fast,
    );
    assertEquals(mixed.code, 1);
    assertFacts(mixed.messages, "1 of 2", "gone.png");
    assertEquals(JSON.parse(await Deno.readTextFile("output/p.json"))[0].file, "cut, out.png");
    const wrong: [string[], number, ...Fact[]][] = [
      [["--photos", "green.png", ...fast], 1, "green.png", "--mask FILE", "--masks auto"],
      [["--photos", "gone.png", ...fast], 1, "gone.png"],
      [
        ["--photos", "green.png,green.png", "--mask", "mask.png", ...fast],
        1,
        "--mask",
        2,
        "--masks auto",
      ],
      [["--photos", "green.png"], 2, "--template", "--list_templates"],
      [["--template", "lorry"], 2, "photo_to_mesh photo.png --template car"],
      [["--photos", "green.png", "--template", "chair"], 1, '"chair"', "motorcycle"],
      [["--photos", "green.png", "--flip", "--azimuth", "0", ...fast], 2, "--flip", "--azimuth"],
    ];
    for (const [args, code, ...facts] of wrong) {
      const outcome = await call(...args);
      assertEquals(outcome.code, code, outcome.messages);
      assertFacts(outcome.messages, ...facts);
    }
  }));

Deno.test("figures of single photographs stand beside their targets, and none are made without photographs", async () => {
  const photo = (errors: number[], iou: number): MeasuredPhoto => {
    return { name: "a", azimuth: 0, errors, iou, seconds: 2 };
  };
  const figures = photoFigures("carvana", [photo([10], 0.98), photo([170, 20], 0.96), photo([60], 0.97)]);
  const value = (what: string) => figures.find(({ name }) => name.endsWith(what))!;
  assertEquals(value("right side first").measured, 2 / 3);
  assertEquals(value("right side among those offered"), {
    ...{ name: "carvana, 3 photographs: the right side among those offered", higherIsBetter: true },
    ...{ measured: 1, bound: 0.97 },
  });
  assertEquals([value("within 45° first").measured, value("two offered").measured], [1 / 3, 1 / 3]);
  assertEquals(value("own IoU").measured.toFixed(4), "0.9700");
  const folder = Deno.env.get("TEXMESH_REAL");
  Deno.env.set("TEXMESH_REAL", "/nowhere");
  try {
    const command = evaluatePhotos as unknown as Parameters<typeof callCommand>[0];
    assertFacts((await callCommand(command, [])).messages, "/nowhere", "TEXMESH_REAL");
  } finally {
    if (folder === undefined) Deno.env.delete("TEXMESH_REAL");
    else Deno.env.set("TEXMESH_REAL", folder);
  }
});
