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
 * @param observed Part map of the image
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

/** The channels of each pixel of a part map that are not 0. */
export interface SparseParts {
  /** Where the entries of each pixel begin, `[S · S + 1]`. */
  readonly starts: Int32Array;
  /** Channel of each entry. */
  readonly channelOf: Uint16Array;
  /** Value of each entry. */
  readonly values: FloatArray;
}

/**
 * Lists the channels that are not 0, of which a pixel has one or two as a rule.
 *
 * @param observed Part map
 */
export function sparseParts({ map, channels }: ObservedParts): SparseParts {
  const pixels = map.length / channels;
  let count = 0;
  for (let i = 0; i < map.length; i++) if (map[i] !== 0) count++;
  const starts = new Int32Array(pixels + 1), channelOf = new Uint16Array(count);
  const values = map.slice(0, count); // overwritten
  for (let pixel = 0, entry = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < channels; c++) {
      const value = map[pixel * channels + c];
      if (value === 0) continue;
      channelOf[entry] = c;
      values[entry++] = value;
    }
    starts[pixel + 1] = entry;
  }
  return { starts, channelOf, values };
}

/**
 * Soft IoU of rendered vertex colours with an observed part map, averaged over the observed channels. The sums of the
 * rendered channels are taken over vertices, and the minima where the map is not 0: with 40 clusters that is many times
 * less than all channels of all pixels.
 *
 * @param fragments Rasterised view, `[S, S]`
 * @param faces Vertex indices, `[F, 3]`
 * @param colours Part probabilities of the vertices, 0 or more, `[V, C]`
 * @param observed Part map of the image
 * @param totals Sum of each channel of the part map, `[C]`
 * @param sparse The part map's entries, where they are known
 * @returns 0 to 1; `NaN` if the part map is empty
 */
export function partIou(
  { faceIndex, barycentric }: Fragments,
  faces: Int32Array,
  colours: FloatArray,
  observed: ObservedParts,
  totals: Float64Array,
  { starts, channelOf, values }: SparseParts = sparseParts(observed),
): number {
  const { channels } = observed;
  const minimum = new Float64Array(channels); // [C]
  const rendered = new Float64Array(channels); // [C]
  const shares = new Float64Array(colours.length / channels); // [V], in pixels
  for (let pixel = 0; pixel < faceIndex.length; pixel++) {
    const face = faceIndex[pixel];
    if (face < 0) continue;
    const a = faces[3 * face], b = faces[3 * face + 1], d = faces[3 * face + 2];
    const wa = barycentric[3 * pixel], wb = barycentric[3 * pixel + 1], wd = barycentric[3 * pixel + 2];
    shares[a] += wa;
    shares[b] += wb;
    shares[d] += wd;
    for (let entry = starts[pixel]; entry < starts[pixel + 1]; entry++) {
      const c = channelOf[entry], target = values[entry];
      const value = wa * colours[channels * a + c] + wb * colours[channels * b + c] +
        wd * colours[channels * d + c];
      minimum[c] += value < target ? value : target;
    }
  }
  for (let v = 0; v < shares.length; v++) {
    if (shares[v] === 0) continue;
    for (let c = 0; c < channels; c++) rendered[c] += shares[v] * colours[channels * v + c];
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
