/**
 * Inception v3 up to its last average pooling: the feature network of FID.
 *
 * @module
 */
import type { NdArray } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { transposeArray } from "../core/transpose_array.ts";
import {
  INCEPTION_CONVOLUTIONS,
  INCEPTION_LAYERS,
  type InceptionConvolution,
  type InceptionStep,
} from "./inception_layers.ts";

/** Side of the images that the network sees. */
export const INCEPTION_RESOLUTION = 299;
/** Length of a feature vector. */
export const INCEPTION_DIMENSIONS = 2048;
/** Added to the variances of the batch norms. */
const EPSILON = 1e-3;

/** Kernel and offset of a convolution whose batch norm is folded in. */
interface Folded {
  readonly kernel: Tensor4D; // [kh, kw, I, O]
  readonly offset: ReturnType<typeof tf.tensor1d>; // [O]
}

/** The network with its weights. */
export class InceptionV3 {
  readonly #convolutions = new Map<string, Folded>();

  /**
   * Takes over weights.
   *
   * @param weights Entries by their names in torchvision's state dict, torch's order of axes; others are ignored
   * @param source Where they come from, for the message
   * @throws {UserError} If an entry is missing or of another shape
   */
  constructor(weights: ReadonlyMap<string, NdArray>, source = "the weights") {
    for (const convolution of INCEPTION_CONVOLUTIONS) checkEntries(convolution, weights, source);
    for (const { name } of INCEPTION_CONVOLUTIONS) this.#convolutions.set(name, fold(name, weights));
  }

  /**
   * Features of images.
   *
   * @param images Colours in [0, 1], `[B, S, S, 3]`; other sides than 299 are resized
   * @param onLayer Receives the result of each layer, `[B, H, W, C]`, to look at and not to keep
   * @returns Features, `[B, 2048]`
   */
  features(images: Tensor4D, onLayer?: (name: string, result: Tensor4D) => void): Tensor2D {
    return tf.tidy(() => {
      const size: [number, number] = [INCEPTION_RESOLUTION, INCEPTION_RESOLUTION];
      const resized = images.shape[1] === size[0] && images.shape[2] === size[1]
        ? images
        : tf.image.resizeBilinear(images, size, false, true);
      let x = tf.sub(tf.mul(resized, 2), 1) as Tensor4D;
      for (const { name, branches } of INCEPTION_LAYERS) {
        const before = x;
        const results = branches.map((steps) => steps.reduce((y, step) => this.#step(y, step), before));
        x = results.length === 1 ? results[0] : tf.concat(results, 3);
        onLayer?.(name, x);
      }
      return tf.mean(x, [1, 2]) as Tensor2D;
    });
  }

  /** Frees the weights. */
  dispose(): void {
    for (const { kernel, offset } of this.#convolutions.values()) tf.dispose([kernel, offset]);
    this.#convolutions.clear();
  }

  #step(x: Tensor4D, step: InceptionStep): Tensor4D {
    if (step === "maximum") return tf.maxPool(x, 3, 2, "valid");
    if (step === "average") { // zeros around count
      return tf.avgPool(tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]) as Tensor4D, 3, 1, "valid");
    }
    const results = step.map(({ name, mode }) => {
      const { kernel, offset } = this.#convolutions.get(name)!;
      const y = tf.conv2d(x, kernel, mode === "halving" ? 2 : 1, mode === "same" ? "same" : "valid");
      return tf.relu(tf.add(y, offset)) as Tensor4D;
    });
    return results.length === 1 ? results[0] : tf.concat(results, 3);
  }
}

/** Names of a convolution's entries and their shapes. */
function entriesOf({ name, inChannels, outChannels, kernel }: InceptionConvolution): [string, number[]][] {
  return [
    [`${name}.conv.weight`, [outChannels, inChannels, ...kernel]],
    ...["weight", "bias", "running_mean", "running_var"].map((entry): [string, number[]] => [
      `${name}.bn.${entry}`,
      [outChannels],
    ]),
  ];
}

function checkEntries(
  convolution: InceptionConvolution,
  weights: ReadonlyMap<string, NdArray>,
  source: string,
): void {
  for (const [name, shape] of entriesOf(convolution)) {
    const found = weights.get(name);
    if (found && found.shape.join() === shape.join()) continue;
    throw new UserError(
      `Cannot use ${source} as Inception v3: its entry ${name} must be [${
        shape.join(", ")
      }], current value is ` +
        `${found ? `[${found.shape.join(", ")}]` : "missing"}; give torchvision's file of inception_v3.`,
    );
  }
}

/** Puts the batch norm of a convolution into its kernel and an offset. */
function fold(name: string, weights: ReadonlyMap<string, NdArray>): Folded {
  const values = (entry: string) => Float64Array.from(weights.get(`${name}.${entry}`)!.data, Number);
  const [gain, bias, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((entry) =>
    values(`bn.${entry}`)
  );
  const scale = gain.map((value, i) => value / Math.sqrt(variance[i] + EPSILON)); // [O]
  const { data, shape } = transposeArray(weights.get(`${name}.conv.weight`)!, [2, 3, 1, 0]);
  const channels = scale.length;
  const kernel = data.map((value, i) => value * scale[i % channels]); // [kh, kw, I, O]
  const offset = Float32Array.from(scale, (value, i) => bias[i] - mean[i] * value); // [O]
  return {
    kernel: tf.keep(tf.tensor4d(kernel, shape as [number, number, number, number])),
    offset: tf.keep(tf.tensor1d(offset)),
  };
}
