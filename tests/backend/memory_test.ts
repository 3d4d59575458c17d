import { assert, assertEquals, assertThrows } from "@std/assert";
import { compileStep } from "../../lib/backend/compile_step.ts";
import { DATA_TYPES } from "../../lib/backend/native/data_types.ts";
import { activeNativeBackend } from "../../lib/backend/native/active.ts";
import { type BackendName, useBackend } from "../../lib/backend/select_backend.ts";
import { TensorFlowError } from "../../lib/backend/native/status.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Scalar, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { nativeTest } from "./native_library.ts";

const STEPS = 150;
const SLOW_STEPS = 1000;
/** A single tensor of a step left behind would be twice as much after the slow run. */
const GROWTH_LIMIT_MB = 32;

/** Rounds at most: the JavaScript heap may still be growing in the first one, a leak grows in every one. */
const ROUNDS = 3;

/** Resident megabytes of the process. */
const residentMegabytes = (): number => Deno.memoryUsage().rss / 2 ** 20;

/** A training step of a convolution, with what it holds. */
function makeStep() {
  const prng = new Prng(1, "memory");
  const kernel = tf.variable(
    tf.tensor4d(prng.normals(3 * 3 * 8 * 8).map((value) => 0.1 * value), [3, 3, 8, 8]),
  );
  const step = ({ x, rate }: { x: Tensor4D; rate: Scalar }) => {
    const { value, grads } = tf.variableGrads(() => {
      const y = tf.leakyRelu(tf.conv2d(x, kernel as unknown as Tensor4D, 1, "same"), 0.2);
      return tf.mean(tf.square(tf.matMul(tf.reshape(y, [-1, 8]), tf.reshape(y, [-1, 8]), true))) as Scalar;
    });
    kernel.assign(tf.sub(kernel, tf.mul(grads[kernel.name], rate)));
    return { loss: value };
  };
  return { step, kernel, values: prng.normals(2 * 32 * 32 * 8) };
}

/** Runs steps, and checks that neither tensors nor resident memory grow. */
async function watch(backend: BackendName, compiled: boolean, steps: number): Promise<void> {
  await useBackend({ backend, threads: 1 });
  const { step: plain, kernel, values } = makeStep();
  const step = compileStep(plain),
    run = compiled ? step : (inputs: Parameters<typeof plain>[0]) => tf.tidy(() => plain(inputs));
  const repeat = (count: number) => {
    for (let i = 0; i < count; i++) {
      const x = tf.tensor4d(values, [2, 32, 32, 8]), rate = tf.scalar(1e-6);
      const { loss } = run({ x, rate });
      assert(Number.isFinite(loss.dataSync()[0]), `step ${i}`);
      tf.dispose([x, rate, loss]);
    }
  };
  repeat(100);
  const tensors = tf.memory().numTensors;
  const handles = activeNativeBackend()?.binding.getNumOfTensors();
  const growths: number[] = [];
  for (let round = 0; round < ROUNDS && !(growths.at(-1)! < GROWTH_LIMIT_MB); round++) {
    const before = residentMegabytes();
    repeat(steps);
    growths.push(residentMegabytes() - before);
  }
  assertEquals(tf.memory().numTensors, tensors);
  assertEquals(activeNativeBackend()?.binding.getNumOfTensors(), handles);
  const grown = growths.map((growth) => growth.toFixed(1)).join(", ");
  assert(growths.at(-1)! < GROWTH_LIMIT_MB, `rounds of ${steps} steps made the process ${grown} MB larger`);
  step.dispose();
  kernel.dispose();
}

Deno.test(`wasm: ${STEPS} steps leave memory flat`, () => watch("wasm", false, STEPS));
nativeTest(`${STEPS} eager steps leave memory flat`, () => watch("native", false, STEPS));
nativeTest(`${STEPS} replayed steps leave memory flat`, () => watch("native", true, STEPS));
Deno.test(`slow: wasm: ${SLOW_STEPS} steps leave memory flat`, () => watch("wasm", false, SLOW_STEPS));
nativeTest(`${SLOW_STEPS} eager steps leave memory flat`, () => watch("native", false, SLOW_STEPS), "slow");
nativeTest(`${SLOW_STEPS} replayed steps leave memory flat`, () => watch("native", true, SLOW_STEPS), "slow");

nativeTest("strings and failing operations leave memory flat", async () => {
  await useBackend({ backend: "native", threads: 1 });
  const { binding } = activeNativeBackend()!;
  const text = "x".repeat(10_000);
  const round = () => {
    const id = binding.createTensor([100], DATA_TYPES.string, new Array(100).fill(text)); // 1 MB
    assertEquals((binding.tensorDataSync(id) as Uint8Array[]).length, 100);
    binding.deleteTensor(id);
    try {
      binding.executeOp("NoSuchOperation", [], [], 1);
    } catch (error) {
      assert(error instanceof TensorFlowError);
    }
  };
  for (let i = 0; i < 200; i++) round();
  const before = residentMegabytes(), count = 300;
  for (let i = 0; i < count; i++) round();
  const growth = residentMegabytes() - before;
  assert(growth < 60, `${count} MB of strings made the process ${growth.toFixed(1)} MB larger`);
});

nativeTest("a request for 4 TB is an error, no crash (the allocator waits 10 s)", async () => {
  await useBackend({ backend: "native", threads: 1 });
  const error = assertThrows(() => tf.fill([2 ** 20, 2 ** 20], 1), TensorFlowError);
  assertFacts(error.message, "Fill");
}, "slow");
