/**
 * Batch normalisation by the batch's own statistics.
 *
 * @module
 */
import { type Tensor, type Tensor4D, tf } from "../../core/tensor.ts";
import type { NativeBackend } from "../native/kernel_layer.ts";
import { activeNativeBackend } from "../native/register.ts";
import {
  boolAttribute,
  CHANNELS_LAST,
  FLOAT_TYPE,
  floatAttribute,
  runOperation,
  typeAttribute,
} from "./native_operation.ts";
import { standardize } from "./standardize.ts";

/** Gain and offset per channel. */
export interface Affine {
  /** Factors behind the standardisation, `[C]`. */
  readonly gain: Tensor;
  /** What is added then, `[C]`. */
  readonly offset: Tensor;
}

/**
 * Called within the forward pass with mean and unbiased variance of the batch, `[C]` each; what it wants to keep it must
 * assign to variables.
 */
export type OnBatchStatistics = (mean: Tensor, variance: Tensor) => void;

/**
 * Subtracts each channel's mean and divides by the root of its biased variance plus `epsilon`, then applies gain and offset.
 *
 * @param x Maps or vectors, `[..., C]`
 * @param epsilon Added to the variance
 * @param affine Gain and offset; null for 1 and 0
 * @param onStatistics See {@linkcode OnBatchStatistics}
 * @returns Values of the same shape; differentiable in `x`, gain and offset
 */
export function batchNorm<T extends Tensor>(
  x: T,
  epsilon: number,
  affine: Affine | null,
  onStatistics?: OnBatchStatistics,
): T {
  const backend = activeNativeBackend();
  if (backend !== null) return nativeBatchNorm(backend, x, epsilon, affine, onStatistics);
  const channels = x.shape[x.rank - 1], count = x.size / channels;
  const y = standardize(x, x.shape.slice(1).map((_, axis) => axis), epsilon, (mean, variance) => {
    onStatistics?.(
      tf.reshape(mean, [channels]),
      tf.mul(tf.reshape(variance, [channels]), count / (count - 1)),
    );
  });
  return affine === null ? y : tf.add(tf.mul(y, affine.gain), affine.offset) as T;
}

function nativeBatchNorm<T extends Tensor>(
  backend: NativeBackend,
  x: T,
  epsilon: number,
  affine: Affine | null,
  onStatistics?: OnBatchStatistics,
): T {
  const channels = x.shape[x.rank - 1];
  const attributes = [
    FLOAT_TYPE,
    typeAttribute("U"),
    floatAttribute("epsilon", epsilon),
    CHANNELS_LAST,
    boolAttribute("is_training", true),
  ];
  const operation = tf.customGrad((...args) => {
    const [values, gain, offset] = args as Tensor[];
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void;
    const map = asMaps(values), none = tf.tensor1d([], "float32");
    const one = affine === null ? tf.ones([channels]) : gain;
    const zero = affine === null ? tf.zeros([channels]) : offset;
    const [y, mean, variance, ...reserved] = runOperation(
      backend,
      "FusedBatchNormV3",
      [...attributes, floatAttribute("exponential_avg_factor", 1)],
      [map, one, zero, none, none],
      6,
    );
    onStatistics?.(mean, variance);
    save([map, one, ...reserved]);
    return {
      value: tf.reshape(y, values.shape),
      gradFunc: (dy, saved) => {
        const [map, one, ...reserved] = saved as Tensor[];
        const [dx, dGain, dOffset] = runOperation(
          backend,
          "FusedBatchNormGradV3",
          attributes,
          [asMaps(dy), map, one, ...reserved],
          5,
        );
        const dValues = tf.reshape(dx, values.shape);
        return affine === null ? dValues : [dValues, dGain, dOffset];
      },
    };
  });
  return (affine === null ? operation(x) : operation(x, affine.gain, affine.offset)) as T;
}

/** Maps as they are; vectors `[B, C]` as maps of one pixel. */
function asMaps(x: Tensor): Tensor4D {
  if (x.rank === 4) return x as Tensor4D;
  const [batch, channels] = x.shape as [number, number];
  return tf.reshape(x, [batch, 1, 1, channels]);
}
