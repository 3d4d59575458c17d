/**
 * Masks of fewer pixels.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/**
 * Means of squares of pixels.
 *
 * @param mask Share of the object in each pixel, `[W, W]`; columns and rows beyond `size` squares are left out
 * @param size Rows and columns of the result, S
 * @param factor Side of the squares, pixels
 * @param width Rows and columns of the mask, W
 * @returns `[S, S]`
 */
export function shrinkMask(
  mask: FloatArray,
  size: number,
  factor: number,
  width = size * factor,
): Float32Array {
  const out = new Float32Array(size * size); // [S, S]
  for (let i = 0; i < size * factor; i++) {
    for (let j = 0; j < size * factor; j++) {
      out[Math.floor(i / factor) * size + Math.floor(j / factor)] += mask[i * width + j] / factor ** 2;
    }
  }
  return out;
}
