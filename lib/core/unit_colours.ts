/**
 * Colours of networks and samples as images to look at.
 *
 * @module
 */
import type { FloatImage } from "./arrays.ts";

/** Colours in [−1, 1], as networks and samples hold them, in [0, 1]. */
export function toUnitColours(image: FloatImage): FloatImage & { readonly data: Float32Array } {
  const data = new Float32Array(image.data); // [H, W, C]
  for (let i = 0; i < data.length; i++) data[i] = data[i] / 2 + 0.5;
  return { ...image, data };
}
