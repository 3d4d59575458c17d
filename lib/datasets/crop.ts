/**
 * Square crops around objects, and their resizing: one rule for every stage.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import type { ByteImage } from "../io/byte_image.ts";

/** Box of an object in continuous pixel coordinates, where pixel (row i, column j) spans [j, j + 1] × [i, i + 1]. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** A square of a photograph's pixels; it may leave the photograph. */
export interface Crop {
  /** First column. */
  readonly x: number;
  /** First row. */
  readonly y: number;
  /** Rows and columns. */
  readonly size: number;
}

/**
 * The crop of a box: padded, rounded to whole pixels (halves to even), and grown to a square about its centre.
 *
 * Sizes of boxes count both ends (x2 − x1 + 1), and the padded box is computed in float32, as in the files of the
 * original.
 *
 * @param box Tight box of the object
 * @param options `padding`: share of the box's width and height added on each side, 0.05 by default
 * @returns The square
 * @throws {RangeError} If a coordinate is not finite, or the box ends before it starts
 */
export function cropOfBox(box: Box, { padding = 0.05 }: { readonly padding?: number } = {}): Crop {
  if (!box.every(Number.isFinite) || box[2] < box[0] || box[3] < box[1]) {
    throw new RangeError(
      `Cannot crop to a box as it must have x1 ≤ x2 and y1 ≤ y2: current value is [${box}]`,
    );
  }
  const [x1, x2] = padSide(box[0], box[2], padding);
  const [y1, y2] = padSide(box[1], box[3], padding);
  const width = x2 - x1 + 1;
  const height = y2 - y1 + 1;
  const size = Math.max(width, height);
  return {
    x: x1 - roundHalfToEven((size - width) / 2),
    y: y1 - roundHalfToEven((size - height) / 2),
    size,
  };
}

/** Rounds to the nearest integer, halves to the even one. */
export function roundHalfToEven(value: number): number {
  const rounded = Math.round(value); // halves upwards
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/**
 * Cuts a crop out of an image and resizes it: bilinear, half-pixel centres, edges of the crop repeated, and no
 * smoothing when it shrinks. Computed in float64.
 *
 * @param image Image, `[H, W, C]`
 * @param crop Square of its pixels
 * @param resolution Side of the result, r
 * @param fill Value of each channel outside of the image, `[C]`
 * @returns Image, `[r, r, C]` in float64
 * @throws {TypeError} If `fill` has not as many values as the image has channels
 * @throws {RangeError} If `resolution` is not an integer above 0
 */
export function cropAndResize(
  image: FloatImage | ByteImage,
  crop: Crop,
  resolution: number,
  fill: readonly number[],
): FloatImage & { data: Float64Array } {
  const { height, width, channels, data } = image;
  if (fill.length !== channels) {
    throw new TypeError(
      `Cannot crop an image of ${channels} channels: current value of fill has ${fill.length} values`,
    );
  }
  checkResolution(resolution);
  const columns = sampleAxis(crop.x, crop.size, width, resolution);
  const rows = sampleAxis(crop.y, crop.size, height, resolution);
  const out = new Float64Array(resolution * resolution * channels); // [r, r, C]
  for (let i = 0, o = 0; i < resolution; i++) {
    const top = rows.first[i], bottom = rows.second[i], fy = rows.fraction[i];
    for (let j = 0; j < resolution; j++) {
      const left = columns.first[j], right = columns.second[j], fx = columns.fraction[j];
      if (top >= 0 && bottom >= 0 && left >= 0 && right >= 0) { // the common case, without a test for each value
        const a = (top * width + left) * channels, b = (top * width + right) * channels;
        const d = (bottom * width + left) * channels, e = (bottom * width + right) * channels;
        for (let c = 0; c < channels; c++) {
          const upper = data[a + c] * (1 - fx) + data[b + c] * fx;
          const lower = data[d + c] * (1 - fx) + data[e + c] * fx;
          out[o++] = upper * (1 - fy) + lower * fy;
        }
        continue;
      }
      for (let c = 0; c < channels; c++) {
        const a = pixel(data, top, left, width, channels, c, fill);
        const b = pixel(data, top, right, width, channels, c, fill);
        const d = pixel(data, bottom, left, width, channels, c, fill);
        const e = pixel(data, bottom, right, width, channels, c, fill);
        const upper = a * (1 - fx) + b * fx;
        const lower = d * (1 - fx) + e * fx;
        out[o++] = upper * (1 - fy) + lower * fy;
      }
    }
  }
  return { data: out, height: resolution, width: resolution, channels };
}

/**
 * `cropAndResize` of the one-hot channels of a label image, without making them at full size.
 *
 * @param labels Labels 0 to C − 1, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @param crop Square of the image's pixels
 * @param resolution Side of the result, r
 * @param channels Number of labels, C; label 0 stands outside of the image
 * @returns Share of each label, `[r, r, C]`; shares sum to 1
 * @throws {RangeError} If `resolution` is not an integer above 0
 */
export function cropAndResizeLabels(
  labels: Uint8Array,
  height: number,
  width: number,
  crop: Crop,
  resolution: number,
  channels: number,
): FloatImage & { data: Float64Array } {
  checkResolution(resolution);
  const columns = sampleAxis(crop.x, crop.size, width, resolution);
  const rows = sampleAxis(crop.y, crop.size, height, resolution);
  const out = new Float64Array(resolution * resolution * channels); // [r, r, C]
  const label = (row: number, column: number) => row < 0 || column < 0 ? 0 : labels[row * width + column];
  for (let i = 0, o = 0; i < resolution; i++) {
    const top = rows.first[i], bottom = rows.second[i], fy = rows.fraction[i];
    for (let j = 0; j < resolution; j++, o += channels) {
      const left = columns.first[j], right = columns.second[j], fx = columns.fraction[j];
      out[o + label(top, left)] += (1 - fx) * (1 - fy);
      out[o + label(top, right)] += fx * (1 - fy);
      out[o + label(bottom, left)] += (1 - fx) * fy;
      out[o + label(bottom, right)] += fx * fy;
    }
  }
  return { data: out, height: resolution, width: resolution, channels };
}

function checkResolution(resolution: number): void {
  if (!Number.isInteger(resolution) || resolution < 1) {
    throw new RangeError(
      `Cannot resize as the resolution must be an integer above 0: current value is ${resolution}`,
    );
  }
}

/** One side of a box, padded and rounded. */
function padSide(start: number, end: number, padding: number): [number, number] {
  const margin = Math.fround(padding * Math.fround(Math.fround(end) - Math.fround(start) + 1));
  return [
    roundHalfToEven(Math.fround(Math.fround(start) - margin)),
    roundHalfToEven(Math.fround(Math.fround(end) + margin)),
  ];
}

/** The two image rows (or columns) that each sample mixes, −1 outside of the image, and the second one's share. */
function sampleAxis(start: number, size: number, length: number, resolution: number) {
  const first = new Int32Array(resolution); // [r]
  const second = new Int32Array(resolution); // [r]
  const fraction = new Float64Array(resolution); // [r]
  const inImage = (place: number) => place >= 0 && place < length ? place : -1;
  for (let i = 0; i < resolution; i++) {
    const place = Math.min(Math.max((i + 0.5) * size / resolution - 0.5, 0), size - 1);
    const low = Math.floor(place);
    fraction[i] = place - low;
    first[i] = inImage(start + low);
    second[i] = inImage(start + Math.min(low + 1, size - 1));
  }
  return { first, second, fraction };
}

function pixel(
  data: FloatArray | Uint8Array,
  row: number,
  column: number,
  width: number,
  channels: number,
  channel: number,
  fill: readonly number[],
): number {
  return row < 0 || column < 0 ? fill[channel] : data[(row * width + column) * channels + channel];
}
