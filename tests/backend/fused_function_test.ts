import { assertEquals } from "@std/assert";
import { activeNativeBackend } from "../../lib/backend/native/active.ts";
import { canFuse, runFused } from "../../lib/backend/native/fused_function.ts";
import { RecordingError } from "../../lib/backend/native/operation_listener.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { type Tensor, tf } from "../../lib/core/tensor.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { nativeTest } from "./native_library.ts";

async function nativeBackend() {
  await useBackend({ backend: "native", threads: 2 });
  return activeNativeBackend()!;
}

/** Reshapes, slices, constants and several results. */
function example(x: Tensor, y: Tensor): Tensor[] {
  const [first, second] = tf.split(tf.transpose(tf.reshape(x, [3, 4])), 2);
  const sum = tf.add(tf.mul(first, 0.5), tf.slice(y, [1, 0], [2, 3]));
  return [sum, tf.stack([tf.pad(second, [[1, 0], [0, 2]]), tf.pad(sum, [[0, 1], [2, 0]])], 1)];
}

const values = (tensors: Tensor[]) =>
  tensors.map((one) => ({ shape: one.shape, values: [...one.dataSync()] }));

nativeTest("compiled operations give what the operations give", async () => {
  const backend = await nativeBackend();
  tf.tidy(() => {
    const x = tf.randomNormal([2, 6], 0, 1, "float32", 1), y = tf.randomNormal([4, 3], 0, 1, "float32", 2);
    const expected = example(x, y), fused = runFused(backend, "example", example, [x, y]);
    assertEquals(fused.map(({ shape }) => shape), expected.map(({ shape }) => shape));
    fused.forEach((one, i) => assertAllClose(one.dataSync(), expected[i].dataSync(), { absolute: 1e-6 }));
  });
});

nativeTest(
  "operations are traced once for each shape, without running them, and leave no tensor",
  async () => {
    const backend = await nativeBackend(), { binding } = backend;
    let traced = 0, ran = 0;
    const double = (x: Tensor) => {
      traced++;
      const before = binding.getNumOfTensors(), y = tf.add(tf.mul(x, 3), x);
      ran += binding.getNumOfTensors() - before;
      return [y];
    };
    const before = [tf.memory().numTensors, binding.getNumOfTensors()];
    for (const length of [2, 3, 2, 3]) {
      tf.tidy(() => {
        const [y] = runFused(backend, "four times", double, [tf.fill([length], 2)]);
        assertEquals([...y.dataSync()], Array(length).fill(8));
      });
    }
    assertEquals([traced, ran], [2, 0]);
    assertEquals([tf.memory().numTensors, binding.getNumOfTensors()], before);
  },
);

nativeTest("a tensor from elsewhere is refused, and everything works afterwards", async () => {
  const backend = await nativeBackend();
  const x = tf.tensor1d([1, 2]), other = tf.relu(tf.tensor1d([3, 4]));
  const borrow = () => runFused(backend, "borrowed", (one) => [tf.add(one, other)], [x]);
  assertEquals(assertThrowsWith(borrow, RecordingError, "borrowed").forbidden, "tensors from outside");
  assertEquals([...tf.add(x, other).dataSync()], [4, 6]);
  assertEquals(values(runFused(backend, "own", (one) => [tf.neg(one)], [x])), [{
    shape: [2],
    values: [-1, -2],
  }]);
  tf.dispose([x, other]);
});

nativeTest("values cannot be read while operations are traced", async () => {
  const backend = await nativeBackend();
  const x = tf.tensor1d([1, 2]);
  const readValue = (one: Tensor) => [tf.mul(one, tf.add(one, 1).dataSync()[0])];
  const read = () => runFused(backend, "reading", readValue, [x]);
  assertEquals(assertThrowsWith(read, RecordingError, "reading").forbidden, "values");
  x.dispose();
});

nativeTest("the library of the CPU can compile", async () => {
  assertEquals(canFuse(await nativeBackend()), true);
});
