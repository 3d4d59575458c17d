/**
 * Doubling the sides of a map.
 *
 * @module
 */
import { doubleBilinear } from "../../backend/ops/double_bilinear.ts";
import { type Tensor, type Tensor4D, tf } from "../../core/tensor.ts";

/** Repeats every value in a 2×2 block, `[B, H, W, C]` → `[B, 2H, 2W, C]`. */
export function upsampleNearest(x: Tensor4D): Tensor4D {
  const operation = tf.customGrad((input) => {
    const map = input as Tensor4D;
    return {
      value: tf.image.resizeNearestNeighbor(map, [2 * map.shape[1], 2 * map.shape[2]]),
      gradFunc: (dy: Tensor) => tf.mul(tf.avgPool(dy as Tensor4D, 2, 2, "valid"), 4),
    };
  });
  return operation(x) as Tensor4D;
}

/** Bilinear with half-pixel centres, `[B, H, W, C]` → `[B, 2H, 2W, C]`. */
export function upsampleBilinear(x: Tensor4D): Tensor4D {
  return doubleBilinear(x);
}
