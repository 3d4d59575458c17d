/**
 * Work on the host inside a step of tensors: the one place here where tensor values are read.
 *
 * @module
 */
import { sizeOf } from "../core/arrays.ts";
import { type Tensor, tf } from "../core/tensor.ts";

/**
 * Runs `compute` on the values of tensors and makes a tensor of its result. Recorded steps are cut at these operations.
 *
 * @param name Name of the operation, for messages and records
 * @param inputs Tensors whose values are read
 * @param shape Shape of the result
 * @param compute Writes the result into zeros of that shape, given the inputs' values
 * @returns Result, of `shape`
 */
export function hostOp(
  name: string,
  inputs: readonly Tensor[],
  shape: readonly number[],
  compute: (result: Float32Array, ...values: Float32Array[]) => void,
): Tensor {
  let values: Float32Array[];
  try {
    values = inputs.map((input) => input.dataSync<"float32">());
  } catch (cause) {
    throw new Error(
      `Cannot run "${name}" on the host: the backend "${tf.getBackend()}" gave no tensor values`,
      { cause },
    );
  }
  const result = new Float32Array(sizeOf(shape));
  compute(result, ...values);
  return tf.tensor(result, [...shape], "float32");
}
