import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { copyMirrored, UvBatches } from "../../lib/gan/uv_batches.ts";
import { openUvDataset } from "../../lib/gan/uv_dataset.ts";
import { UserError } from "../../lib/core/errors.ts";
import { uvSampleFile, writePoseMetadata, writeUvSample } from "../../lib/pseudogt/files.ts";
import { turntableRotation } from "../../lib/rendering/turntable_rotation.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { toyDataset } from "./_dataset.ts";

const mirrored = (row: ArrayLike<number>, width: number, channels = 1) => {
  const target = new Float32Array(row.length);
  copyMirrored(row, target, width, channels);
  return target;
};

const NONE = { classes: false, directions: false } as const;

Deno.test("copyMirrored reverses the columns and turns them by half a circle", () => {
  const columns = Float32Array.from({ length: 32 }, (_, j) => j);
  const expected = Array.from({ length: 32 }, (_, j) => j < 16 ? 15 - j : 47 - j);
  assertEquals([...mirrored(columns, 32)], expected);
});

Deno.test("copyMirrored is its own inverse and keeps even reflections", () => {
  const values = new Prng(1, "mirror").normals(2 * 8 * 3);
  assertEquals(mirrored(mirrored(values, 8, 3), 8, 3), values);
  const even = Float32Array.of(1, 0, 0, 1, 2, 3, 3, 2); // columns 1 0 | 0 1 2 3 | 3 2
  assertEquals(mirrored(even, 8), even);
});

Deno.test("UvBatches visits every sample once an epoch, in another order each time", () => {
  const batches = new UvBatches(toyDataset(7, 16), { batchSize: 2, seed: 1, balanced: NONE });
  assertEquals(batches.perEpoch, 3);
  const [first, second] = [batches.order(0).slice(), batches.order(1).slice()];
  assertEquals(first.slice().sort(), [0, 1, 2, 3, 4, 5, 6]);
  assert(first.some((row, i) => row !== second[i]));
  assertEquals(batches.order(0), first);
});

Deno.test("UvBatches mirrors about half of the samples, the same ones each time", async () => {
  const make = () => new UvBatches(toyDataset(40, 16), { batchSize: 40, seed: 1, balanced: NONE });
  const [a, b] = [await make().load(0, 0), await make().load(0, 0)];
  assertEquals(a, b);
  // The toy's alpha ends at column 11; mirrored, it starts elsewhere: column 12 is known.
  const count = a.indices.filter((_, i) => a.alpha[i * 256 + 12] > 0).length;
  assert(count > 10 && count < 30, `${count} of 40 are mirrored`);
});

Deno.test("UvBatches with balance draws each class equally often", () => {
  const dataset = toyDataset(3000, 16, 3);
  dataset.poses.classIndex.fill(0, 0, 2500).fill(1, 2500, 2800).fill(2, 2800);
  const order = new UvBatches(dataset, { batchSize: 8, seed: 1, balanced: { ...NONE, classes: true } }).order(
    0,
  );
  const limit = 3 * Math.sqrt(1 / 3 * 2 / 3 / 3000);
  for (const index of [0, 1, 2]) {
    const share = order.filter((row) => dataset.poses.classIndex[row] === index).length / 3000;
    assert(Math.abs(share - 1 / 3) < limit, `class ${index}: ${share}`);
  }
});

Deno.test("openUvDataset reads what generate_pseudogt writes and refuses gaps and empty maps", async () => {
  const folder = await Deno.makeTempDir();
  const files = { metadata: `${folder}/poses.safetensors`, folder: `${folder}/uv` };
  const toy = toyDataset(2, 16);
  await writePoseMetadata(files.metadata, toy.poses);
  assertEquals((await openUvDataset("toy", "singletpl", 16, files)).hasSamples, false);
  await Deno.mkdir(files.folder);
  await writeUvSample(uvSampleFile(files.folder, 0), await toy.sample(0));
  await assertRejectsWith(
    () => openUvDataset("toy", "singletpl", 16, files),
    UserError,
    files.folder,
    files.metadata,
    2,
    1,
  );
  const empty = await toy.sample(1);
  empty.alpha.data.fill(0);
  await writeUvSample(uvSampleFile(files.folder, 1), empty);
  const dataset = await openUvDataset("toy", "singletpl", 16, files);
  assertEquals((await dataset.sample(0)).displacementMap, (await toy.sample(0)).displacementMap);
  await assertRejectsWith(
    () => dataset.sample(1),
    UserError,
    `${files.folder}/1.safetensors`,
    "toy_1",
    "alpha",
    "'skipInvalid'",
  );
  const larger = await openUvDataset("toy", "singletpl", 32, files);
  await assertRejectsWith(
    () => larger.sample(0),
    UserError,
    `${files.folder}/0.safetensors`,
    "32 × 32",
    "16 × 16",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("viewing directions are drawn equally often, however many photographs show them", () => {
  const dataset = toyDataset(40, 16), { rotation } = dataset.poses;
  for (const row of [0, 1]) rotation.set(turntableRotation(90, 10), 4 * row); // the rest shows another side
  const batches = new UvBatches(dataset, { batchSize: 40, seed: 1, balanced: { ...NONE, directions: true } });
  let seldom = 0;
  for (let epoch = 0; epoch < 20; epoch++) seldom += batches.order(epoch).filter((row) => row < 2).length;
  assertAlmostEquals(seldom / 800, 0.5, 0.06);
});
