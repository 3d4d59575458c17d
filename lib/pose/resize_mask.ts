/**
 * Smaller copies of a mask for the coarse steps of the search.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/**
 * Resizes a square mask: bilinear between pixel centres, edges clamped, no smoothing beforehand.
 *
 * @param mask `[S, S]`
 * @param size Rows and columns of the mask, S
 * @param newSize Rows and columns of the result, R
 * @returns `[R, R]`
 */
export function resizeMask(mask: FloatArray, size: number, newSize: number): Float32Array {
  const resized = new Float32Array(newSize * newSize); // [R, R]
  const low = new Int32Array(newSize), high = new Int32Array(newSize), share = new Float64Array(newSize);
  for (let i = 0; i < newSize; i++) {
    const at = Math.max(0, (i + 0.5) * size / newSize - 0.5);
    low[i] = Math.min(size - 1, Math.floor(at));
    high[i] = Math.min(size - 1, low[i] + 1);
    share[i] = at - low[i];
  }
  for (let i = 0; i < newSize; i++) {
    const above = low[i] * size, below = high[i] * size;
    for (let j = 0; j < newSize; j++) {
      const top = mask[above + low[j]] * (1 - share[j]) + mask[above + high[j]] * share[j];
      const bottom = mask[below + low[j]] * (1 - share[j]) + mask[below + high[j]] * share[j];
      resized[i * newSize + j] = top * (1 - share[i]) + bottom * share[i];
    }
  }
  return resized;
}
