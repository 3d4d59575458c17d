import { assertEquals } from "@std/assert";
import { type BackendName, useBackend } from "../../lib/backend/select_backend.ts";
import { tf } from "../../lib/core/tensor.ts";
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
