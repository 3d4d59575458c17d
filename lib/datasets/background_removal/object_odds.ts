/**
 * How likely pixels are the main object's, by what a model tells of an image.
 *
 * @module
 */
import { median } from "../../core/median.ts";
import { alikePatches, type PatchFeatures } from "./alike_patches.ts";
import { withoutBorderLevel } from "./border_level.ts";
import { otsuThreshold } from "./otsu.ts";
import { resizeMap, type ValueMap } from "./resize_map.ts";

/** What a model tells of an image. */
export interface FoundObject {
  /** Shares of the object, 0 to 1, `[h, w]`. */
  readonly map: ValueMap;
  /** Share from which on a pixel is the object's; null takes Otsu's threshold of the shares less their border level. */
  readonly threshold: number | null;
  /** Features of the image's patches; null if no model tells them. */
  readonly patches: PatchFeatures | null;
  /** Why the map is not to be trusted. */
  readonly doubt?: string;
}

/** Step about the threshold, as a share of the range of values, that multiplies the odds by e. */
const STEP = 0.12;
/** The same for the patches' means, which are to be told apart by their features. */
const PATCH_STEP = 0.15;
/** Share of the values that count as the range's upper end. */
const TOP = 0.97;
/** Odds that the classifier of patches adds at its value of 1, and what both are multiplied by then. */
const PATCH_ODDS = 2, BOTH = 0.6;

/**
 * Logarithms of the odds of the object: 0 at the threshold, plus what the patches' features say.
 *
 * @param found What the model tells
 * @returns Odds, `[h, w]`
 */
export function objectOdds({ map, threshold, patches }: FoundObject): ValueMap {
  const { height, width } = map;
  if (threshold !== null) {
    const odds = map.data.map((value) => (value - threshold) / STEP);
    const belief = () =>
      patchMeans(map, patches!).map((value) => Math.tanh((value - threshold) / (2 * PATCH_STEP)));
    return patches === null ? { ...map, data: odds } : withAlike(odds, belief(), patches, map);
  }
  const values = withoutBorderLevel(map.data, height, width);
  const range = rangeOf(values, height, width), even = otsuThreshold(values);
  const odds = values.map((value) => (value - even) / (STEP * range));
  if (patches === null) return { data: odds, height, width };
  const means = patchMeans({ data: values, height, width }, patches), start = otsuThreshold(means);
  const belief = means.map((value) => Math.tanh((value - start) / (2 * PATCH_STEP * range)));
  return withAlike(odds, belief, patches, map);
}

/** Odds plus what the classifier of patches says that a belief, `[rows · columns]`, teaches. */
function withAlike(
  odds: Float32Array,
  belief: Float32Array,
  patches: PatchFeatures,
  { height, width }: ValueMap,
): ValueMap {
  const { rows, columns } = patches;
  const alike = resizeMap(
    { data: alikePatches(patches, belief), height: rows, width: columns },
    height,
    width,
  );
  return { data: odds.map((z, p) => BOTH * (z + PATCH_ODDS * alike[p])), height, width };
}

/** Means of a map over the patches, `[rows · columns]`. */
function patchMeans({ data, height, width }: ValueMap, { rows, columns }: PatchFeatures): Float32Array {
  const sums = new Float32Array(rows * columns), counts = new Float32Array(rows * columns); // [rows, columns]
  for (let i = 0, p = 0; i < height; i++) {
    const row = Math.floor(i * rows / height) * columns;
    for (let j = 0; j < width; j++, p++) {
      const patch = row + Math.floor(j * columns / width);
      sums[patch] += data[p];
      counts[patch]++;
    }
  }
  return sums.map((sum, patch) => sum / Math.max(counts[patch], 1));
}

/** From the level along the border to nearly the largest value. */
function rangeOf(values: Float32Array, height: number, width: number): number {
  const border: number[] = [];
  for (let i = 0, p = 0; i < height; i++) {
    for (let j = 0; j < width; j++, p++) {
      if (i === 0 || j === 0 || i === height - 1 || j === width - 1) border.push(values[p]);
    }
  }
  const sorted = values.toSorted();
  return Math.max(1e-3, sorted[Math.floor(TOP * (sorted.length - 1))] - median(border));
}
