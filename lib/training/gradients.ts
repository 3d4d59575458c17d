/**
 * Gradients of a loss by parameter name.
 *
 * @module
 */
import type { NamedTensors, Scalar, Tensor, Variable } from "../core/tensor.ts";
import { tf } from "../core/tensor.ts";

/** A loss and its gradients. */
export interface LossGradients {
  /** Value of the loss. */
  readonly loss: Scalar;
  /** Gradient of each variable that the loss depends on, by name. */
  readonly gradients: NamedTensors;
}

/**
 * Runs a forward pass and its backward pass.
 *
 * @param forward Computes the loss
 * @param variables Variables by name; those that the loss does not depend on are left out of the result
 */
export function computeGradients(
  forward: () => Scalar,
  variables: ReadonlyMap<string, Variable>,
): LossGradients {
  const { value, grads } = tf.variableGrads(forward, [...variables.values()]);
  const gradients: Record<string, Tensor> = {};
  for (const [name, variable] of variables) {
    const gradient = grads[variable.name];
    if (gradient) gradients[name] = gradient;
  }
  return { loss: value, gradients };
}
