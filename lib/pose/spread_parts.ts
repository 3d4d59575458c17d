/**
 * Part labels of a few photographs, spread to all photographs of a data set by the features of a vision model.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { FeatureSource, ObjectFeatures } from "./object_features.ts";

/** Labelled patches that a patch takes its parts from. */
const NEIGHBOURS = 10;
/** How fast a neighbour's weight falls with the cosine: e for each 1 / 20. */
const SHARPNESS = 20;
/** Pixels of a label map for each patch, along each axis. */
const PIXELS = 4;

/** Labelled patches. */
interface LabelledPatches {
  /** Features about `mean`, of length 1, `[L, D]`. */
  readonly features: Float32Array;
  /** Object without part, then parts; sums to 1, `[L, 1 + P]`. */
  readonly shares: Float32Array;
  /** Mean of the features, `[D]`. */
  readonly mean: Float64Array;
}

/** Labelled photographs with their features. */
export interface LabelledPhotographs {
  /** Photographs with part labels. */
  readonly dataset: Dataset;
  /** Their features. */
  readonly source: FeatureSource;
}

/**
 * A view of a data set whose parts are those of the most similar labelled patches.
 *
 * @param dataset Photographs; parts of their own are not looked at
 * @param source Their features
 * @param labelled Photographs with parts
 * @param callbacks Sentence about the labels, signal
 * @returns The data set with the parts of the labelled photographs
 * @throws {StoppedError} If the signal was aborted
 */
export async function spreadParts(
  dataset: Dataset,
  source: FeatureSource,
  labelled: LabelledPhotographs,
  callbacks: StageCallbacks = {},
): Promise<Dataset> {
  const { partNames } = labelled.dataset, known = await labelledPatches(labelled, callbacks);
  callbacks.onMessage?.(
    `Parts are spread from ${labelled.dataset.length} labelled photographs: ${partNames.join(", ")}.`,
  );
  const maps = new Map<number, FloatImage>();
  return {
    ...dataset,
    partNames,
    async sample(i, side, partKind) {
      const sample = await dataset.sample(i, side, partKind);
      if (!maps.has(i)) maps.set(i, patchParts(await source.features(i), known));
      return { ...sample, parts: enlargedParts(maps.get(i)!, sample.mask) };
    },
  };
}

async function labelledPatches(
  { dataset, source }: LabelledPhotographs,
  { signal }: StageCallbacks,
): Promise<LabelledPatches> {
  const all: Float32Array[] = [], shares: number[] = [], D = source.dimensions, mean = new Float64Array(D);
  for (let i = 0; i < dataset.length; i++) {
    throwIfStopped(signal, "The spread of parts");
    const { side, patches, features } = await source.features(i);
    const { parts } = await dataset.sample(i, side * PIXELS);
    if (parts === null) continue;
    all.push(features);
    for (const patch of patches) shares.push(...sharesOf(parts, patch, side));
  }
  const features = new Float32Array(all.reduce((sum, { length }) => sum + length, 0)),
    L = features.length / D;
  all.reduce((offset, part) => (features.set(part, offset), offset + part.length), 0);
  features.forEach((value, k) => mean[k % D] += value / L);
  return { features: centred(features, mean), shares: Float32Array.from(shares), mean };
}

/** Shares of the object's parts in a patch, `[1 + P]`. */
function sharesOf({ data, width, channels }: FloatImage, patch: number, side: number): Float64Array {
  const shares = new Float64Array(channels - 1), row = Math.floor(patch / side), column = patch % side;
  for (let y = 0; y < PIXELS; y++) {
    for (let x = 0; x < PIXELS; x++) {
      const at = ((row * PIXELS + y) * width + column * PIXELS + x) * channels;
      for (let c = 1; c < channels; c++) shares[c - 1] += data[at + c];
    }
  }
  const sum = shares.reduce((total, share) => total + share, 0);
  if (sum === 0) shares[0] = 1;
  return sum === 0 ? shares : shares.map((share) => share / sum);
}

/** Features less their mean, of length 1. */
function centred(features: Float32Array, mean: Float64Array): Float32Array {
  const D = mean.length, out = new Float32Array(features.length);
  for (let k = 0; k < features.length; k += D) {
    let squares = 0;
    for (let d = 0; d < D; d++) squares += (out[k + d] = features[k + d] - mean[d]) ** 2;
    for (let d = 0; d < D; d++) out[k + d] /= Math.sqrt(squares) || 1;
  }
  return out;
}

/** Parts of each patch on the object, 0 elsewhere, `[P, P, 1 + parts]`. */
function patchParts(
  { side, patches, features }: ObjectFeatures,
  { features: known, shares, mean }: LabelledPatches,
): FloatImage {
  const D = mean.length, L = known.length / D, C = shares.length / L;
  const map = floatImage(side, side, C), own = centred(features, mean);
  patches.forEach((patch, m) => {
    const cosines = new Float32Array(L); // [L]
    for (let l = 0; l < L; l++) {
      let sum = 0;
      for (let d = 0; d < D; d++) sum += own[m * D + d] * known[l * D + d];
      cosines[l] = sum;
    }
    const least = cosines.toSorted()[Math.max(0, L - NEIGHBOURS)], best = Math.max(...cosines);
    let total = 0;
    for (let l = 0; l < L; l++) {
      if (cosines[l] < least) continue;
      const weight = Math.exp(SHARPNESS * (cosines[l] - best));
      total += weight;
      for (let c = 0; c < C; c++) map.data[patch * C + c] += weight * shares[l * C + c];
    }
    for (let c = 0; c < C; c++) map.data[patch * C + c] /= total;
  });
  return map;
}

/** Background, object without part, parts, `[r, r, 2 + P]`: interpolated between the centres of patches on the object. */
function enlargedParts({ data, width: side, channels: C }: FloatImage, mask: FloatImage): FloatImage {
  const { height, width } = mask, out = floatImage(height, width, 1 + C);
  for (let p = 0; p < height * width; p++) {
    const to = p * (1 + C), object = mask.data[p];
    out.data[to] = 1 - object;
    if (object === 0) continue;
    const y = place((Math.floor(p / width) + 0.5) * side / height - 0.5, side);
    const x = place((p % width + 0.5) * side / width - 0.5, side);
    const corners = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([down, right]) => ({
      at: ((y.first + down) * side + x.first + right) * C,
      weight: (down ? y.share : 1 - y.share) * (right ? x.share : 1 - x.share),
    }));
    let sum = 0;
    for (const { at, weight } of corners) for (let c = 0; c < C; c++) sum += weight * data[at + c];
    if (sum < 1e-6) out.data[to + 1] = object; // no patch on the object is near
    else {for (const { at, weight } of corners) {
        for (let c = 0; c < C; c++) out.data[to + 1 + c] += object * weight * data[at + c] / sum;
      }}
  }
  return out;
}

/** The patch in front of a place, and how far behind it the place lies. */
function place(value: number, side: number): { first: number; share: number } {
  const inside = Math.min(side - 1, Math.max(0, value)), first = Math.min(side - 2, Math.floor(inside));
  return { first, share: inside - first };
}
