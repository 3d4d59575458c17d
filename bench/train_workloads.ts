/**
 * Our side of the training bench: the workloads that `peers/train_torch.py` has too.
 *
 * @module
 */
import { gridSample } from "../tests/reference/grid_sample/grid_sample.ts";
import { compileStep } from "../lib/backend/compile_step.ts";
import { Prng } from "../lib/core/prng.ts";
import { type Scalar, type Tensor, type Tensor2D, type Tensor4D, tf } from "../lib/core/tensor.ts";
import { GanModel } from "../lib/gan/gan_model.ts";
import { GanSteps } from "../lib/gan/gan_steps.ts";
import { newVariable } from "../lib/networks/parameters.ts";
import type { PresetName } from "../lib/networks/presets.ts";
import { reconstructionConfig } from "../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../lib/networks/reconstruction_network.ts";
import { Adam } from "../lib/training/adam.ts";
import { computeGradients } from "../lib/training/gradients.ts";
import { ganTraining } from "./gan_training.ts";

/** What is measured; a line of JSON to either side. */
export interface WorkloadRequest {
  readonly workload: "gan" | "gan_training" | "reconstruction" | "grid_sample" | "adam" | "small_op";
  /** Side of texture or image, or number of weights. */
  readonly size: number;
  /** Samples in a batch, or number of weight tensors. */
  readonly batch: number;
  readonly threads: number;
  readonly precision: "float32" | "bf16";
  /** Backend of our side; native if not given. */
  readonly backend?: "native" | "wasm";
  /** Sizes of the networks of our side; the original's if not given. */
  readonly preset?: "demo" | "paper";
  /** Runs of each step. */
  readonly repeats: number;
}

/** Answer to a request. */
export interface WorkloadAnswer {
  /** Milliseconds of each run, by step. */
  readonly times: Readonly<Record<string, readonly number[]>>;
  /** Most memory that the process ever held. */
  readonly peakMegabytes: number;
}

/** Steps by name; each waits for its results. */
export type WorkloadSteps = Readonly<Record<string, () => void | Promise<void>>>;

/** Makes the steps of a workload on the active backend. */
export async function makeWorkload(request: WorkloadRequest): Promise<WorkloadSteps> {
  const { workload, size, batch, preset = "paper" } = request;
  switch (workload) {
    case "gan":
      return await ganSteps(size, batch, preset);
    case "gan_training":
      return await ganTraining(size, batch, preset);
    case "reconstruction":
      return reconstructionStep(size, batch, preset);
    case "grid_sample":
      return gridSampleStep(size, batch);
    case "adam":
      return adamStep(size, batch);
    case "small_op":
      return smallOp(size);
  }
}

const prng = new Prng(1, "bench");

function values(low: number, high: number, ...shape: number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(Float32Array.from({ length: size }, () => prng.uniform(low, high)), shape);
}

/** Reads the values, which waits for them, and frees the tensors. */
function finish(results: readonly Tensor[]): void {
  for (const result of results) {
    result.dataSync();
    result.dispose();
  }
}

async function ganSteps(size: number, batch: number, preset: PresetName): Promise<WorkloadSteps> {
  const model = new GanModel({
    preset,
    textureResolution: size,
    symmetric: true,
    latentDim: 64,
    classes: 0,
    normG: "batch",
    normD: "none",
    numDiscriminators: 2,
    startFromMean: false,
  }, 1);
  const steps = new GanSteps(model, { loss: "hinge", maskOutput: true, meshRegularization: 1e-4 });
  await steps.prepare(batch);
  const alpha = tf.cast(tf.greater(values(0, 1, batch, size, size, 1), 0.3), "float32") as Tensor4D;
  const texture = tf.mul(values(-1, 1, batch, size, size, 3), alpha) as Tensor4D;
  const map = values(-0.1, 0.1, batch, 32, 32, 3) as Tensor4D;
  const latent = () => tf.tensor2d(prng.normals(batch * 64), [batch, 64]);
  const [rateG, rateD, decay] = [1e-4, 4e-4, 0.999].map((value) => tf.scalar(value)) as Scalar[];
  return {
    G: () => {
      const z: Tensor2D = latent();
      const inputs = { latent: z, oneHot: null, alpha, learningRate: rateG, emaDecay: decay };
      finish([...Object.values(steps.generatorStep(inputs)), z]);
    },
    D: () => {
      const z: Tensor2D = latent();
      const inputs = { latent: z, oneHot: null, texture, alpha, map, learningRate: rateD };
      finish([...Object.values(steps.discriminatorStep(inputs)), z]);
    },
  };
}

function reconstructionStep(size: number, batch: number, preset: PresetName): WorkloadSteps {
  const config = reconstructionConfig(preset, { imageResolution: size, partChannels: 5 });
  const network = new ReconstructionNetwork(config, new Prng(1, "weights"));
  const optimizer = new Adam(network.parameters.trainable);
  const image = values(-1, 1, batch, size, size, 4) as Tensor4D;
  const R = config.textureResolution;
  const [map, texture, parts] = [[32, 32, 3], [R, R, 3], [R, R, 5]].map((shape) =>
    values(0, 1, batch, ...shape)
  );
  const wanted = { map, texture, parts };
  const rate = tf.scalar(1e-4) as Scalar;
  const step = compileStep((inputs: typeof wanted & { image: Tensor4D; learningRate: Scalar }) => {
    const { loss, gradients } = computeGradients(() => {
      const { displacementMap, texture, parts } = network.predict({ image: inputs.image }, true);
      const pairs = [[displacementMap, inputs.map], [texture!, inputs.texture], [parts!, inputs.parts]];
      const errors = pairs.map(([output, target]) => tf.mean(tf.square(tf.sub(output, target))));
      return tf.mul(tf.addN(errors), 10);
    }, network.parameters.trainable);
    optimizer.apply(gradients, inputs.learningRate);
    return { loss };
  });
  return { step: () => finish([step({ ...wanted, image, learningRate: rate }).loss]) };
}

function gridSampleStep(size: number, batch: number): WorkloadSteps {
  const texture = values(0, 1, batch, size, size, 3) as Tensor4D;
  const grid = values(-1, 1, batch, size / 2, size / 2, 2) as Tensor4D;
  const weight = values(-1, 1, batch, size / 2, size / 2, 3) as Tensor4D;
  const inputs = { texture, grid, weight };
  const step = compileStep(({ texture, grid, weight }: typeof inputs) => {
    const gradients = tf.grads((a, b) => gridSample(a as Tensor4D, b as Tensor4D))([texture, grid], weight);
    return { texture: gradients[0], grid: gradients[1] };
  });
  const run = () => tf.dispose(step(inputs));
  run();
  return { step: run };
}

function adamStep(count: number, tensors: number): WorkloadSteps {
  const length = Math.floor(count / tensors);
  const names = Array.from({ length: tensors }, (_, i) => `w${i}`);
  const random = prng.normals(length);
  const variables = new Map(names.map((name) => [name, newVariable([length], random)]));
  const gradients = Object.fromEntries(names.map((name) => [name, tf.tensor1d(random.slice()) as Tensor]));
  const optimizer = new Adam(variables), rate = tf.scalar(1e-4) as Scalar;
  const step = compileStep(({ rate, ...given }: Record<string, Tensor>) => {
    optimizer.apply(given, rate as Scalar);
    return {};
  });
  return { step: () => finish(Object.values(step({ rate, ...gradients }))) };
}

/** Additions of four values; `size` of them are one run. */
function smallOp(size: number): WorkloadSteps {
  const a = tf.tensor1d([1, 2, 3, 4]), b = tf.tensor1d([5, 6, 7, 8]);
  return {
    step: () => {
      for (let i = 0; i < size; i++) tf.add(a, b).dispose();
    },
  };
}
