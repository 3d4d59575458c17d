/**
 * Gradients of one step of the reconstruction, with the side on which every rectifier is.
 *
 * @module
 */
import type { NdArray } from "../../lib/core/arrays.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor4D, tf, type Variable } from "../../lib/core/tensor.ts";
import { loadSamples } from "../../lib/datasets/loader.ts";
import { communicator } from "../../lib/distributed/communicator.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { partTables } from "../../lib/reconstruction/part_tables.ts";
import { TrainingData } from "../../lib/reconstruction/training_data.ts";
import { ReconstructionObjective } from "../../lib/reconstruction/training_step.ts";
import { batchShare, shareOf } from "../../lib/training/batch_share.ts";
import { computeGradients } from "../../lib/training/gradients.ts";
import { makeToyInputs } from "../reconstruction/toy_dataset.ts";

/** What is changed before the step. */
export interface GradientChanges {
  /** Relative change of the photographs, one process alone; 0 for none. */
  readonly noise: number;
  /** Whether norms add so much that all rectifiers let everything through, as if there were none. */
  readonly withoutKinks: boolean;
}

/** Name under which the rectifiers' sides are returned. */
export const SIDES = "sides";
const BATCH = 4, RESOLUTION = 32;
/** More than the norms' values are away from 0. */
const OFFSET = 10;

/**
 * Gradients of the mean loss of four photographs, of which each process has its part, and `SIDES`: 1 where a rectifier lets
 * through, `[rectified values of all samples]`.
 *
 * @param seed Of the weights
 */
export async function reconstructionGradients(
  seed: number,
  { noise, withoutKinks }: GradientChanges,
): Promise<Record<string, NdArray>> {
  const { dataset, poses, templates } = makeToyInputs(BATCH), tables = partTables([[0, 1]], 2);
  const loader = await loadSamples(dataset, { resolution: RESOLUTION, indices: [...poses.indices] });
  const inputs = { dataset, poses, templates, tables };
  const data = new TrainingData(inputs, loader, {
    resolution: RESOLUTION,
    semiFraction: 1,
    maskTarget: "soft",
  });
  const size = { imageResolution: RESOLUTION, width: 1 / 16, partChannels: tables.globalChannels };
  const network = new ReconstructionNetwork(reconstructionConfig("demo", size), new Prng(seed, "weights"));
  network.parameters.trainable.forEach((variable, name) => set(variable, name, withoutKinks));
  const objective = new ReconstructionObjective(network, "mse");
  const rows = shareOf([...poses.indices]),
    coefficients = { semi: 1, normalConsistency: 1e-4, learningRate: 0 };
  const plain = await data.tensors(rows, rows.map((row) => row % 2 === 0), coefficients);
  const tensors = { ...plain, image: disturbed(plain.image, noise) };
  const sides = watchRectifiers();
  const { gradients } = computeGradients(
    () => objective.evaluate(tensors, true).total,
    network.parameters.trainable,
  );
  const arrays = Object.entries(gradients).map(([name, gradient]) =>
    [name, { data: gradient.dataSync<"float32">(), shape: gradient.shape }] as const
  );
  data.dispose();
  return { ...Object.fromEntries(arrays), [SIDES]: sides() };
}

/** Sets what decides whether there are kinks, and makes surfaces that are not spheres. */
function set(variable: Variable, name: string, withoutKinks: boolean): void {
  if (name === "conv_mesh.weight") {
    const values = new Prng(1, name).normals(variable.size).map((value) => value / 100);
    variable.assign(tf.tensor(values, variable.shape));
  }
  if (!withoutKinks) return;
  if (name.endsWith("norm.bias")) variable.assign(tf.fill(variable.shape, OFFSET));
  if (name.endsWith("shortcut.weight")) variable.assign(tf.abs(variable)); // keeps positive what is
}

/** Values times 1 plus noise. */
function disturbed(values: Tensor4D, noise: number): Tensor4D {
  const factors = new Prng(1, "noise").normals(values.size).map((value) => 1 + noise * value);
  return tf.mul(values, tf.tensor(factors, values.shape));
}

/** Looks at the results of all rectifiers from now on; the function ends that and returns the sides in all processes. */
function watchRectifiers(): () => NdArray {
  const backend = tf.getBackend(), kernel = tf.getKernel("Relu", backend)!;
  const own: boolean[][] = [];
  const replace = (kernelFunc: typeof kernel.kernelFunc) => {
    tf.unregisterKernel("Relu", backend);
    tf.registerKernel({ ...kernel, kernelFunc });
  };
  replace((call) => {
    const result = kernel.kernelFunc(call) as { dataId: object };
    own.push(Array.from(tf.backend().readSync(result.dataId) as Float32Array, (value) => value > 0));
    return result as ReturnType<typeof kernel.kernelFunc>;
  });
  return () => {
    replace(kernel.kernelFunc);
    const { size } = communicator(), { start } = batchShare(size);
    const values = own.flatMap((sides) => {
      const all = new Float32Array(size * sides.length);
      all.set(sides.map(Number), start * sides.length);
      communicator().allReduce(all);
      return [...all];
    });
    return { data: Float32Array.from(values), shape: [values.length] };
  };
}
