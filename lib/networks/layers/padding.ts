/**
 * Padding by hand, so that every convolution runs as `valid`.
 *
 * @module
 */
import { type Tensor4D, tf } from "../../core/tensor.ts";

/**
 * What lies beyond the edge: zeros on all sides; or zeros above and below and, left and right, the edge column repeated
 * (half of a symmetric UV map) or the opposite edge (a whole UV map, which is a ring).
 */
export type PaddingKind = "zero" | "replicateX" | "circularX";

/**
 * Pads a map on all four sides.
 *
 * @param x Map, `[B, H, W, C]`
 * @param amount Rows and columns on each side
 * @param kind What to fill in
 * @returns Map, `[B, H + 2 amount, W + 2 amount, C]`
 */
export function padMap(x: Tensor4D, amount: number, kind: PaddingKind): Tensor4D {
  if (amount === 0) return x;
  if (kind === "zero") return tf.pad(x, [[0, 0], [amount, amount], [amount, amount], [0, 0]]);
  const [B, H, W, C] = x.shape;
  let left: Tensor4D, right: Tensor4D;
  if (kind === "circularX") {
    left = tf.slice(x, [0, 0, W - amount, 0], [B, H, amount, C]);
    right = tf.slice(x, [0, 0, 0, 0], [B, H, amount, C]);
  } else {
    left = tf.slice(x, [0, 0, 0, 0], [B, H, 1, C]);
    right = tf.slice(x, [0, 0, W - 1, 0], [B, H, 1, C]);
    if (amount > 1) [left, right] = [repeatColumn(left, amount), repeatColumn(right, amount)];
  }
  const wide = tf.concat([left, x, right], 2);
  return tf.pad(wide, [[0, 0], [amount, amount], [0, 0], [0, 0]]);
}

function repeatColumn(column: Tensor4D, count: number): Tensor4D {
  return tf.concat(Array.from({ length: count }, () => column), 2);
}
