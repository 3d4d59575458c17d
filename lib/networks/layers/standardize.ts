/**
 * Standardisation over given axes: the common part of batch and instance norm.
 *
 * @module
 */
import { type Tensor, tf } from "../../core/tensor.ts";

/** Added to the variance. */
export const NORM_EPSILON = 1e-5;

/**
 * Subtracts the mean over `axes` and divides by the root of the biased variance plus `NORM_EPSILON`.
 *
 * @param x Maps or vectors
 * @param axes Axes over which statistics are taken
 * @param onStatistics Called within the forward pass with mean and biased variance, kept axes of length 1; what it
 * wants to keep it must assign to variables
 * @returns Values of the same shape; differentiable in `x`, through mean and variance too
 */
export function standardize<T extends Tensor>(
  x: T,
  axes: number[],
  onStatistics?: (mean: Tensor, variance: Tensor) => void,
): T {
  const operation = tf.customGrad((input, save) => {
    const values = input as Tensor;
    const mean = tf.mean(values, axes, true);
    const centred = tf.sub(values, mean);
    const variance = tf.mean(tf.square(centred), axes, true);
    onStatistics?.(mean, variance);
    const inverse = tf.rsqrt(tf.add(variance, NORM_EPSILON));
    const y = tf.mul(centred, inverse);
    (save as (tensors: Tensor[]) => void)([y, inverse]);
    return {
      value: y,
      gradFunc: (dy, saved) => {
        const [y, inverse] = saved as Tensor[];
        const meanDy = tf.mean(dy, axes, true);
        const meanDyY = tf.mean(tf.mul(dy, y), axes, true);
        return tf.mul(tf.sub(tf.sub(dy, meanDy), tf.mul(y, meanDyY)), inverse);
      },
    };
  });
  return operation(x) as T;
}
