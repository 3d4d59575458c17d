import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { NativeBinding } from "../../lib/backend/native/binding.ts";
import { ATTRIBUTE_KINDS, DATA_TYPES } from "../../lib/backend/native/data_types.ts";
import { TensorFlowError } from "../../lib/backend/native/status.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { tf } from "../../lib/core/tensor.ts";
import { assertFacts, assertThrowsWith } from "../helpers/assert_facts.ts";
import { LIBRARY, nativeTest } from "./native_library.ts";

const { float32, float64, int32, int64, uint8, bool, string } = DATA_TYPES;
const SETTINGS = { intraThreads: 1, interThreads: 1 };

function withBinding(run: (binding: NativeBinding) => void): void {
  const binding = new NativeBinding(LIBRARY!.path, SETTINGS);
  try {
    run(binding);
  } finally {
    binding.close();
  }
}

const type = (name: string, value: number) => ({ name, type: ATTRIBUTE_KINDS.type, value });

nativeTest("tensors of every type come back as they went in", () =>
  withBinding((binding) => {
    const cases: [number, number[], ArrayLike<number> | ArrayLike<bigint>][] = [
      [float32, [2, 2], Float32Array.of(1, -2.5, NaN, Infinity)],
      [float64, [2], Float64Array.of(Math.PI, 1e300)],
      [int32, [3], Int32Array.of(1, -2, 2147483647)],
      [int64, [2], BigInt64Array.of(-5n, 1n << 60n)],
      [uint8, [3], Uint8Array.of(0, 7, 255)],
      [bool, [2], Uint8Array.of(1, 0)],
      [float32, [], Float32Array.of(3)],
      [float32, [0, 4], new Float32Array(0)],
      [float32, [2, 0], new Float32Array(0)],
    ];
    for (const [dataType, shape, values] of cases) {
      const id = binding.createTensor(shape, dataType, values);
      assertEquals(binding.describeTensor(id), { dtype: dataType, shape });
      assertEquals(binding.tensorDataSync(id), values as Float32Array);
      binding.deleteTensor(id);
    }
    const words = binding.createTensor([], int64, Int32Array.of(7, 0)); // one int64 as two words
    assertEquals(binding.tensorDataSync(words), BigInt64Array.of(7n));
    assertEquals(binding.getNumOfTensors(), 1);
  }));

nativeTest(
  "strings: short, long, empty, bytes, none; as input of an operation",
  () =>
    withBinding((binding) => {
      const texts = ["a", "", "x".repeat(100), "Äß"];
      const id = binding.createTensor([2, 2], string, texts);
      const read = (of: number) =>
        (binding.tensorDataSync(of) as Uint8Array[]).map((b) => new TextDecoder().decode(b));
      assertEquals(read(id), texts);
      const raw = binding.createTensor([1], string, [Uint8Array.of(0, 255, 3)]);
      assertEquals(binding.tensorDataSync(raw), [Uint8Array.of(0, 255, 3)]);
      assertEquals(read(binding.createTensor([0], string, [])), []);
      const [joined] = binding.executeOp(
        "StringJoin",
        [{ name: "N", type: ATTRIBUTE_KINDS.int, value: 2 }, {
          name: "separator",
          type: ATTRIBUTE_KINDS.string,
          value: "-",
        }],
        [id, id],
        1,
      );
      assertEquals(read(joined.id)[0], "a-a");
      assertThrowsWith(
        () => binding.createTensor([3], string, ["a"]),
        TypeError,
        "[3]",
        "3 strings",
        "1 strings",
      );
    }),
);

nativeTest(
  "a wrong number of values, stale numbers and types without values are errors",
  () =>
    withBinding((binding) => {
      assertThrowsWith(
        () => binding.createTensor([3], float32, [1]),
        TypeError,
        "[3]",
        "12 bytes",
        "4 bytes",
      );
      assertThrowsWith(
        () => binding.createTensor([1], float32, [1, 2]),
        TypeError,
        "[1]",
        "4 bytes",
        "8 bytes",
      );
      assertThrowsWith(() => binding.createTensor([1], 99, [1]), TypeError, "type 99");
      const id = binding.createTensor([1], float32, [1]);
      binding.deleteTensor(id);
      const other = binding.createTensor([1], float32, [2]);
      assert(other !== id);
      for (
        const use of [
          () => binding.tensorDataSync(id),
          () => binding.deleteTensor(id),
          () => binding.shareTensor(id),
          () => binding.executeOp("Neg", [type("T", float32)], [id], 1),
        ]
      ) assertThrowsWith(use, RangeError, `native id ${id}`);
      assertThrowsWith(() => binding.loadSavedModel(), TypeError, "saved model");
    }),
);

nativeTest("TensorFlow's errors name the operation and its inputs", () =>
  withBinding((binding) => {
    const a = binding.createTensor([2, 3], float32, new Float32Array(6));
    const b = binding.createTensor([2], int32, new Int32Array(2));
    const run = (name: string, inputs: number[]) => binding.executeOp(name, [type("T", float32)], inputs, 1);
    const failed = (action: () => void) => assertThrows(action, TensorFlowError);
    assertFacts(failed(() => run("NoSuchOperation", [a])).message, "NoSuchOperation");
    const product = failed(() => run("MatMul", [a, a]));
    assertFacts(product.message, "MatMul", "float32 [2, 3], float32 [2, 3]");
    assertEquals(product.code, 3);
    assertFacts(failed(() => run("AddV2", [a, b])).message, "AddV2", "float32 [2, 3], int32 [2]");
    failed(() => run("AddV2", [a]));
    failed(() => run("Reshape", [a, b]));
    assertEquals(binding.getNumOfTensors(), 2);
    const [sum] = run("AddV2", [a, a]); // all is well afterwards
    assertEquals(sum.shape, [2, 3]);
  }));

nativeTest("attributes of every kind and list reach the operation", () =>
  withBinding((binding) => {
    const { int, bool: flag, float, string: text, shape } = ATTRIBUTE_KINDS;
    const x = binding.createTensor([1, 4, 4, 1], float32, Float32Array.from({ length: 16 }, (_, i) => i));
    const [pooled] = binding.executeOp(
      "MaxPool",
      [
        type("T", float32),
        { name: "ksize", type: int, value: [1, 2, 2, 1] },
        { name: "strides", type: int, value: [1, 2, 2, 1] },
        { name: "padding", type: text, value: "VALID" },
      ],
      [x],
      1,
    );
    assertEquals([...binding.tensorDataSync(pooled.id) as Float32Array], [5, 7, 13, 15]);
    const [leaky] = binding.executeOp("LeakyRelu", [type("T", float32), {
      name: "alpha",
      type: float,
      value: 0.5,
    }], [
      binding.createTensor([2], float32, [-2, 2]),
    ], 1);
    assertEquals([...binding.tensorDataSync(leaky.id) as Float32Array], [-1, 2]);
    const [empty] = binding.executeOp("Empty", [type("dtype", float32), {
      name: "init",
      type: flag,
      value: true,
    }], [
      binding.createTensor([1], int32, [3]),
    ], 1);
    assertEquals([...binding.tensorDataSync(empty.id) as Float32Array], [0, 0, 0]);
    const placed = { name: "shape", type: shape, value: [2, 2] };
    const [held] = binding.executeOp("PlaceholderWithDefault", [type("dtype", float32), placed], [
      binding.createTensor([2, 2], float32, [1, 2, 3, 4]),
    ], 1);
    assertEquals(held.shape, [2, 2]);
    const unknown = { name: "x", type: 77, value: 1 };
    assertThrowsWith(() => binding.executeOp("Neg", [unknown], [x], 1), TypeError, "x", "0 to 6", 77);
  }));

nativeTest("two contexts live side by side, and closing one leaves the other", () => {
  const first = new NativeBinding(LIBRARY!.path, SETTINGS),
    second = new NativeBinding(LIBRARY!.path, SETTINGS);
  const a = first.createTensor([1], float32, [1]), b = second.createTensor([1], float32, [2]);
  assertEquals([...first.tensorDataSync(a) as Float32Array], [1]);
  first.close();
  assertEquals([...second.tensorDataSync(b) as Float32Array], [2]);
  second.close();
});

nativeTest("kernels of our own: gather does not read indices, round keeps int32", async () => {
  await useBackend({ backend: "native", threads: 1 });
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 2], [3, 4], [5, 6]]);
    assertEquals([...tf.gather(x, tf.tensor1d([2, 0], "int32")).dataSync()], [5, 6, 1, 2]);
    assertThrowsWith(() => tf.gather(x, tf.tensor1d([3], "int32")), RangeError, "GatherV2", 3, "[0, 2]");
    assertEquals([...tf.round(tf.tensor1d([5, -3], "int32")).dataSync()], [5, -3]);
    assertEquals([...tf.round(tf.tensor1d([0.5, 1.5, -2.4])).dataSync()], [0, 2, -2]);
  });
});

nativeTest("tfjs's names of this backend and of the active one are the same", async () => {
  await useBackend({ backend: "native" });
  assertEquals(tf.getBackend(), "tensorflow");
  await assertRejects(async () => await tf.setBackend("nothing of that name"));
});
