import { assert, assertEquals } from "@std/assert";
import { conv2d } from "../../lib/backend/ops/conv2d.ts";
import { compileStep } from "../../lib/backend/compile_step.ts";
import { cpuHasBf16 } from "../../lib/backend/native/cpu_features.ts";
import { RecordingError } from "../../lib/backend/native/operation_listener.ts";
import { activeNativeBackend } from "../../lib/backend/native/active.ts";
import type { StepSettings } from "../../lib/backend/options.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Scalar, type Tensor, type Tensor2D, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { GanModel } from "../../lib/gan/gan_model.ts";
import type { GanNetworks } from "../../lib/gan/gan_networks.ts";
import { GanSteps } from "../../lib/gan/gan_steps.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { Adam } from "../../lib/training/adam.ts";
import { computeGradients } from "../../lib/training/gradients.ts";
import { assertFacts, assertThrowsWith } from "../helpers/assert_facts.ts";
import { nativeTest } from "./native_library.ts";

const THREADS = 2, BATCH = 4, SIDE = 64, ROUNDS = 3;
const NETWORKS: GanNetworks = {
  preset: "demo",
  textureResolution: SIDE,
  symmetric: true,
  latentDim: 64,
  classes: 0,
  normG: "batch",
  normD: "none",
  numDiscriminators: 2,
  startFromMean: false,
};

const normal = (prng: Prng, ...shape: number[]): Tensor =>
  tf.tensor(prng.normals(shape.reduce((size, length) => size * length, 1)), shape);

interface TrainingResult {
  readonly losses: number[];
  readonly values: Record<string, ArrayLike<number>>;
  readonly handles: number[];
}

/** Generator and discriminator steps in turn: all losses, all values at the end, native handles behind each round. */
async function train(settings: StepSettings, networks = NETWORKS): Promise<TrainingResult> {
  const side = networks.textureResolution;
  await useBackend({ backend: "native", threads: THREADS, ...settings });
  const { binding } = activeNativeBackend()!;
  const model = new GanModel(networks, 1);
  const steps = new GanSteps(model, { loss: "hinge", maskOutput: true, meshRegularization: 1e-4 });
  await steps.prepare(BATCH);
  const prng = new Prng(1, "exact replay");
  const latent = normal(prng, BATCH, 64) as Tensor2D;
  const alpha = tf.cast(tf.greater(normal(prng, BATCH, side, side, 1), -1), "float32") as Tensor4D;
  const texture = tf.mul(tf.tanh(normal(prng, BATCH, side, side, 3)), alpha) as Tensor4D;
  const map = tf.mul(normal(prng, BATCH, 32, 32, 3), 0.1) as Tensor4D;
  const [rate, decay] = [tf.scalar(1e-4), tf.scalar(0.9)] as Scalar[];
  const losses: number[] = [], handles: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const made = steps.generatorStep({
      latent,
      oneHot: null,
      alpha,
      learningRate: rate,
      emaDecay: decay,
    });
    const judged = steps.discriminatorStep({ latent, oneHot: null, texture, alpha, map, learningRate: rate });
    for (const loss of [made.loss, made.flat, judged.fake, judged.real]) {
      losses.push(loss.dataSync()[0]);
      loss.dispose();
    }
    handles.push(binding.getNumOfTensors());
  }
  const arrays = await model.toArrays();
  const values = Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]));
  steps.dispose();
  model.dispose();
  tf.dispose([latent, alpha, texture, map, rate, decay]);
  return { losses, values: values as Record<string, ArrayLike<number>>, handles };
}

async function checkReplay(networks: GanNetworks): Promise<void> {
  const eager = await train({ eager: true }, networks), replayed = await train({}, networks);
  assertEquals(replayed.losses, eager.losses);
  for (const [name, values] of Object.entries(eager.values)) {
    assertEquals(replayed.values[name], values, name);
  }
  assertEquals(new Set(replayed.handles).size, 1, `handles ${replayed.handles}`);
}

nativeTest(
  "replayed steps of the GAN equal eager ones bit for bit on two threads",
  () => checkReplay(NETWORKS),
);

const FULL_WIDTH: GanNetworks = { ...NETWORKS, preset: "paper", textureResolution: 128, normD: "instance" };

nativeTest(
  "so do steps of full width, whose convolutions go by tiles",
  () => checkReplay(FULL_WIDTH),
  "slow",
);

nativeTest("replayed steps of the reconstruction equal eager ones bit for bit on two threads", async () => {
  await useBackend({ backend: "native", threads: THREADS });
  const config = reconstructionConfig("demo", { imageResolution: SIDE, partChannels: 5 });
  const runs = [true, false].map((eager) => {
    const prng = new Prng(1, "exact reconstruction"), R = config.textureResolution;
    const network = new ReconstructionNetwork(config, new Prng(1, "weights"));
    const { trainable } = network.parameters, optimizer = new Adam(trainable);
    const image = normal(prng, BATCH, SIDE, SIDE, 4) as Tensor4D, rate = tf.scalar(1e-4) as Scalar;
    const [map, texture, parts] = [[32, 32, 3], [R, R, 3], [R, R, 5]].map((shape) =>
      normal(prng, BATCH, ...shape)
    );
    const step = compileStep(
      (inputs: { image: Tensor4D; rate: Scalar; map: Tensor; texture: Tensor; parts: Tensor }) => {
        const { loss, gradients } = computeGradients(() => {
          const { displacementMap, texture, parts } = network.predict({ image: inputs.image }, true);
          const pairs = [[displacementMap, inputs.map], [texture!, inputs.texture], [parts!, inputs.parts]];
          const errors = pairs.map(([output, target]) => tf.mean(tf.square(tf.sub(output, target))));
          return tf.addN(errors) as Scalar;
        }, trainable);
        optimizer.apply(gradients, inputs.rate);
        return { loss };
      },
      { eager },
    );
    const losses = Array.from({ length: ROUNDS }, () => {
      const { loss } = step({ image, rate, map, texture, parts }), [value] = loss.dataSync();
      loss.dispose();
      return value;
    });
    const values = [...trainable].map(([name, variable]) => [name, variable.dataSync().slice()] as const);
    tf.dispose([image, rate, map, texture, parts]);
    step.dispose();
    optimizer.dispose();
    network.parameters.dispose();
    return { losses, values };
  });
  assertEquals(runs[1], runs[0]);
});

nativeTest("bf16 stays near float32 where the processor has it, and says so where not", async () => {
  const { sentence } = await useBackend({ backend: "native", threads: THREADS, precision: "bf16" });
  assert(sentence.includes(cpuHasBf16() ? "training steps in bf16" : "no bf16 instructions"), sentence);
  const { sentence: other } = await useBackend({ backend: "wasm", precision: "bf16" });
  assertFacts(other, "wasm", "bf16");
  if (!cpuHasBf16()) return;
  const [reference] = (await train({})).losses, [loss] = (await train({ precision: "bf16" })).losses;
  assert(loss !== reference && Math.abs(loss - reference) < 0.02, `${loss} and ${reference}`);
});

nativeTest("bf16 is for convolutions: products of matrices, which move vertices, stay exact", async () => {
  if (!cpuHasBf16()) return;
  await useBackend({ backend: "native", threads: THREADS, precision: "bf16" });
  const prng = new Prng(1, "products"), x = normal(prng, 64, 64), kernel = normal(prng, 3, 3, 64, 64);
  const step = compileStep(({ x }: { x: Tensor }) => ({
    product: tf.matMul(x as Tensor2D, x as Tensor2D),
    products: tf.matMul(tf.reshape(x, [4, 16, 64]), tf.reshape(x, [4, 64, 16])),
    map: tf.conv2d(tf.reshape(x, [1, 8, 8, 64]) as Tensor4D, kernel as Tensor4D, 1, "same"),
  }));
  const [exact, rounded] = [1, 2].map(() => Object.values(step({ x }))); // recorded in float32, then replayed
  const differences = exact.map((one, i) => tf.max(tf.abs(tf.sub(one, rounded[i]))).dataSync()[0]);
  assertEquals(differences.slice(0, 2), [0, 0]);
  assert(differences[2] > 0.01, `${differences[2]}`);
  step.dispose();
  tf.dispose([x, kernel, ...exact, ...rounded]);
});

nativeTest(
  "kernels' gradients that are products of matrices are rounded to bf16 as convolutions are",
  async () => {
    if (!cpuHasBf16()) return;
    await useBackend({ backend: "native", threads: THREADS, precision: "bf16" });
    const prng = new Prng(2, "kernels");
    for (const [height, kernel, stride, channels] of [[8, 4, 2, 128], [7, 3, 1, 256]]) {
      const x = normal(prng, 2, height, 6, channels) as Tensor4D;
      const weights = normal(prng, kernel, kernel, channels, 32) as Tensor4D;
      const convolve = (w: Tensor) => conv2d(x, w as Tensor4D, stride);
      const dy = tf.tidy(() => tf.mul(convolve(weights), 1)) as Tensor4D;
      const step = compileStep(({ dy }: { dy: Tensor }) => ({ gradient: tf.grad(convolve)(weights, dy) }));
      const [exact, rounded] = [1, 2].map(() => step({ dy }).gradient); // recorded in float32, then replayed
      const size = (t: Tensor) => tf.norm(t).dataSync()[0];
      const difference = size(tf.sub(exact, rounded)) / size(exact);
      assert(difference > 1e-4 && difference < 0.01, `${difference}`);
      step.dispose();
      tf.dispose([x, weights, dy, exact, rounded]);
    }
  },
);

nativeTest("a step that draws random numbers natively cannot be recorded", async () => {
  await useBackend({ backend: "native", threads: THREADS });
  const odds = tf.tensor2d([[0.3, 0.7]]);
  const step = compileStep(({ x }: { x: Tensor2D }) => ({ drawn: tf.multinomial(x, 3, 1) }));
  const { forbidden } = assertThrowsWith(() => step({ x: odds }), RecordingError, "Multinomial");
  assertEquals(forbidden, "random numbers");
  odds.dispose();
});
