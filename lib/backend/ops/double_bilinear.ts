/**
 * Bilinear doubling of a map's sides.
 *
 * @module
 */
import { type Tensor, type Tensor4D, tf } from "../../core/tensor.ts";
import { activeNativeBackend } from "../native/active.ts";
import { boolAttribute, FLOAT_TYPE, runOperation } from "./native_operation.ts";

/** Pixels are areas: their centres lie half a pixel inside. tfjs's own gradient forgets that. */
const HALF_PIXELS = [boolAttribute("align_corners", false), boolAttribute("half_pixel_centers", true)];

/**
 * Doubles rows and columns, bilinear with half-pixel centres; edges are repeated.
 *
 * @param x Map, `[B, H, W, C]`
 * @returns Map, `[B, 2H, 2W, C]`
 */
export function doubleBilinear(x: Tensor4D): Tensor4D {
  const backend = activeNativeBackend();
  if (backend === null) return doubleAxis(doubleAxis(x, 1), 2);
  const operation = tf.customGrad((input, save) => {
    const map = input as Tensor4D, [, H, W] = map.shape;
    (save as (tensors: Tensor[]) => void)([map]);
    const size = tf.tensor1d([2 * H, 2 * W], "int32");
    return {
      value: runOperation(backend, "ResizeBilinear", [FLOAT_TYPE, ...HALF_PIXELS], [map, size], 1)[0],
      gradFunc: (dy, saved) =>
        runOperation(
          backend,
          "ResizeBilinearGrad",
          [FLOAT_TYPE, ...HALF_PIXELS],
          [dy, ...saved as Tensor[]],
          1,
        )[0],
    };
  });
  return operation(x) as Tensor4D;
}

/** New values lie a quarter before and a quarter behind the old ones. */
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
