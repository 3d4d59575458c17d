/**
 * From what a network predicts to a whole UV map: the rule at the poles and the even reflection.
 *
 * @module
 */
import { type Tensor4D, tf } from "../../core/tensor.ts";

/**
 * Completes the middle half of a left-right symmetric UV map: `[B, H, W/2, C]` → `[B, H, W, C]`.
 *
 * With h columns in, the result has columns h/2 − 1 … 0, then 0 … h − 1, then h − 1 … h/2.
 */
export function mirrorHalf(x: Tensor4D): Tensor4D {
  const [B, H, W, C] = x.shape;
  const left = tf.reverse(tf.slice(x, [0, 0, 0, 0], [B, H, W / 2, C]), 2);
  const right = tf.reverse(tf.slice(x, [0, 0, W / 2, 0], [B, H, W / 2, C]), 2);
  return tf.concat([left, x, right], 2);
}

/** Replaces the first and the last row, which are one point each, by their means, `[B, H, W, C]`. */
export function applyPoleRule(x: Tensor4D): Tensor4D {
  const [B, H, W, C] = x.shape;
  const meanRow = (row: number): Tensor4D =>
    tf.tile(tf.mean(tf.slice(x, [0, row, 0, 0], [B, 1, W, C]), 2, true), [1, 1, W, 1]) as Tensor4D;
  return tf.concat([meanRow(0), tf.slice(x, [0, 1, 0, 0], [B, H - 2, W, C]), meanRow(H - 1)], 1);
}
