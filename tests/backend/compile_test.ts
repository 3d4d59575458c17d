import { assert, assertEquals, assertThrows } from "@std/assert";
import type { NdArray } from "../../lib/core/arrays.ts";
import { hostOp } from "../../lib/backend/host_op.ts";
import { batchNorm } from "../../lib/backend/ops/batch_norm.ts";
import { compileStep } from "../../lib/backend/compile_step.ts";
import { RecordingError } from "../../lib/backend/native/operation_listener.ts";
import { activeNativeBackend } from "../../lib/backend/native/active.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import {
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tf,
  type Variable,
} from "../../lib/core/tensor.ts";
import { type Communicator, SINGLE_PROCESS } from "../../lib/distributed/communicator.ts";
import { setCommunicator } from "../../lib/distributed/set_communicator.ts";
import { computeGradients } from "../../lib/training/gradients.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { nativeTest } from "./native_library.ts";

/** What the smallest steps take. */
type One = { x: Tensor };

const NATIVE = { backend: "native", threads: 2 } as const;

function variable(prng: Prng, shape: number[]): Variable {
  return tf.variable(tf.tensor(prng.normals(shape.reduce((a, b) => a * b, 1)).map((v) => 0.3 * v), shape));
}

interface TrainerInputs {
  x: Tensor4D;
  target: Tensor2D;
  rate: Scalar;
}

/** A small network with a moving average and momentum, all in tensors. */
class Trainer {
  readonly #prng = new Prng(1, "trainer");
  readonly kernel = variable(this.#prng, [3, 3, 2, 4]);
  readonly weights = variable(this.#prng, [4, 1]);
  readonly velocities = [tf.variable(tf.zeros([3, 3, 2, 4])), tf.variable(tf.zeros([4, 1]))];
  readonly average = tf.variable(this.kernel.clone());
  readonly picked = tf.tensor1d([3, 0, 1], "int32");

  readonly step = ({ x, target, rate }: TrainerInputs): { loss: Scalar } => {
    const { value, grads } = tf.variableGrads(() => {
      const features = tf.leakyRelu(tf.conv2d(x, this.kernel as unknown as Tensor4D, 2, "same"), 0.2);
      const pooled = tf.mean(features, [1, 2]) as Tensor2D;
      const chosen = tf.sum(tf.square(tf.gather(pooled, this.picked, 1)));
      const error = tf.sub(tf.matMul(pooled, this.weights as unknown as Tensor2D), target);
      return tf.add(tf.mean(tf.square(error)), tf.mul(chosen, 0.01)) as Scalar;
    });
    [this.kernel, this.weights].forEach((weights, i) => {
      const velocity = tf.add(tf.mul(this.velocities[i], 0.9), grads[weights.name]);
      this.velocities[i].assign(velocity);
      weights.assign(tf.sub(weights, tf.mul(velocity, rate)));
    });
    this.average.assign(tf.add(tf.mul(this.average, 0.9), tf.mul(this.kernel, 0.1)));
    return { loss: value };
  };

  get variables(): Variable[] {
    return [this.kernel, this.weights, ...this.velocities, this.average];
  }

  dispose(): void {
    tf.dispose([...this.variables, this.picked]);
  }
}

function inputs(seed: number): TrainerInputs {
  const prng = new Prng(seed, "inputs");
  return {
    x: tf.tensor4d(prng.normals(2 * 6 * 5 * 2), [2, 6, 5, 2]),
    target: tf.tensor2d(prng.normals(2), [2, 1]),
    rate: tf.scalar(0.1),
  };
}

/** Losses of all steps and the values of all variables at the end. */
function train(trainer: Trainer, step: Trainer["step"], steps: number): Float32Array[] {
  const losses = Float32Array.from({ length: steps }, (_, i) => {
    const given = inputs(i), { loss } = step(given), value = loss.dataSync()[0];
    tf.dispose([...Object.values(given), loss]);
    return value;
  });
  return [losses, ...trainer.variables.map((one) => one.dataSync() as Float32Array)];
}

nativeTest("a replayed step equals the eager one bit for bit", async () => {
  await useBackend(NATIVE);
  const eager = new Trainer(), recorded = new Trainer();
  const compiled = compileStep(recorded.step);
  assertEquals(train(recorded, compiled, 6), train(eager, eager.step, 6));
  assertEquals(compiled.describe()?.functions, 1);
  assertEquals(compiled.describe()?.variables, 5);
  compiled.dispose();
  eager.dispose();
  recorded.dispose();
});

nativeTest("replays leave no tensors and no native handles, and clones keep their values", async () => {
  await useBackend(NATIVE);
  const trainer = new Trainer(), { binding } = activeNativeBackend()!;
  const step = compileStep(trainer.step);
  train(trainer, step, 2);
  const snapshot = trainer.kernel.clone(), values = snapshot.dataSync().slice();
  train(trainer, step, 1);
  const tensors = tf.memory().numTensors, handles = binding.getNumOfTensors();
  train(trainer, step, 5);
  assertEquals([tf.memory().numTensors, binding.getNumOfTensors()], [tensors, handles]);
  assertEquals(snapshot.dataSync(), values);
  assert(trainer.kernel.dataSync()[0] !== values[0]);
  snapshot.dispose();
  step.dispose();
  trainer.dispose();
});

/** y = x², computed on the host, with a gradient that the host computes too from what it saw in the forward pass. */
function squareOnHost(x: Tensor): Tensor {
  const operation = tf.customGrad((input) => {
    const tensor = input as Tensor;
    let seen = new Float32Array(0);
    const [value] = hostOp("render", [tensor], ({ data, shape }: NdArray) => {
      seen = Float32Array.from(data as Float32Array);
      return [{ data: seen.map((v) => v * v), shape }];
    });
    const gradFunc = (dy: Tensor) =>
      hostOp("render backward", [dy], ({ data, shape }: NdArray) => {
        return [{ data: Float32Array.from(data as Float32Array, (d, i) => 2 * seen[i] * d), shape }];
      })[0];
    return { value, gradFunc };
  });
  return operation(x);
}

nativeTest("a step with host operations is cut there and equals the eager one", async () => {
  await useBackend(NATIVE);
  const run = (compiled: boolean) => {
    const weights = variable(new Prng(2), [3, 2]);
    const plain = ({ x, rate }: { x: Tensor2D; rate: Scalar }) => {
      const { value, grads } = tf.variableGrads(() => {
        const hidden = tf.tanh(tf.matMul(x, weights as unknown as Tensor2D));
        return tf.sum(tf.mul(squareOnHost(hidden), tf.add(hidden, 1))) as Scalar;
      });
      weights.assign(tf.sub(weights, tf.mul(grads[weights.name], rate)));
      return { value, exponential: tf.exp(value) };
    };
    const replayed = compileStep(plain), step = compiled ? replayed : plain;
    const seen: number[] = [];
    for (let i = 0; i < 5; i++) {
      const x = tf.tensor2d(new Prng(i, "x").normals(12), [4, 3]), rate = tf.scalar(0.1);
      const results = Object.values(step({ x, rate }));
      seen.push(...results.map((result) => result.dataSync()[0]));
      tf.dispose([x, rate, ...results]);
    }
    seen.push(...weights.dataSync());
    if (compiled) {
      assertEquals(replayed.describe()?.hostOps, ["render", "render backward"]);
      assertEquals(replayed.describe()?.functions, 3);
      replayed.dispose();
    }
    weights.dispose();
    return seen;
  };
  assertEquals(run(true), run(false));
});

nativeTest(
  "values from outside: aliased arguments, aliased variables, disposed constants, results twice",
  async () => {
    await useBackend(NATIVE);
    const a = tf.variable(tf.tensor1d([1, 2])), b = tf.variable(a.clone()); // one data, two variables
    const constant = tf.tensor1d(new Float32Array(5000).fill(2));
    const step = compileStep(({ x, y }: { x: Tensor; y: Tensor }) => {
      const sum = tf.add(tf.add(tf.sub(x, y), tf.mul(a, b)), tf.slice(constant, 0, 2));
      b.assign(tf.add(b, 1));
      return { sum, same: sum, b: b as Tensor };
    });
    const call = (x: number[], y: number[]) => {
      const first = tf.tensor1d(x), second = tf.tensor1d(y);
      const results = Object.values(step({ x: first, y: x === y ? first : second }));
      const values = results.map((result) => [...result.dataSync()]);
      tf.dispose([first, second, ...results.filter((result) => result !== b)]);
      return values;
    };
    const same = [7, 7];
    assertEquals(call(same, same), [[3, 6], [3, 6], [2, 3]]);
    constant.dispose();
    assertEquals(call([1, 1], [0, 0]), [[5, 9], [5, 9], [3, 4]]);
    a.assign(tf.tensor1d([10, 10]));
    assertEquals(call([0, 0], [0, 0]), [[32, 42], [32, 42], [4, 5]]);
    step.dispose();
    tf.dispose([a, b]);
  },
);

nativeTest("what cannot be recorded or replayed gives an error", async () => {
  await useBackend(NATIVE);
  const x = tf.tensor1d([1, 2, 3]), longer = tf.tensor1d([1, 2, 3, 4]);
  const reading = compileStep(({ x }: One) => ({ y: tf.mul(x, tf.mul(x, 2).dataSync()[0]) }));
  assertEquals(assertThrowsWith(() => reading({ x }), RecordingError, "[3]").forbidden, "values");
  const readingInput = compileStep(({ x }: One) => ({ y: tf.mul(x, x.dataSync()[0]) }));
  assertEquals(assertThrowsWith(() => readingInput({ x }), RecordingError, "[3]").forbidden, "values");
  const drawing = compileStep(({ x }: One) => ({ y: tf.add(x, tf.randomNormal([3])) }));
  assertEquals(assertThrows(() => drawing({ x }), RecordingError).forbidden, "random numbers");
  const double = compileStep(({ x }: One) => ({ y: tf.mul(x, 2) }));
  double({ x }).y.dispose();
  assertThrowsWith(() => double({ x: longer }), TypeError, "x float32 [3]", "x float32 [4]");
  const another = { x, z: x };
  assertThrowsWith(() => double(another), TypeError, "x float32 [3], z float32 [3]");
  const made: Variable[] = [];
  const making = compileStep(({ x }: One) => ({ y: tf.add(x, made[made.push(tf.variable(x)) - 1]) }));
  making({ x }).y.dispose();
  assertEquals(assertThrows(() => making({ x }), RecordingError).forbidden, "new variables");
  const { y: result } = double({ x }); // all is well again afterwards
  assertEquals([...result.dataSync()], [2, 4, 6]);
  assert(Math.random() < 1);
  tf.dispose([x, longer, result, ...made]);
});

nativeTest("arguments of another type and host operations of another shape give an error", async () => {
  await useBackend(NATIVE);
  const floats = tf.tensor1d([1, 2]), integers = tf.tensor1d([1, 2], "int32");
  const double = compileStep(({ x }: One) => ({ y: tf.mul(x, 2) }));
  double({ x: floats }).y.dispose();
  assertThrowsWith(() => double({ x: integers }), TypeError, "x float32 [2]", "x int32 [2]");
  let length = 2;
  const growing = compileStep(({ x }: One) => ({
    y: hostOp("grow", [x], () => [{ data: new Float32Array(length++), shape: [length - 1] }])[0],
  }));
  growing({ x: floats }).y.dispose();
  assertThrowsWith(() => growing({ x: floats }), TypeError, "grow", "result 0", "float32 [2]", "float32 [3]");
  tf.dispose([floats, integers]);
  double.dispose();
  growing.dispose();
});

/** One of two processes, the other of which has twice the values. */
const addTwice = (values: Float32Array) => values.forEach((value, i) => values[i] = 3 * value);
const ONE_OF_TWO: Communicator = {
  ...SINGLE_PROCESS,
  size: 2,
  allReduce: addTwice,
  startAllReduce: (values) => () => addTwice(values),
};

nativeTest(
  "a step is cut at sums over processes and at synchronised statistics, and equals the eager one",
  async () => {
    await useBackend(NATIVE);
    setCommunicator(ONE_OF_TWO);
    try {
      const run = (compiled: boolean) => {
        const weights = variable(new Prng(4), [3, 3, 2, 3]);
        const plain = ({ x, rate }: { x: Tensor4D; rate: Scalar }) => {
          const { loss, gradients } = computeGradients(() => {
            const map = tf.conv2d(x, weights as unknown as Tensor4D, 1, "same");
            return tf.sum(tf.pow(batchNorm(map, 1e-5, null), 3)) as Scalar;
          }, new Map([["w", weights]]));
          weights.assign(tf.sub(weights, tf.mul(gradients.w, rate)));
          return { loss };
        };
        const replayed = compileStep(plain), step = compiled ? replayed : plain;
        const seen: number[] = [];
        for (let i = 0; i < 4; i++) {
          const { x } = inputs(i), rate = tf.scalar(1e-3), { loss } = step({ x, rate });
          seen.push(loss.dataSync()[0]);
          tf.dispose([x, rate, loss]);
        }
        // two for mean and variance, one for the gradient within; then the mean gradient
        const expected = [...new Array(3).fill("allReduce"), "startAllReduce", "finishAllReduce"];
        if (compiled) assertEquals(replayed.describe()?.hostOps, expected);
        seen.push(...weights.dataSync());
        replayed.dispose();
        weights.dispose();
        return seen;
      };
      assertEquals(run(true), run(false));
    } finally {
      setCommunicator(null);
    }
  },
);

nativeTest(
  "gradients are sent during the backward pass, those of variables used twice at its end",
  async () => {
    await useBackend(NATIVE);
    setCommunicator(ONE_OF_TWO);
    const side = 1500, [early, twice, late] = [5, 6, 7].map((seed) => variable(new Prng(seed), [side, side]));
    try {
      const names = new Map([["early", early], ["twice", twice], ["late", late]]);
      const gradientsOf = ({ x }: { x: Tensor4D }) => {
        const { gradients } = computeGradients(() => {
          const product = (a: Tensor, b: Variable) => tf.matMul(a as Tensor2D, b as unknown as Tensor2D);
          const y = batchNorm(product(product(tf.reshape(x, [2, side]), early), twice), 1e-5, null);
          return tf.sum(tf.pow(product(product(y, twice), late), 2)) as Scalar;
        }, names);
        return { ...gradients };
      };
      const step = compileStep(gradientsOf);
      const x = variable(new Prng(8), [2, 1, 1, side]) as unknown as Tensor4D;
      const [recorded, replayed, eager] = [step, step, gradientsOf].map((run) => run({ x }));
      const sums = ["allReduce", "allReduce"];
      assertEquals(step.describe()?.hostOps, [
        ...sums,
        "startAllReduce", // late: 2 million values fill a message
        "allReduce", // of batch norm's gradient
        "startAllReduce", // early
        "startAllReduce", // twice
        ...new Array(3).fill("finishAllReduce"),
      ]);
      assertEquals(Object.keys(eager).sort(), ["early", "late", "twice"]);
      for (const [name, tensor] of Object.entries(eager)) {
        assertEquals(recorded[name].dataSync(), tensor.dataSync());
        assertEquals(replayed[name].dataSync(), tensor.dataSync());
      }
      step.dispose();
      tf.dispose([recorded, replayed, eager]);
    } finally {
      setCommunicator(null);
      tf.dispose([early, twice, late]);
    }
  },
);

nativeTest("a first call may make variables", async () => {
  await useBackend(NATIVE);
  let slot: Variable | null = null;
  const step = compileStep(({ x }: One) => {
    slot ??= tf.variable(tf.zerosLike(x));
    slot.assign(tf.add(slot, x));
    return { sum: tf.mul(slot, 1) };
  });
  const x = tf.tensor1d([1, 2]);
  for (let i = 1; i <= 4; i++) {
    const { sum } = step({ x });
    assertEquals([...sum.dataSync()], [i, 2 * i]);
    sum.dispose();
  }
  assert(step.describe() !== null);
  tf.dispose([x, slot!]);
});

Deno.test("wasm: a compiled step runs as it is", async () => {
  await useBackend({ backend: "wasm" });
  const step = compileStep(({ x }: One) => ({ y: tf.mul(x, tf.mul(x, 2).dataSync()[0]) }));
  const before = tf.memory().numTensors, x = tf.tensor1d([3, 4]), { y: result } = step({ x });
  assertEquals([...result.dataSync()], [18, 24]);
  assertEquals(step.describe(), null);
  tf.dispose([x, result]);
  assertEquals(tf.memory().numTensors, before);
});
