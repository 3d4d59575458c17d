import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { StoppedError, UserError } from "../../lib/core/errors.ts";
import { BatchOrder } from "../../lib/datasets/batch_order.ts";
import { datasetGrid } from "../../lib/datasets/dataset_grid.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { loadSamples, sampleBytes } from "../../lib/datasets/loader.ts";
import { assertRejectsWith, assertThrowsWith } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { boxMask, datasetOfFolder, writeRgbaImage } from "./photo_fixtures.ts";

/** A data set whose samples hold their own number, and which counts how often they are read. */
function numbered(length: number): Dataset & { reads: number[] } {
  const reads = new Array<number>(length).fill(0);
  const image = { data: new Float32Array(0), height: 0, width: 0, channels: 0 };
  return {
    name: "numbers",
    category: "bird",
    classNames: ["bird"],
    partNames: [],
    length,
    records: [],
    reads,
    sample(i: number) {
      reads[i]++;
      const crop = { x: 0, y: 0, size: 1 };
      return Promise.resolve({
        id: `${i}`,
        classIndex: 0,
        image,
        mask: image,
        parts: null,
        crop,
        truePose: null,
      });
    },
  };
}

Deno.test("every epoch has other batches, without repetition, and leaves out what fills none", () => {
  const order = new BatchOrder(10, { batch: 3, seed: 5 });
  assertEquals(order.batchesPerEpoch, 3);
  const epochs = [0, 1].map((epoch) => [0, 1, 2].map((index) => order.batch(epoch, index)));
  for (const batches of epochs) assertEquals(new Set(batches.flat()).size, 9);
  assert(JSON.stringify(epochs[0][0]) !== JSON.stringify(epochs[1][0]));
});

Deno.test("a batch depends on its place alone, whatever was asked for before", () => {
  const order = new BatchOrder(20, { batch: 4, seed: 2 });
  const places = [0, 1, 2].flatMap((epoch) => [0, 1, 2, 3, 4].map((index) => [epoch, index] as const));
  const batches = places.map(([epoch, index]) => order.batch(epoch, index));
  const other = new BatchOrder(20, { batch: 4, seed: 2 });
  for (const i of [7, 3, 14, 8, 0]) assertEquals(other.batch(...places[i]), batches[i]);
});

Deno.test("balanced classes come equally often, with replacement", () => {
  const balance = Array.from({ length: 1000 }, (_, i) => i < 900 ? 0 : i < 990 ? 2 : 7);
  const order = new BatchOrder(1000, { batch: 1000, balance });
  const counts = new Map<number, number>();
  for (const i of order.batch(0, 0)) counts.set(balance[i], (counts.get(balance[i]) ?? 0) + 1);
  for (const name of [0, 2, 7]) assert(Math.abs(counts.get(name)! - 1000 / 3) < 60);
});

Deno.test("batches that cannot be filled are refused", () => {
  assertThrowsWith(() => new BatchOrder(5, { batch: 6 }), UserError, "'batchSize: 5'");
  assertThrows(() => new BatchOrder(5, { batch: 0 }), RangeError);
  assertThrows(() => new BatchOrder(5, { batch: 2, balance: [0] }), TypeError);
});

Deno.test("samples that fit are read once, others each time, with the same result", async () => {
  const dataset = numbered(6);
  assertEquals(sampleBytes(dataset, 16), 16 * 16 * 4 * 4);
  const progress: number[] = [];
  const kept = await loadSamples(dataset, { resolution: 16 }, {
    onProgress: ({ done }) => progress.push(done),
  });
  assertEquals([kept.inMemory, progress.length, progress.at(-1)], [true, 6, 6]);
  for (let k = 0; k < 3; k++) {
    assertEquals((await kept.samples([4, 1, 4])).map(({ id }) => id), ["4", "1", "4"]);
  }
  assertEquals(dataset.reads, [1, 1, 1, 1, 1, 1]);

  const messages: string[] = [];
  const options = { resolution: 16, memoryLimit: 6 * 4096 - 1 };
  const read = await loadSamples(dataset, options, { onMessage: (text) => messages.push(text) });
  assertEquals([read.inMemory, messages.length], [false, 1]);
  read.readAhead([4, 5]);
  assertEquals((await read.samples([4, 1])).map(({ id }) => id), ["4", "1"]);
  assertEquals(dataset.reads, [1, 2, 1, 1, 2, 2]);
  assertEquals((await read.samples([5, 4])).map(({ id }) => id), ["5", "4"]);
  assertEquals(dataset.reads, [1, 2, 1, 1, 3, 2]);

  const some = await loadSamples(numbered(6), { resolution: 16, indices: [2, 3], memoryLimit: 2 * 4096 });
  assertEquals(some.inMemory, true);
});

Deno.test("workers give the same samples in the same order, in memory or not, and tell errors and continue", () =>
  inFolder(async (folder) => {
    const names = Array.from({ length: 7 }, (_, k) => `${k}.png`);
    for (const [k, name] of names.entries()) {
      await writeRgbaImage(folder, name, boxMask(80, 100, [10 + k, 20, 80, 70 - k]));
    }
    const dataset = await datasetOfFolder(folder);
    const indices = [3, 1, 6, 0, 2];
    const expected = await Promise.all(indices.map((i) => dataset.sample(i, 16)));
    for (const [workers, prefetch] of [[1, false], [3, false], [2, true], [0, false]] as const) {
      const loader = await loadSamples(dataset, { resolution: 16, workers, prefetch });
      try {
        loader.readAhead([6, 0, 5]);
        assertEquals(await loader.samples(indices), expected);
        assertEquals((await loader.samples([5]))[0].id, "5");
      } finally {
        loader.close();
      }
    }
    await Deno.writeTextFile(`${folder}/2.png`, "no image");
    const loader = await loadSamples(dataset, { resolution: 16, workers: 2, prefetch: false });
    try {
      await assertRejectsWith(() => loader.samples([2, 4]), UserError, `${folder}/2.png`);
      assertEquals((await loader.samples([4]))[0].id, "4");
      await assertRejectsWith(() => loader.samples([9]), RangeError, 7, 9);
    } finally {
      loader.close();
    }
    await assertRejectsWith(() => loadSamples(dataset, { resolution: 16, workers: 2 }), UserError, "2.png");
  }));

Deno.test("a set beyond memory streams: nothing is kept but what was read ahead", async () => {
  const dataset = numbered(40);
  const loader = await loadSamples(dataset, { resolution: 256, memoryLimit: 1e6 });
  for (let epoch = 1; epoch <= 2; epoch++) {
    for (let start = 0; start < 40; start += 8) {
      const batch = Array.from({ length: 8 }, (_, k) => start + k);
      assertEquals((await loader.samples(batch)).map(({ id }) => Number(id)), batch);
      loader.readAhead(batch.map((i) => (i + 8) % 40));
    }
    assertEquals(dataset.reads.map((reads, i) => reads - (i < 8 ? 1 : 0)), new Array(40).fill(epoch));
  }
  loader.close();
});

Deno.test("reading stops when asked to, and passes errors on", async () => {
  const signal = AbortSignal.abort();
  await assertRejects(() => loadSamples(numbered(3), { resolution: 16 }, { signal }), StoppedError);
  const broken = { ...numbered(3), sample: () => Promise.reject(new UserError("damaged")) };
  await assertRejectsWith(() => loadSamples(broken, { resolution: 16 }), UserError, "damaged");
  const loader = await loadSamples(broken, { resolution: 16, prefetch: false });
  loader.readAhead([0]);
  await assertRejectsWith(() => loader.samples([0]), UserError, "damaged");
});

Deno.test("an image grid shows crops with the background dimmed and contours, unused places white", () =>
  inFolder(async (folder) => {
    for (const name of ["a.png", "b.png", "c.png"]) {
      await writeRgbaImage(folder, name, boxMask(80, 100, [10, 20, 80, 70]));
    }
    const contour = [0, 1, 0] as const;
    const grid = await datasetGrid(await datasetOfFolder(folder), { columns: 2, resolution: 32, contour });
    assertEquals([grid.height, grid.width, grid.channels], [64, 64, 3]);
    const at = (i: number, j: number) => [...grid.data.subarray((i * 64 + j) * 3, (i * 64 + j) * 3 + 3)];
    assertEquals(at(63, 63), [1, 1, 1]);
    const green = (i: number) =>
      Array.from({ length: 32 }, (_, j) => j).filter((j) => at(i, j).join() === "0,1,0");
    assertEquals(green(16), green(48));
    assertEquals(green(16).length, 2); // left and right end of the box
    assertEquals(green(0).length, 0);
    const framed = await datasetGrid(await datasetOfFolder(folder), {
      columns: 2,
      resolution: 32,
      framed: ["b"],
    });
    const colour = (
      i: number,
      j: number,
    ) => [...framed.data.subarray((i * 64 + j) * 3, (i * 64 + j) * 3 + 3)];
    assertEquals(colour(0, 0).map((value) => Math.round(100 * value)), [35, 35, 35]); // white background
    assertEquals(colour(0, 32).map((value) => Math.round(10 * value)), [10, 6, 0]);
  }));
