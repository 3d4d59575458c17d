/**
 * Hard masks for tensors.
 *
 * @module
 */
import { type Tensor4D, tf } from "../../core/tensor.ts";

/**
 * 1 where a face is seen and 0 elsewhere; passes no gradient.
 *
 * @param fragments Result of `rasterize`, `[B, H, W, 4]`
 * @returns Masks, `[B, H, W, 1]`
 */
export function coverage(fragments: Tensor4D): Tensor4D {
  return tf.tidy(() =>
    tf.cast(tf.greaterEqual(tf.slice(fragments, [0, 0, 0, 3], [-1, -1, -1, 1]), 0), "float32") as Tensor4D
  );
}
