/**
 * Differentiable operations on tensors from a forward and a backward pass over arrays.
 *
 * @module
 */
import { hostOpInPlace } from "../../backend/host_op.ts";
import { type Tensor, tf } from "../../core/tensor.ts";

/** An operation on float32 arrays. */
export interface HostGradientOp {
  /** Name of the host operation. */
  readonly name: string;
  /** Tensors that receive gradients. */
  readonly inputs: readonly Tensor[];
  /** Tensors that are read only. */
  readonly constants?: readonly Tensor[];
  /** Shape of the result. */
  readonly shape: readonly number[];
  /** Overwrites the result; gets the values of inputs and constants. */
  forward(values: readonly Float32Array[], result: Float32Array): void;
  /** Adds to the gradients of the inputs, which are 0 before. */
  backward(values: readonly Float32Array[], gradient: Float32Array, ofInputs: readonly Float32Array[]): void;
}

/** Runs the operation, cut from the step at the host, with its gradient. */
export function hostGradientOp(op: HostGradientOp): Tensor {
  const { name, inputs, constants = [], shape, forward, backward } = op;
  const operation = tf.customGrad((...all) => {
    const save = all.pop() as unknown as (tensors: Tensor[]) => void;
    const values = [...all as Tensor[], ...constants];
    save(values);
    const [value] = hostOpInPlace(name, values, [shape], (arrays) => {
      forward(arrays.slice(0, -1), arrays[arrays.length - 1]);
    });
    const gradFunc = (gradient: Tensor, saved: Tensor[]) =>
      hostOpInPlace(name, [gradient, ...saved], inputs.map((input) => input.shape), (arrays) => {
        const ofInputs = arrays.slice(saved.length + 1);
        ofInputs.forEach((array) => array.fill(0));
        backward(arrays.slice(1, saved.length + 1), arrays[0], ofInputs);
      });
    return { value, gradFunc };
  });
  return operation(...inputs as Tensor[]);
}

/** Entry b of a batch of B; the whole where all entries share it. */
export function batchEntry(values: Float32Array, b: number, length: number): Float32Array {
  return values.length === length ? values : values.subarray(b * length, (b + 1) * length);
}
