import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { hostTeam, hostThreads } from "../../lib/backend/host_threads.ts";
import { compileStep } from "../../lib/backend/compile_step.ts";
import { gridSample } from "../reference/grid_sample/grid_sample.ts";
import { GRID_SAMPLE } from "../reference/grid_sample/grid_sample_parts.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { nativeTest } from "./native_library.ts";

const RUNS = 3;

/** Values and gradients of sampling `side`² places on each of B maps, several times with other places, on the active backend. */
function sample(batch: number, side: number, channels: number, compiled: boolean): Float32Array[] {
  const prng = new Prng(1, "threads", batch, channels);
  const draw = (low: number, high: number, ...shape: [number, number, number, number]) =>
    tf.tensor4d(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => prng.uniform(low, high)),
      shape,
    );
  const maps = draw(0, 1, batch, 17, 23, channels), weights = draw(-1, 1, batch, side, side, channels);
  const plain = ({ maps, grid }: { maps: Tensor4D; grid: Tensor4D }) => {
    const operation = (a: Tensor, b: Tensor) => gridSample(a as Tensor4D, b as Tensor4D);
    const gradients = tf.grads(operation)([maps, grid], weights);
    return { sampled: operation(maps, grid), maps: gradients[0], grid: gradients[1] };
  };
  const replayed = compileStep(plain), step = compiled ? replayed : plain;
  const seen = Array.from({ length: RUNS }, () => {
    const grid = draw(-1.2, 1.2, batch, side, side, 2), results = Object.values(step({ maps, grid }));
    const values = results.map((result) => result.dataSync<"float32">().slice());
    tf.dispose([grid, ...results]);
    return values;
  });
  replayed.dispose();
  tf.dispose([maps, weights]);
  return seen.flat();
}

nativeTest("sampling gives the same bits on 1, 2 and 3 threads, eager and replayed", async () => {
  for (const [batch, side, channels] of [[1, 60, 3], [2, 40, 3], [3, 41, 5], [7, 32, 3]]) {
    const results: Float32Array[][] = [];
    for (const threads of [1, 2, 3]) {
      await useBackend({ backend: "native", threads });
      results.push(sample(batch, side, channels, false), sample(batch, side, channels, true));
      assertEquals([hostThreads(), hostTeam(GRID_SAMPLE).started], [threads, Math.min(batch, threads)]);
    }
    results.forEach((result) => assertEquals(result, results[0]));
    assert(results[0].every((values) => values.some((value) => value !== 0)));
  }
  await useBackend({ backend: "native", threads: 1 });
});

nativeTest("small samplings wake no thread", async () => {
  await useBackend({ backend: "native", threads: 2 });
  sample(2, 8, 3, false);
  assertEquals(hostTeam(GRID_SAMPLE).started, 1);
  await useBackend({ backend: "native", threads: 1 });
});

nativeTest("another number of threads ends those that wait, the same number keeps them", async () => {
  await useBackend({ backend: "native", threads: 2 });
  sample(2, 40, 3, false);
  const team = hostTeam(GRID_SAMPLE);
  await useBackend({ backend: "native", threads: 2 });
  assertEquals([team.isClosed, hostTeam(GRID_SAMPLE)], [false, team]);
  await useBackend({ backend: "cpu" });
  assertEquals(hostThreads(), 1);
  assertNotEquals(hostTeam(GRID_SAMPLE), team);
  await useBackend({ backend: "native", threads: 1 });
  assert(team.isClosed);
});
