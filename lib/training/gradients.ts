/**
 * Gradients of a loss by parameter name.
 *
 * @module
 */
import { meanOverProcesses } from "../backend/ops/all_reduce.ts";
import { communicator } from "../distributed/communicator.ts";
import { type NamedTensors, type Scalar, type Tensor, tf, type Variable } from "../core/tensor.ts";
import { GradientMessages } from "./gradient_messages.ts";

/** A loss and its gradients. */
export interface LossGradients {
  /** Value of the loss. */
  readonly loss: Scalar;
  /** Gradient of each variable that the loss depends on, by name. */
  readonly gradients: NamedTensors;
}

/**
 * Runs a forward pass and its backward pass. Where several processes have a part of the batch each, the gradients are
 * means over all of them, sent during the backward pass, and the loss is that of this process's part.
 *
 * @param forward Computes the loss
 * @param variables Variables by name; those that the loss does not depend on are left out of the result
 */
export function computeGradients(
  forward: () => Scalar,
  variables: ReadonlyMap<string, Variable>,
): LossGradients {
  const names = new Map([...variables].map(([name, { id }]) => [id, name]));
  const messages = communicator().size > 1 ? new GradientMessages() : null;
  const sent = new Set<string>();
  const send = (name: string, gradient: Tensor) => {
    messages?.add(name, gradient);
    sent.add(name);
  };
  const { value, grads } = tf.variableGrads(() => {
    const loss = forward();
    const once = usedOnce(loss);
    freeWhilePropagating(({ id }, gradient) => {
      if (messages && once.has(id) && names.has(id)) send(names.get(id)!, gradient);
    });
    return loss;
  }, [...variables.values()]);
  const own = [...variables].flatMap(([name, variable]) => {
    const gradient = grads[variable.name];
    return gradient ? [[name, gradient] as const] : [];
  });
  if (messages === null) return { loss: value, gradients: Object.fromEntries(own) };
  for (const [name, gradient] of own) if (!sent.has(name)) send(name, gradient);
  const means = messages.finish();
  return { loss: value, gradients: Object.fromEntries(own.map(([name]) => [name, means.get(name)!])) };
}

/**
 * Means of figures over all processes, in the place of this process's own.
 *
 * @param figures Kept tensors by name; they are disposed of where others come in their place
 */
export function meanFigures<F extends Record<string, Tensor>>(figures: F): F {
  const own = Object.values(figures), means = meanOverProcesses(own);
  tf.dispose(own.filter((figure) => !means.includes(figure)));
  return Object.fromEntries(Object.keys(figures).map((name, i) => [name, means[i]])) as F;
}

/** An operation of a forward pass, as tfjs keeps it until the backward pass. */
interface TapeNode {
  /** Inputs that a gradient is wanted for; others are left out when the backward pass begins. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** Results. */
  readonly outputs: readonly Tensor[];
  /** Tensors that the gradient needs. */
  readonly saved?: readonly Tensor[];
  /** Gradients of the inputs from those of the outputs. */
  gradient?: (outputGradients: (Tensor | null)[]) => Record<string, () => Tensor>;
}

/** The operations of the forward pass that is being differentiated. */
function tape(): readonly TapeNode[] {
  return (tf.engine() as unknown as { state: { activeTape: TapeNode[] | null } }).state.activeTape ?? [];
}

/**
 * Numbers of the tensors that one operation takes once, of those that lead to the loss: their gradient is complete when it
 * has been propagated through that operation.
 */
function usedOnce(loss: Tensor): Set<number> {
  const needed = new Set([loss.id]), uses = new Map<number, number>();
  for (const { inputs, outputs } of tape().toReversed()) {
    if (!outputs.some(({ id }) => needed.has(id))) continue; // tfjs makes some that nobody takes
    for (const { id } of Object.values(inputs)) {
      needed.add(id);
      uses.set(id, (uses.get(id) ?? 0) + 1);
    }
  }
  return new Set([...uses].filter(([, count]) => count === 1).map(([id]) => id));
}

/**
 * Makes the backward pass free each operation's saved tensors, the gradients of its outputs and all in between as soon as
 * the gradients of its inputs are there. tfjs itself keeps everything to the end.
 *
 * @param onGradient Given each input of an operation with its gradient by this operation
 */
function freeWhilePropagating(onGradient: (input: Tensor, gradient: Tensor) => void): void {
  for (const node of tape()) {
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
      for (const [name, input] of Object.entries(this.inputs)) onGradient(input, values[name]);
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, () => value]));
    };
  }
}
