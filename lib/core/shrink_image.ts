/**
 * Images of fewer or more pixels.
 *
 * @module
 */
import { type FloatImage, floatImage } from "./arrays.ts";

/**
 * Means of squares of `factor × factor` pixels.
 *
 * @param image `[H, W, C]`; rows and columns beyond a multiple of `factor` are left out
 * @param factor Integer
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

/**
 * Bilinear interpolation between the centres of pixels; the outer ones go on to the edges.
 *
 * @param image `[H, W, C]`
 * @param factor Integer
 * @returns `[H · factor, W · factor, C]`
 */
export function enlargeImage(image: FloatImage, factor: number): FloatImage {
  if (factor === 1) return image;
  const { data, height, width, channels } = image;
  const out = floatImage(height * factor, width * factor, channels);
  for (let i = 0, to = 0; i < out.height; i++) {
    const [top, bottom, v] = neighbours((i + 0.5) / factor - 0.5, height);
    for (let j = 0; j < out.width; j++) {
      const [left, right, u] = neighbours((j + 0.5) / factor - 0.5, width);
      for (let c = 0; c < channels; c++, to++) {
        const at = (row: number, column: number) => data[(row * width + column) * channels + c];
        const upper = at(top, left) + u * (at(top, right) - at(top, left));
        const lower = at(bottom, left) + u * (at(bottom, right) - at(bottom, left));
        out.data[to] = upper + v * (lower - upper);
      }
    }
  }
  return out;
}

/** The pixels before and behind a place, and how far it lies from the first. */
function neighbours(place: number, length: number): [number, number, number] {
  const inside = Math.max(0, Math.min(length - 1, place)), first = Math.floor(inside);
  return [first, Math.min(length - 1, first + 1), inside - first];
}
