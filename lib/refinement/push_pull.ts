/**
 * Filling of images from what surrounds the holes: push-pull over a pyramid.
 *
 * @module
 */
import { checkShapes } from "../core/shapes.ts";

/** One level of the pyramid. */
interface Level {
  readonly height: number;
  readonly width: number;
  /** Values times weight, `[H, W, C]`. */
  readonly values: Float32Array;
  /** Weights, 0 to 1, `[H, W]`. */
  readonly weight: Float32Array;
}

/** An image whose values are known more or less well. */
export interface WeightedImage {
  /** Rows, H. */
  readonly height: number;
  /** Columns, W. */
  readonly width: number;
  /** Values, `[H, W, C]`. */
  readonly values: Float32Array;
  /** How well each pixel is known, 0 to 1, `[H, W]`. */
  readonly weight: Float32Array;
  /** Whether the last column is beside the first one, as on the sphere topology's textures. */
  readonly wraps: boolean;
  /**
   * Factor of values that come from a coarser level. Below 1 they fade from where they are known, at the distance d as
   * d^(log₂ decay). 1 if left out.
   */
  readonly decay?: number;
}

/**
 * Fills an image: pixels of weight 1 stay, others come from ever coarser means of the weighted pixels around them.
 *
 * After Gortler et al., "The Lumigraph" (1996), section 3.4.
 *
 * @param image Values and their weights
 * @returns Values everywhere; 0 where nothing at all is known, `[H, W, C]`
 * @throws {TypeError} If a shape does not match
 */
export function pushPull(image: WeightedImage): Float32Array {
  const { height, width, values, weight, wraps, decay = 1 } = image;
  const { C } = checkShapes("fill an image", {
    weight: [weight, [height, width]],
    values: [values, [height, width, "C"]],
  });
  const levels: Level[] = [{ height, width, values: premultiplied(values, weight, C), weight }];
  for (let level = levels[0]; level.height > 1 || level.width > 1;) {
    levels.push(level = halved(level, C));
  }
  const top = levels.at(-1)!;
  let filled: Float32Array = top.values.map((value, i) =>
    value / Math.max(top.weight[Math.floor(i / C)], 1e-6)
  );
  for (let l = levels.length - 2; l >= 0; l--) {
    filled = refined(levels[l], levels[l + 1], filled.map((value) => decay * value), C, wraps);
  }
  return filled;
}

function premultiplied(values: Float32Array, weight: Float32Array, C: number): Float32Array {
  const product = new Float32Array(values.length); // [H, W, C]
  for (let p = 0, k = 0; p < weight.length; p++) {
    for (let c = 0; c < C; c++, k++) product[k] = values[k] * weight[p];
  }
  return product;
}

/** The next coarser level: sums of 2 × 2 pixels, whose weight is at most 1. */
function halved({ height: H, width: W, values, weight }: Level, C: number): Level {
  const height = Math.ceil(H / 2), width = Math.ceil(W / 2);
  const coarse = new Float32Array(height * width * C), coarseWeight = new Float32Array(height * width);
  for (let i = 0; i < H; i++) {
    for (let j = 0; j < W; j++) {
      const from = i * W + j, to = (i >> 1) * width + (j >> 1);
      coarseWeight[to] += weight[from];
      for (let c = 0; c < C; c++) coarse[to * C + c] += values[from * C + c];
    }
  }
  for (let p = 0; p < coarseWeight.length; p++) {
    if (coarseWeight[p] <= 1) continue;
    for (let c = 0; c < C; c++) coarse[p * C + c] /= coarseWeight[p];
    coarseWeight[p] = 1;
  }
  return { height, width, values: coarse, weight: coarseWeight };
}

/** A level whose missing share is taken from the filled coarser one, bilinearly. */
function refined(level: Level, coarse: Level, filled: Float32Array, C: number, wraps: boolean): Float32Array {
  const { height: H, width: W, values, weight } = level, { height, width } = coarse;
  const out = new Float32Array(H * W * C); // [H, W, C]
  const rows = tapsOf(H, height, false), columns = tapsOf(W, width, wraps);
  for (let i = 0, p = 0; i < H; i++) {
    const top = rows.first[i] * width, bottom = rows.second[i] * width, fy = rows.fraction[i];
    for (let j = 0; j < W; j++, p++) {
      const missing = 1 - weight[p];
      if (missing <= 0) {
        for (let k = p * C; k < (p + 1) * C; k++) out[k] = values[k];
        continue;
      }
      const left = columns.first[j], right = columns.second[j], fx = columns.fraction[j];
      const a = (top + left) * C, b = (top + right) * C, d = (bottom + left) * C, e = (bottom + right) * C;
      for (let c = 0; c < C; c++) {
        const upper = filled[a + c] + fx * (filled[b + c] - filled[a + c]);
        const lower = filled[d + c] + fx * (filled[e + c] - filled[d + c]);
        out[p * C + c] = values[p * C + c] + missing * (upper + fy * (lower - upper));
      }
    }
  }
  return out;
}

/** Where each fine pixel lies among the coarse ones. */
function tapsOf(fine: number, coarse: number, wraps: boolean) {
  const first = new Int32Array(fine), second = new Int32Array(fine), fraction = new Float32Array(fine);
  for (let i = 0; i < fine; i++) {
    const place = (i + 0.5) / 2 - 0.5, low = Math.floor(place);
    fraction[i] = place - low;
    first[i] = wraps ? (low + coarse) % coarse : Math.max(0, low);
    second[i] = wraps ? (low + 1) % coarse : Math.min(coarse - 1, low + 1);
  }
  return { first, second, fraction };
}
