import { assert, assertEquals, assertThrows } from "@std/assert";
import type { OperationAttribute } from "../../lib/backend/native/attributes.ts";
import { NativeBinding } from "../../lib/backend/native/binding.ts";
import { ATTRIBUTE_KINDS, DATA_TYPES } from "../../lib/backend/native/data_types.ts";
import { TensorFlowError } from "../../lib/backend/native/status.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { LIBRARY, nativeTest } from "./native_library.ts";

const { float32, int32 } = DATA_TYPES;
const type = (name: string, value: number) => ({ name, type: ATTRIBUTE_KINDS.type, value });
const float = (name: string, value: number) => ({ name, type: ATTRIBUTE_KINDS.float, value });
const bool = (name: string, value: boolean) => ({ name, type: ATTRIBUTE_KINDS.bool, value });
const int = (name: string, value: number | number[]) => ({ name, type: ATTRIBUTE_KINDS.int, value });
const T = type("T", float32);

function withBinding(run: (binding: NativeBinding) => void): void {
  const binding = new NativeBinding(LIBRARY!.path, { intraThreads: 1, interThreads: 1 });
  try {
    run(binding);
  } finally {
    binding.close();
  }
}

/** Runs an operation with one output, three times, and returns the values, which must be the same each time. */
function runThrice(
  binding: NativeBinding,
  name: string,
  attributes: readonly OperationAttribute[],
  inputs: readonly number[],
): number[] {
  const [first, ...others] = Array.from({ length: 3 }, () => {
    const [{ id }] = binding.executeOp(name, attributes, inputs, 1);
    const values = Array.from(binding.tensorDataSync(id) as Float32Array);
    binding.deleteTensor(id);
    return values;
  });
  for (const other of others) assertEquals(other, first);
  return first;
}

nativeTest(
  "an operation that is run again with other attributes, types and inputs computes what it should",
  () =>
    withBinding((binding) => {
      const run = (name: string, attributes: readonly OperationAttribute[], inputs: readonly number[]) =>
        runThrice(binding, name, attributes, inputs);
      const x = binding.createTensor([2, 2], float32, [1, -2, 3, -4]);
      const y = binding.createTensor([2, 2], float32, [10, 20, 30, 40]);
      const whole = binding.createTensor([2], int32, [7, 8]);
      for (let round = 0; round < 2; round++) {
        assertEquals(run("Add", [T], [x, y]), [11, 18, 33, 36]);
        assertEquals(run("Add", [T], [y, y]), [20, 40, 60, 80]);
        assertEquals(run("Add", [type("T", int32)], [whole, whole]), [14, 16]);
        assertEquals(run("LeakyRelu", [T, float("alpha", 0.5)], [x]), [1, -1, 3, -2]);
        assertEquals(run("LeakyRelu", [T, float("alpha", 0.25)], [x]), [1, -0.5, 3, -1]);
        assertEquals(run("LeakyRelu", [T, float("alpha", 0)], [x]), [1, -0, 3, -0]);
        assertEquals(run("LeakyRelu", [T, float("alpha", -0)], [x]), [1, 0, 3, 0]);
        // The type of the input is left to TensorFlow.
        assertEquals(run("Cast", [type("DstT", float32)], [whole]), [7, 8]);
        assertEquals(run("Cast", [type("DstT", float32)], [x]), [1, -2, 3, -4]);
        assertEquals(run("AddN", [T, int("N", 2)], [x, y]), [11, 18, 33, 36]);
        assertEquals(run("AddN", [T, int("N", 3)], [x, y, y]), [21, 38, 63, 76]);
        // oneDNN's operation runs in the place of this one.
        for (const transposed of [false, true]) {
          const attributes = [T, bool("transpose_a", transposed), bool("transpose_b", false)];
          assertEquals(
            run("MatMul", attributes, [x, y]),
            transposed ? [100, 140, -140, -200] : [-50, -60, -90, -100],
          );
        }
      }
      assertEquals(binding.getNumOfTensors(), 3);
    }),
);

nativeTest("a list that the caller changes is read again", () =>
  withBinding((binding) => {
    const x = binding.createTensor([1, 2, 1], float32, [1, 2]), axes = [0];
    const shape = () => {
      const [{ id, shape }] = binding.executeOp("Squeeze", [T, int("squeeze_dims", axes)], [x], 1);
      binding.deleteTensor(id);
      return shape;
    };
    assertEquals(shape(), [2, 1]);
    assertEquals(shape(), [2, 1]);
    axes[0] = 2;
    assertEquals(shape(), [1, 2]);
  }));

nativeTest("inputs are freed after the run, whether it succeeds or fails", () =>
  withBinding((binding) => {
    const size = 1_000_000, values = new Float32Array(size).fill(1);
    const round = () => {
      const a = binding.createTensor([1, size], float32, values);
      const b = binding.createTensor([size, 1], float32, values);
      const short = binding.createTensor([3], float32, [1, 2, 3]);
      const [sum] = binding.executeOp("Add", [T], [a, a], 1);
      const attributes = [T, bool("transpose_a", false), bool("transpose_b", false)];
      const [product] = binding.executeOp("MatMul", attributes, [a, b], 1);
      assertEquals((binding.tensorDataSync(product.id) as Float32Array)[0], size);
      assertThrowsWith(
        () => binding.executeOp("Add", [T], [a, short], 1),
        TensorFlowError,
        "Add",
        "float32 [3]",
      );
      for (const id of [a, b, short, sum.id, product.id]) binding.deleteTensor(id);
    };
    for (let i = 0; i < 40; i++) round(); // the allocator keeps up to about 100 MB, most of it by then
    const before = Deno.memoryUsage().rss, count = 30;
    for (let i = 0; i < count; i++) round();
    const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
    assert(grown < 60, `${count} rounds of 12 MB made the process ${grown.toFixed(1)} MB larger`);
    assertEquals(binding.getNumOfTensors(), 0);
  }));

nativeTest("an operation works again after it failed", () =>
  withBinding((binding) => {
    const x = binding.createTensor([2], float32, [1, 2]),
      short = binding.createTensor([3], float32, [1, 2, 3]);
    const sum = () => runThrice(binding, "Add", [T], [x, x]);
    assertEquals(sum(), [2, 4]);
    assertThrows(() => binding.executeOp("Add", [T], [x, short], 1), TensorFlowError);
    assertEquals(sum(), [2, 4]);
    binding.deleteTensor(short);
    assertThrows(() => binding.executeOp("Add", [T], [x, short], 1), RangeError);
    assertEquals(sum(), [2, 4]);
  }));
