/**
 * Doubling the sides of a map.
 *
 * @module
 */
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
  return doubleAxis(doubleAxis(x, 1), 2);
}

/** New values lie a quarter before and a quarter behind the old ones; edges are repeated. */
function doubleAxis(x: Tensor4D, axis: 1 | 2): Tensor4D {
  const length = x.shape[axis];
  const part = (from: number, count: number): Tensor4D => {
    const begin = [0, 0, 0, 0], size = x.shape.slice();
    begin[axis] = from;
    size[axis] = count;
    return tf.slice(x, begin, size);
  };
  const first = part(0, 1), last = part(length - 1, 1);
  const before = length === 1 ? first : tf.concat([first, part(0, length - 1)], axis);
  const behind = length === 1 ? last : tf.concat([part(1, length - 1), last], axis);
  const main = tf.mul(x, 0.75);
  const even = tf.add(main, tf.mul(before, 0.25)), odd = tf.add(main, tf.mul(behind, 0.25));
  const shape = x.shape.slice() as [number, number, number, number];
  shape[axis] = 2 * length;
  return tf.reshape(tf.stack([even, odd], axis + 1), shape);
}
