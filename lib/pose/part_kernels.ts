/**
 * Part maps against rendered part probabilities: the two loops of step 2.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { meanIouOfSums } from "../metrics/iou.ts";
import type { Fragments } from "../rendering/rasterize.ts";

/** An observed part map without its background channel. */
export interface ObservedParts {
  /** Probabilities, `[S, S, C]`. */
  readonly map: FloatArray;
  /** Number of channels, C: the object without a part, then the parts. */
  readonly channels: number;
}

/**
 * Adds the observed parts of the covered pixels to the vertices that are seen there: minus the gradient, at zero, of the
 * squared difference between rendered vertex colours and the part map.
 *
 * @param fragments Rasterised view, `[S, S]`
 * @param faces Vertex indices, `[F, 3]`
 * @param observed Part map of the picture
 * @param sums Added to, `[V, C]`
 */
export function scatterParts(
  { faceIndex, barycentric }: Fragments,
  faces: Int32Array,
  { map, channels }: ObservedParts,
  sums: FloatArray,
): void {
  for (let pixel = 0; pixel < faceIndex.length; pixel++) {
    const face = faceIndex[pixel];
    if (face < 0) continue;
    for (let corner = 0; corner < 3; corner++) {
      const weight = 2 * barycentric[3 * pixel + corner], row = channels * faces[3 * face + corner];
      for (let c = 0; c < channels; c++) sums[row + c] += weight * map[channels * pixel + c];
    }
  }
}

/**
 * Soft overlap of rendered vertex colours with an observed part map, averaged over the observed channels.
 *
 * @param fragments Rasterised view, `[S, S]`
 * @param faces Vertex indices, `[F, 3]`
 * @param colours Part probabilities of the vertices, `[V, C]`
 * @param observed Part map of the picture
 * @param totals Sum of each channel of the part map, `[C]`
 * @returns 0 to 1; `NaN` if the part map is empty
 */
export function partOverlap(
  { faceIndex, barycentric }: Fragments,
  faces: Int32Array,
  colours: FloatArray,
  { map, channels }: ObservedParts,
  totals: Float64Array,
): number {
  const minimum = new Float64Array(channels); // [C]
  const rendered = new Float64Array(channels); // [C]
  for (let pixel = 0; pixel < faceIndex.length; pixel++) {
    const face = faceIndex[pixel];
    if (face < 0) continue;
    const a = channels * faces[3 * face],
      b = channels * faces[3 * face + 1],
      d = channels * faces[3 * face + 2];
    const wa = barycentric[3 * pixel], wb = barycentric[3 * pixel + 1], wd = barycentric[3 * pixel + 2];
    for (let c = 0; c < channels; c++) {
      const value = wa * colours[a + c] + wb * colours[b + c] + wd * colours[d + c];
      const target = map[channels * pixel + c];
      rendered[c] += value;
      minimum[c] += value < target ? value : target;
    }
  }
  const maximum = rendered.map((sum, c) => sum + totals[c] - minimum[c]); // [C], max(a, b) = a + b - min(a, b)
  return meanIouOfSums({ minimum, maximum, observed: totals });
}

/**
 * Sum of each channel of a part map.
 *
 * @param observed Part map
 * @returns `[C]`
 */
export function channelTotals({ map, channels }: ObservedParts): Float64Array {
  const totals = new Float64Array(channels); // [C]
  for (let i = 0; i < map.length; i += channels) {
    for (let c = 0; c < channels; c++) totals[c] += map[i + c];
  }
  return totals;
}
