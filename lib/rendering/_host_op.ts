/**
 * Work on the host inside a step of tensors: the one place here where tensor values are read.
 *
 * @module
 */
import { hostOp as recordableHostOp, hostResult } from "../backend/host_op.ts";
import type { Tensor } from "../core/tensor.ts";

/**
 * Runs `compute` on the values of tensors and makes tensors of its results, without copies where the backend allows it.
 * Recorded steps are cut at these operations.
 *
 * @param name Name of the operation, for messages and records
 * @param inputs Tensors whose values are read
 * @param shapes Shapes of the results
 * @param compute Overwrites the results, given the inputs' values, and keeps no array; called again at every replay of a
 * recorded step
 * @returns Results
 */
export function hostOp(
  name: string,
  inputs: readonly Tensor[],
  shapes: readonly (readonly number[])[],
  compute: (results: Float32Array[], ...values: Float32Array[]) => void,
): Tensor[] {
  return recordableHostOp(name, inputs, (...values) => {
    const results = shapes.map(hostResult);
    compute(results, ...values.map(({ data }) => data as Float32Array));
    return results.map((data, i) => ({ data, shape: shapes[i] }));
  }, { borrow: true });
}
