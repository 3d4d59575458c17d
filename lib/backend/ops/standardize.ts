/**
 * Standardisation over given axes: the common part of batch and instance norm.
 *
 * @module
 */
import { type Tensor, tf } from "../../core/tensor.ts";

/**
 * Subtracts the mean over `axes` and divides by the root of the biased variance plus `epsilon`.
 *
 * @param x Maps or vectors
 * @param axes Axes over which statistics are taken
 * @param epsilon Added to the variance
 * @param onStatistics Called within the forward pass with mean and biased variance, kept axes of length 1; what it
 * wants to keep it must assign to variables
 * @returns Values of the same shape; differentiable in `x`, through mean and variance too
 */
export function standardize<T extends Tensor>(
  x: T,
  axes: number[],
  epsilon: number,
  onStatistics?: (mean: Tensor, variance: Tensor) => void,
): T {
  const operation = tf.customGrad((input, save) => {
    const values = input as Tensor;
    const mean = meanOver(values, axes);
    const centred = tf.sub(values, mean);
    const variance = meanOver(tf.square(centred), axes);
    onStatistics?.(mean, variance);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const y = tf.mul(centred, inverse);
    (save as (tensors: Tensor[]) => void)([y, inverse]);
    return {
      value: y,
      gradFunc: (dy, saved) => {
        const [y, inverse] = saved as Tensor[];
        const meanDy = meanOver(dy, axes);
        const meanDyY = meanOver(tf.mul(dy, y), axes);
        return tf.mul(tf.sub(tf.sub(dy, meanDy), tf.mul(y, meanDyY)), inverse);
      },
    };
  });
  return operation(x) as T;
}

/** Mean over axes, kept with length 1; one axis at a time, since one long float32 sum is ten times less exact. */
function meanOver(x: Tensor, axes: number[]): Tensor {
  return axes.reduceRight((values: Tensor, axis) => tf.mean(values, axis, true), x);
}

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
