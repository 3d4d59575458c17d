/**
 * Linear layers and embeddings of vectors.
 *
 * @module
 */
import { addBias } from "../../backend/ops/add_bias.ts";
import { type Tensor2D, tf } from "../../core/tensor.ts";
import type { Parameters } from "../parameters.ts";

/**
 * A linear layer with weights uniform in ±1/√fan_in.
 *
 * @param parameters Where `name.weight` `[I, O]` and `name.bias` `[O]` go
 * @param name Name of the layer
 * @param inputs Length of the input
 * @param outputs Length of the output
 * @param bias Whether there is a bias
 * @returns Function `[B, I]` → `[B, O]`
 */
export function linear(
  parameters: Parameters,
  name: string,
  inputs: number,
  outputs: number,
  bias = true,
): (x: Tensor2D) => Tensor2D {
  const bound = 1 / Math.sqrt(inputs);
  const weight = parameters.uniform(`${name}.weight`, [inputs, outputs], bound, "linear");
  const offset = bias ? parameters.uniform(`${name}.bias`, [outputs], bound) : null;
  return (x) => {
    const y: Tensor2D = tf.matMul(x, weight as unknown as Tensor2D);
    return offset ? addBias(y, offset) : y;
  };
}

/**
 * A table of one row per class, standard normal at first, read by one-hot vectors.
 *
 * @param parameters Where `name.weight` `[N, D]` goes
 * @param name Name of the table
 * @param rows Number of classes, N
 * @param columns Length of a row, D
 * @returns Function one-hot `[B, N]` → `[B, D]`
 */
export function embedding(
  parameters: Parameters,
  name: string,
  rows: number,
  columns: number,
): (oneHot: Tensor2D) => Tensor2D {
  const table = parameters.normal(`${name}.weight`, [rows, columns]);
  return (oneHot) => tf.matMul(oneHot, table as unknown as Tensor2D);
}
