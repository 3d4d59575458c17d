import { assert, assertEquals } from "@std/assert";
import validator from "gltf-validator";
import type { FloatImage } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { exportSamples } from "../../lib/pipeline/export_samples.ts";
import { readImage } from "../../lib/io/image_file.ts";
import { readObj } from "../../lib/io/obj.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { signedVolume } from "../io/_tetrahedron.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { toyDataset } from "../gan/_dataset.ts";
import { toyRun } from "../gan/_run.ts";

/** Largest difference between two columns of an image. */
function columnDifference({ data, height, width, channels }: FloatImage, a: number, b: number): number {
  const differences = Array.from({ length: height * channels }, (_, i) => {
    const row = Math.floor(i / channels) * width * channels, c = i % channels;
    return Math.abs(data[row + a * channels + c] - data[row + b * channels + c]);
  });
  return Math.max(...differences);
}

Deno.test("exportSamples writes textures with one colour at each pole, and no step at the seam", async () => {
  const folder = await Deno.makeTempDir();
  await toyRun(`${folder}/run`, { latest: 1 });
  const run = { name: "toy", folder: `${folder}/run`, poses: toyDataset(4, 16).poses };
  const options = { howMany: 1, formats: ["obj"], truncationSigma: 3 } as const;
  await exportSamples({ ...run, output: `${folder}/plain` }, options);
  await exportSamples({ ...run, output: `${folder}/legacy` }, { ...options, legacy: true });
  const plain = await readImage(`${folder}/plain/mesh_0.png`), { data, width, height } = plain;
  for (const row of [0, height - 1]) {
    const colours = data.subarray(row * width * 3, (row + 1) * width * 3);
    assert(colours.every((value, i) => value === colours[i % 3]), `row ${row} varies`);
  }
  const steps = Array.from({ length: width - 1 }, (_, column) => columnDifference(plain, column, column + 1));
  assert(columnDifference(plain, 0, width - 1) <= Math.max(...steps));
  const legacy = await readImage(`${folder}/legacy/mesh_0.png`);
  assert(legacy.data.subarray(0, width * 3).some((value, i) => value !== legacy.data[i % 3]));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("exportSamples writes exactly as many meshes as wanted, the same bytes for the same seed", async () => {
  const folder = await Deno.makeTempDir();
  await toyRun(`${folder}/run`, { latest: 1 });
  const run = (output: string) => ({
    name: "toy",
    folder: `${folder}/run`,
    output: `${folder}/${output}`,
    poses: toyDataset(4, 16).poses,
  });
  const result = await exportSamples(run("a"), { howMany: 9, seed: 3 });
  await exportSamples(run("b"), { howMany: 9, seed: 3 });
  assertEquals(result.meshes.length, 18);
  for (const name of [...Deno.readDirSync(`${folder}/a`)].map(({ name }) => name)) {
    const [a, b] = await Promise.all(["a", "b"].map((part) => Deno.readFile(`${folder}/${part}/${name}`)));
    assert(a.every((byte, i) => byte === b[i]) && a.length === b.length, `${name} differs`);
  }
  const report = await validator.validateBytes(await Deno.readFile(`${folder}/a/mesh_8.glb`));
  assertEquals(
    [report.issues.numErrors, report.issues.numWarnings],
    [0, 0],
    JSON.stringify(report.issues.messages),
  );
  const mesh = readObj(await Deno.readTextFile(`${folder}/a/mesh_8.obj`));
  assertEquals([mesh.vertices.length / 3, mesh.uvs.length / 2, mesh.faces.length / 3], [962, 1054, 1920]);
  assert(signedVolume(mesh) > 0);
  const grid = await readImage(result.grid);
  assertEquals([grid.width, grid.height, grid.channels], [2048, 512, 4]);
  const samples = JSON.parse(await Deno.readTextFile(`${folder}/a/samples.json`));
  assertEquals([samples.length, samples[8].name, samples[0].latent.length], [9, "mesh_8", 64]);
  const rows = samples.slice(0, 4).map(({ row }: { row: number }) => row).sort();
  assertEquals(rows, [0, 1, 2, 3]);
  await assertRejectsWith(
    () => exportSamples(run("c"), { whichEpoch: "best" }),
    UserError,
    "checkpoint_best.safetensors",
    "evaluate --which_epoch best",
  );
  await assertRejectsWith(
    () => exportSamples(run("c"), { whichEpoch: "12" }),
    UserError,
    "checkpoint_12.safetensors",
    "latest",
  );
  await Deno.remove(folder, { recursive: true });
});

slowTest(
  "exportSamples shows each mesh from around and the latent interpolation between meshes",
  async () => {
    const folder = await Deno.makeTempDir();
    await toyRun(`${folder}/run`, { latest: 1 });
    const { poses } = toyDataset(4, 16);
    const run = { name: "toy", folder: `${folder}/run`, output: `${folder}/d`, poses };
    const { interpolation } = await exportSamples(run, {
      ...{ howMany: 2, formats: ["glb"], turntable: true, interpolate: 2 },
    });
    const way = await readImage(interpolation[1]);
    assertEquals([way.width, way.height], [8 * 256, 2 * 256]);
    const names = [...Deno.readDirSync(`${folder}/d`)].map(({ name }) => name).sort();
    assertEquals(names, [
      "interpolation.png",
      "interpolation.webp",
      "mesh_0.glb",
      "mesh_0.webp",
      "mesh_1.glb",
      "mesh_1.webp",
      "samples.json",
      "samples.png",
    ]);
    await assertRejectsWith(() => exportSamples(run, { howMany: 2, interpolate: 3 }), UserError, "2 to 2", 3);
    await Deno.remove(folder, { recursive: true });
  },
);
