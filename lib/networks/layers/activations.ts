/**
 * Activations, and cutting a gradient.
 *
 * @module
 */
import { leakyRelu as leakyReluOfSlope } from "../../backend/ops/activations.ts";
import { type Tensor, tf } from "../../core/tensor.ts";

export { relu } from "../../backend/ops/activations.ts";
export { softmax } from "../../backend/ops/softmax.ts";

/** Leaky ReLU of slope 0.2, also at exactly 0 for the gradient. */
export function leakyRelu<T extends Tensor>(x: T): T {
  return leakyReluOfSlope(x, 0.2);
}

/** The same values, through which no gradient flows. */
export function stopGradient<T extends Tensor>(x: T): T {
  const operation = tf.customGrad((input) => ({
    value: tf.clone(input as Tensor),
    gradFunc: (dy: Tensor) => tf.zerosLike(dy),
  }));
  return operation(x) as T;
}
