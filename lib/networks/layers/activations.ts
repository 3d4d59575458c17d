/**
 * Activations.
 *
 * @module
 */
import { leakyRelu as leakyReluOfSlope } from "../../backend/ops/activations.ts";
import type { Tensor } from "../../core/tensor.ts";

export { relu } from "../../backend/ops/activations.ts";
export { softmax } from "../../backend/ops/softmax.ts";

/** Leaky ReLU of slope 0.2, also at exactly 0 for the gradient. */
export function leakyRelu<T extends Tensor>(x: T): T {
  return leakyReluOfSlope(x, 0.2);
}
