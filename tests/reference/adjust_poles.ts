/**
 * One value at each pole.
 *
 * @module
 */
import type { FloatImage } from "../../lib/core/arrays.ts";

/**
 * Replaces the first and the last row by their own mean over the columns. Linear and its own adjoint, so the same
 * function turns gradients back.
 *
 * @param map The map, `[H, W, C]`
 * @returns A new map, `[H, W, C]`
 */
export function adjustPoles(map: FloatImage): FloatImage {
  const { height, width, channels } = map;
  const data = map.data.slice(); // [H, W, C]
  for (const row of new Set([0, height - 1])) {
    for (let channel = 0; channel < channels; channel++) {
      const first = row * width * channels + channel;
      let sum = 0;
      for (let column = 0; column < width; column++) sum += map.data[first + column * channels];
      for (let column = 0; column < width; column++) data[first + column * channels] = sum / width;
    }
  }
  return { data, height, width, channels };
}
