import { assert, assertEquals } from "@std/assert";
import { type BackendName, useBackend } from "../../lib/backend/select_backend.ts";
import { gridSample } from "../reference/grid_sample/grid_sample.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { nativeTest } from "./native_library.ts";
import { OP_CASES, type OpResult, runCase, slopes } from "./op_cases.ts";

const THREADS = 2;
const TOLERANCE = { absolute: 2e-5, relative: 2e-5 };

let references: Map<string, OpResult> | null = null;

async function referenceResults(): Promise<Map<string, OpResult>> {
  if (references === null) {
    await useBackend({ backend: "cpu" });
    references = new Map(OP_CASES.map((one) => [one.name, runCase(one)]));
  }
  return references;
}

async function compareWithCpu(backend: BackendName): Promise<void> {
  const expected = await referenceResults();
  await useBackend({ backend, threads: THREADS });
  const failures: string[] = [];
  for (const one of OP_CASES) {
    try {
      const reference = expected.get(one.name)!, result = runCase(one);
      assertEquals(result.shape, reference.shape);
      assertAllClose(result.value, reference.value, TOLERANCE);
      reference.gradients.forEach((gradient, i) => assertAllClose(result.gradients[i], gradient, TOLERANCE));
    } catch (error) {
      failures.push(`${one.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  assertEquals(
    failures,
    [],
    `${failures.length} of ${OP_CASES.length} operations differ:\n${failures.join("\n")}`,
  );
}

async function leaveNoTensors(backend: BackendName): Promise<void> {
  await useBackend({ backend, threads: THREADS });
  OP_CASES.forEach(runCase); // constants of the library are made once
  const before = tf.memory().numTensors;
  for (const one of OP_CASES) {
    runCase(one);
    assertEquals(tf.memory().numTensors, before, `${one.name} leaves tensors behind`);
  }
}

/** Steps along a random direction, and what a slope may differ by: all is float32, and some operations have kinks. */
const STEP = 2e-3, SLOPE_TOLERANCE = 5e-3;

/** Compares the gradients of our own operations with differences of their values. */
async function compareWithSlopes(backend: BackendName): Promise<void> {
  await useBackend({ backend, threads: THREADS });
  const failures = OP_CASES.filter(({ name }) => name.startsWith("own")).flatMap(({ name, shapes, run }) => {
    const { measured, predicted, size } = slopes(name, shapes, run, STEP);
    const isClose = Math.abs(measured - predicted) < SLOPE_TOLERANCE * size;
    return isClose ? [] : [`${name}: ${predicted} instead of ${measured}`];
  });
  assertEquals(failures, []);
}

Deno.test("cpu: gradients of our own operations are slopes", () => compareWithSlopes("cpu"));
nativeTest("gradients of our own operations are slopes", () => compareWithSlopes("native"));
Deno.test("wasm: every operation and its gradients equal those of cpu", () => compareWithCpu("wasm"));
nativeTest("every operation and its gradients equal those of cpu", () => compareWithCpu("native"));
Deno.test("wasm: no operation leaves a tensor behind", () => leaveNoTensors("wasm"));
nativeTest("no operation leaves a tensor behind", () => leaveNoTensors("native"));

nativeTest("many places that share texels lose nothing of the gradient on several threads", async () => {
  await useBackend({ backend: "native", threads: 4 });
  const prng = new Prng(1, "shared texels"), places = 300;
  const grid = tf.tensor4d(
    Float32Array.from({ length: 2 * places * places }, () => prng.uniform(-0.5, 0.5)),
    [1, places, places, 2],
  );
  const maps = tf.ones([1, 4, 4, 3]) as Tensor4D, dy = tf.ones([1, places, places, 3]) as Tensor4D;
  const gradients: Float32Array[] = [0, 1, 2].map(() =>
    tf.tidy(() => tf.grad((x: Tensor) => gridSample(x as Tensor4D, grid))(maps, dy).dataSync<"float32">())
  );
  const sum = gradients[0].reduce((total, x) => total + x, 0);
  assert(Math.abs(sum / (3 * places * places) - 1) < 1e-5, `${sum}`);
  gradients.forEach((gradient) => assertEquals(gradient, gradients[0]));
  tf.dispose([grid, maps, dy]);
});
