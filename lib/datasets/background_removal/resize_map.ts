/**
 * Maps of single values at another size.
 *
 * @module
 */

/** A map of single values. */
export interface ValueMap {
  /** Values, `[H, W]`. */
  readonly data: Float32Array;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

/**
 * A map at another size, bilinear between the centres of its pixels.
 *
 * @param map Values, `[H, W]`
 * @param height Rows of the result
 * @param width Columns of the result
 * @returns Values, `[height, width]`
 */
export function resizeMap(map: ValueMap, height: number, width: number): Float32Array {
  const { data } = map, resized = new Float32Array(height * width); // [height, width]
  const place = (k: number, from: number, to: number) =>
    Math.min(Math.max((k + 0.5) * to / from - 0.5, 0), to - 1);
  for (let i = 0, p = 0; i < height; i++) {
    const y = place(i, height, map.height), top = Math.floor(y), bottom = Math.min(top + 1, map.height - 1);
    for (let j = 0; j < width; j++, p++) {
      const x = place(j, width, map.width), left = Math.floor(x), right = Math.min(left + 1, map.width - 1);
      const upper = data[top * map.width + left] * (1 - x + left) +
        data[top * map.width + right] * (x - left);
      const lower = data[bottom * map.width + left] * (1 - x + left) +
        data[bottom * map.width + right] * (x - left);
      resized[p] = upper * (1 - y + top) + lower * (y - top);
    }
  }
  return resized;
}
