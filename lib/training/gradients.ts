/**
 * Gradients of a loss by parameter name.
 *
 * @module
 */
import { meanOverProcesses } from "../backend/ops/all_reduce.ts";
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
 * Runs a forward pass and its backward pass. Where several processes have a part of the batch each, the gradients are
 * means over all of them, and the loss is that of this process's part.
 *
 * @param forward Computes the loss
 * @param variables Variables by name; those that the loss does not depend on are left out of the result
 */
export function computeGradients(
  forward: () => Scalar,
  variables: ReadonlyMap<string, Variable>,
): LossGradients {
  const { value, grads } = tf.variableGrads(() => {
    const loss = forward();
    freeWhilePropagating();
    return loss;
  }, [...variables.values()]);
  const found = [...variables].flatMap(([name, variable]) => {
    const gradient = grads[variable.name];
    return gradient ? [{ name, gradient }] : [];
  });
  const means = meanOverProcesses(found.map(({ gradient }) => gradient));
  const gradients = Object.fromEntries(found.map(({ name }, i) => [name, means[i]]));
  return { loss: value, gradients };
}

/**
 * Means of figures over all processes, in the place of this process's own.
 *
 * @param figures Kept tensors; they are disposed of where others come in their place
 */
export function meanFigures(figures: Tensor[]): Tensor[] {
  const means = meanOverProcesses(figures);
  tf.dispose(figures.filter((figure) => !means.includes(figure)));
  return means;
}

/** An operation of a forward pass, as tfjs keeps it until the backward pass. */
interface TapeNode {
  /** Inputs that a gradient is wanted for; others are left out when the backward pass begins. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** Tensors that the gradient needs. */
  readonly saved?: readonly Tensor[];
  /** Gradients of the inputs from those of the outputs. */
  gradient?: (outputGradients: (Tensor | null)[]) => Record<string, () => Tensor>;
}

/**
 * Makes the backward pass free each operation's saved tensors, the gradients of its outputs and all in between as soon as
 * the gradients of its inputs are there. tfjs itself keeps everything to the end.
 */
function freeWhilePropagating(): void {
  const { activeTape } = (tf.engine() as unknown as { state: { activeTape: TapeNode[] | null } }).state;
  for (const node of activeTape ?? []) {
    const { gradient } = node;
    if (!gradient) continue;
    node.gradient = function (this: TapeNode, outputGradients) {
      const values: Record<string, Tensor> = {};
      tf.tidy(() => {
        const results = gradient(outputGradients);
        for (const name of Object.keys(this.inputs)) {
          const value = results[name]();
          const isTaken = outputGradients.includes(value) || Object.values(values).includes(value);
          values[name] = isTaken ? tf.clone(value) : value;
        }
        return Object.values(values);
      });
      tf.dispose(outputGradients.filter((one) => one !== null));
      tf.dispose([...this.saved ?? []]);
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, () => value]));
    };
  }
}
