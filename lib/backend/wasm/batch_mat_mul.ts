/**
 * Matrix products with transposed factors.
 *
 * @module
 */
import { type Tensor, tf } from "../../core/tensor.ts";

/** Transposes the factors first: the package's own transposed product is about 30 times slower than one without. */
export function batchMatMul(call: Parameters<tf.KernelFunc>[0], plain: tf.KernelFunc): tf.TensorInfo {
  const { a, b } = call.inputs as Record<string, Tensor>;
  const { transposeA, transposeB } = call.attrs as unknown as tf.BatchMatMulAttrs;
  const first = transposeA ? transposeLast(a) : a, second = transposeB ? transposeLast(b) : b;
  try {
    const attrs = { transposeA: false, transposeB: false };
    return plain({ ...call, inputs: { a: first, b: second }, attrs }) as tf.TensorInfo;
  } finally {
    if (first !== a) first.dispose();
    if (second !== b) second.dispose();
  }
}

/** Swaps the last two axes. */
function transposeLast(matrices: Tensor): Tensor {
  const rank = matrices.rank, axes = matrices.shape.map((_, axis) => axis);
  return tf.transpose(matrices, [...axes.slice(0, -2), rank - 1, rank - 2]);
}
