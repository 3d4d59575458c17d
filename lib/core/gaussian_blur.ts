/**
 * Images under a Gaussian window.
 *
 * @module
 */
import type { FloatArray } from "./arrays.ts";

/** Radius of the window (11 pixels wide) and its deviation, pixels. */
export const BLUR_RADIUS = 5;
const DEVIATION = 1.5;
const WINDOW = gaussianWindow();

/**
 * Means under a Gaussian window of 11 pixels and deviation 1.5; beyond the image its border is repeated.
 *
 * @param values `[H, W, C]`
 * @param height Rows, H
 * @param width Columns, W
 * @param channels C
 * @returns `[H, W, C]`
 */
export function gaussianBlur(values: FloatArray, height: number, width: number, channels = 1): Float64Array {
  const between = new Float64Array(values.length), out = new Float64Array(values.length); // [H, W, C]
  const row = width * channels;
  for (let c = 0; c < channels; c++) blurLines(values, between, c, height, row, width, channels);
  blurLines(between, out, 0, row, 1, height, row);
  return out;
}

/** Blurs lines that begin `stride` apart, of `length` values that lie `step` apart. */
function blurLines(
  from: FloatArray,
  to: Float64Array,
  offset: number,
  lines: number,
  stride: number,
  length: number,
  step: number,
): void {
  for (let line = 0; line < lines; line++) {
    for (let i = 0, start = offset + line * stride; i < length; i++) {
      let sum = 0;
      for (let k = -BLUR_RADIUS; k <= BLUR_RADIUS; k++) {
        const j = i + k < 0 ? 0 : i + k >= length ? length - 1 : i + k;
        sum += WINDOW[k + BLUR_RADIUS] * from[start + j * step];
      }
      to[start + i * step] = sum;
    }
  }
}

function gaussianWindow(): Float64Array {
  const window = Float64Array.from(
    { length: 2 * BLUR_RADIUS + 1 },
    (_, i) => Math.exp(-((i - BLUR_RADIUS) ** 2) / (2 * DEVIATION ** 2)),
  );
  const total = window.reduce((sum, value) => sum + value, 0);
  return window.map((value) => value / total);
}
