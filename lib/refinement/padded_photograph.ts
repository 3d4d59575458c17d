/**
 * Photographs without their background, for projection onto a surface that may reach a little over the mask.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { Sample } from "../datasets/dataset.ts";
import { pushPull } from "./push_pull.ts";

/** Share of the object from which a pixel's colour is the object's own. */
const WHOLE = 0.98;
/** Share of the object from which a pixel at the rim is looked at at all. */
const LEAST = 0.1;

/**
 * Gives the pixels outside of the mask the colours of the object beside them, and those at its rim their own as far as such
 * colours are found beside them (the neighbourhood clamping of temporal anti-aliasing, Karis, 2014), so that no background
 * bleeds in.
 *
 * @param sample Colours in [−1, 1] times the mask, and the mask, `[S, S]`
 * @param rim Pixels inside of the mask's edge that count as its rim
 * @returns Colours in [0, 1] everywhere, `[S, S, 3]`
 */
export function padPhotograph({ image, mask }: Pick<Sample, "image" | "mask">, rim: number): FloatImage & {
  data: Float32Array;
} {
  const size = mask.width, whole = new Uint8Array(size * size);
  for (let p = 0; p < whole.length; p++) whole[p] = mask.data[p] > WHOLE ? 1 : 0;
  const eroded = erode(whole, size, rim), inner = eroded.includes(1) ? eroded : whole; // else a thin object
  const data = new Float32Array(3 * size * size), around = surroundings(image, inner);
  const half = Math.ceil(size / 2);
  for (let i = 0, p = 0; i < size; i++) {
    for (let j = 0; j < size; j++, p++) {
      const from = 3 * ((i >> 1) * half + (j >> 1));
      for (let c = 0; c < 3; c++) {
        data[3 * p + c] = inner[p] === 1 ? image.data[3 * p + c] / 2 + 0.5 : around[from + c];
      }
      if (inner[p] === 1 || mask.data[p] <= LEAST) continue;
      const range = coloursBeside(image, inner, i, j, 2 * rim + 1);
      for (let c = 0; c < 3 && range; c++) {
        const own = image.data[3 * p + c] / mask.data[p] / 2 + 0.5;
        data[3 * p + c] = Math.min(range.most[c], Math.max(range.least[c], own));
      }
    }
  }
  return { data, height: size, width: size, channels: 3 };
}

/** Least and greatest colours of the object within a square of 2·reach + 1 pixels; null where there are none. */
function coloursBeside(
  { data, width: size }: FloatImage,
  inner: Uint8Array,
  row: number,
  column: number,
  reach: number,
): { least: number[]; most: number[] } | null {
  const least = [1, 1, 1], most = [0, 0, 0];
  let isFound = false;
  for (let i = Math.max(0, row - reach); i <= Math.min(size - 1, row + reach); i++) {
    for (let j = Math.max(0, column - reach); j <= Math.min(size - 1, column + reach); j++) {
      const p = i * size + j;
      if (inner[p] === 0) continue;
      isFound = true;
      for (let c = 0; c < 3; c++) {
        const colour = data[3 * p + c] / 2 + 0.5;
        least[c] = Math.min(least[c], colour);
        most[c] = Math.max(most[c], colour);
      }
    }
  }
  return isFound ? { least, most } : null;
}

/** Colours of the object, spread over the whole image, at half its size. */
function surroundings({ data, width: size }: FloatImage, inner: Uint8Array): Float32Array {
  const half = Math.ceil(size / 2), values = new Float32Array(3 * half * half);
  const weight = new Float32Array(half * half);
  for (let i = 0, p = 0; i < size; i++) {
    for (let j = 0; j < size; j++, p++) {
      if (inner[p] === 0) continue;
      const to = (i >> 1) * half + (j >> 1);
      weight[to]++;
      for (let c = 0; c < 3; c++) values[3 * to + c] += data[3 * p + c] / 2 + 0.5;
    }
  }
  for (let to = 0; to < weight.length; to++) {
    if (weight[to] === 0) continue;
    for (let c = 0; c < 3; c++) values[3 * to + c] /= weight[to];
    weight[to] = 1;
  }
  return pushPull({ height: half, width: half, values, weight, wraps: false });
}

/** Least value within a square of 2·rim + 1 pixels; 0 lies around the image. */
function erode(values: Uint8Array, size: number, rim: number): Uint8Array {
  const least = (from: Uint8Array, step: number, stride: number) => {
    const out = new Uint8Array(from.length);
    for (let line = 0; line < size; line++) {
      for (let i = 0, run = 0; i < size; i++) { // length of the run of ones that ends here
        run = from[line * stride + i * step] === 1 ? run + 1 : 0;
        if (run > 2 * rim) out[line * stride + (i - rim) * step] = 1;
      }
    }
    return out;
  };
  return least(least(values, 1, size), size, 1);
}
