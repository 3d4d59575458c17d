/**
 * Pictures of fewer pixels.
 *
 * @module
 */
import { type FloatImage, floatImage } from "./arrays.ts";

/**
 * Means of squares of `factor × factor` pixels.
 *
 * @param image `[H, W, C]`; rows and columns beyond a multiple of `factor` are left out
 * @param factor Whole number
 * @returns `[⌊H / factor⌋, ⌊W / factor⌋, C]`
 */
export function shrinkImage(image: FloatImage, factor: number): FloatImage {
  if (factor === 1) return image;
  const { width, channels } = image;
  const out = floatImage(Math.floor(image.height / factor), Math.floor(width / factor), channels);
  for (let i = 0; i < out.height * factor; i++) {
    for (let j = 0; j < out.width * factor; j++) {
      const to = (Math.floor(i / factor) * out.width + Math.floor(j / factor)) * channels;
      const from = (i * width + j) * channels;
      for (let c = 0; c < channels; c++) out.data[to + c] += image.data[from + c] / factor ** 2;
    }
  }
  return out;
}
