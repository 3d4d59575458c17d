/**
 * Resizing images with smoothing, in memory; free of files, so that it runs in browsers too.
 *
 * @module
 */
import type { ByteImage } from "./byte_image.ts";

/**
 * An image as RGB of another size: bilinear, and smoothed when it shrinks. Grey stands for all three colours, alpha is
 * left out. Each axis is filtered with a triangle over the centres of its pixels, as wide as two pixels of the result but
 * at least two of the image.
 *
 * @param image Image, `[H, W, C]`
 * @param height Rows of the result
 * @param width Columns of the result
 * @returns Image, `[height, width, 3]`
 */
export function resizeToRgb(image: ByteImage, height: number, width: number): ByteImage {
  const rgb = toRgb(image);
  if (height === image.height && width === image.width) return rgb;
  const columns = triangleWeights(image.width, width), rows = triangleWeights(image.height, height);
  const narrow = new Float32Array(image.height * width * 3); // [H, width, 3]
  for (let i = 0, at = 0; i < image.height; i++) {
    const line = i * image.width * 3;
    for (let j = 0; j < width; j++, at += 3) {
      const { start, weights } = columns[j];
      let red = 0, green = 0, blue = 0;
      for (let k = 0, p = line + 3 * start; k < weights.length; k++, p += 3) {
        const weight = weights[k];
        red += weight * rgb.data[p];
        green += weight * rgb.data[p + 1];
        blue += weight * rgb.data[p + 2];
      }
      narrow[at] = red;
      narrow[at + 1] = green;
      narrow[at + 2] = blue;
    }
  }
  const data = new Uint8Array(height * width * 3), line = new Float32Array(width * 3); // [height, width, 3], [width, 3]
  for (let i = 0; i < height; i++) {
    const { start, weights } = rows[i];
    line.fill(0.5); // rounds what is cut off below
    weights.forEach((weight, k) => {
      const from = (start + k) * width * 3;
      for (let x = 0; x < line.length; x++) line[x] += weight * narrow[from + x];
    });
    data.set(line, i * width * 3);
  }
  return { data, height, width, channels: 3 };
}

/** Pixels that make up one of the result. */
interface PixelWeights {
  /** The first one. */
  readonly start: number;
  /** Their shares, which add up to 1. */
  readonly weights: Float32Array;
}

/** Which of `from` pixels make up each of `to` pixels. */
function triangleWeights(from: number, to: number): PixelWeights[] {
  const scale = from / to, reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, k) => {
    const centre = (k + 0.5) * scale - 0.5;
    const start = Math.max(0, Math.ceil(centre - reach)),
      end = Math.min(from - 1, Math.floor(centre + reach));
    const weights = Float32Array.from(
      { length: end - start + 1 },
      (_, x) => Math.max(0, 1 - Math.abs(start + x - centre) / reach),
    );
    const sum = weights.reduce((sum, weight) => sum + weight, 0);
    return { start, weights: weights.map((weight) => weight / sum) };
  });
}

function toRgb({ data, height, width, channels }: ByteImage): ByteImage {
  if (channels === 3) return { data, height, width, channels };
  const rgb = new Uint8Array(height * width * 3); // [H, W, 3]
  for (let p = 0; p < height * width; p++) {
    for (let c = 0; c < 3; c++) rgb[p * 3 + c] = data[p * channels + (channels === 4 ? c : 0)];
  }
  return { data: rgb, height, width, channels: 3 };
}
