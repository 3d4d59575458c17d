/**
 * Work on the host inside a step of tensors: the one place here where tensor values are read.
 *
 * @module
 */
import { hostOp as recordableHostOp } from "../backend/host_op.ts";
import { sizeOf } from "../core/arrays.ts";
import type { Tensor } from "../core/tensor.ts";

/**
 * Runs `compute` on the values of tensors and makes a tensor of its result. Recorded steps are cut at these operations.
 *
 * @param name Name of the operation, for messages and records
 * @param inputs Tensors whose values are read
 * @param shape Shape of the result
 * @param compute Writes the result into zeros of that shape, given the inputs' values; called again at
 * every replay of a recorded step
 * @returns Result, of `shape`
 */
export function hostOp(
  name: string,
  inputs: readonly Tensor[],
  shape: readonly number[],
  compute: (result: Float32Array, ...values: Float32Array[]) => void,
): Tensor {
  return recordableHostOp(name, inputs, (...values) => {
    const result = new Float32Array(sizeOf(shape));
    compute(result, ...values.map(({ data }) => data as Float32Array));
    return [{ data: result, shape }];
  })[0];
}
