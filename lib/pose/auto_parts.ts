/**
 * Parts without labels: clusters of brightness, saturation and height over the pictures of a data set.
 *
 * @module
 */
import { Prng } from "../core/prng.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import type { Dataset, Sample } from "../datasets/dataset.ts";
import { mapConcurrently } from "../datasets/map_concurrently.ts";
import { clusterPoints, nearestCentre } from "./cluster_points.ts";

/** Options of `findParts`. */
export interface AutoPartsOptions {
  /** Number of parts, from 2. */
  clusters?: number;
  /** Side of the pictures that are clustered, in pixels. */
  resolution?: number;
  /** Pictures that the clusters are found from, spread over the data set. */
  pictures?: number;
  /** Pixels of each of them. */
  pixels?: number;
  /** Seed of the choice of pixels and first centres. */
  seed?: number;
}

/** Defaults of `findParts`. */
export const AUTO_PARTS_DEFAULTS = {
  clusters: 12,
  resolution: 64,
  pictures: 200,
  pixels: 100,
  seed: 1,
} as const satisfies Required<AutoPartsOptions>;

/** Values of a pixel: brightness, saturation, height. */
export const PART_FEATURES = 3;
/** Deviations beyond this many are cut. */
const LARGEST_DEVIATION = 3;
const CONCURRENT_PICTURES = 4;
const NONE = 255;

/**
 * A view of a data set whose parts are clusters of pixels that look alike, the same clusters in all pictures. Brightness
 * and saturation count relative to their median in the object, so that a paint of another colour does not matter.
 *
 * @param dataset Pictures with masks; parts of its own are not looked at
 * @param options Number of clusters and what they are found from
 * @param callbacks Sentence about the clusters, signal
 * @returns The data set with the parts "cluster 1", "cluster 2", …
 * @throws {RangeError} If the number of clusters is not from 2 to 200
 */
export async function findParts(
  dataset: Dataset,
  options: AutoPartsOptions = {},
  { onMessage, signal }: StageCallbacks = {},
): Promise<Dataset> {
  const { clusters, resolution, pictures, pixels, seed } = { ...AUTO_PARTS_DEFAULTS, ...options };
  if (!Number.isInteger(clusters) || clusters < 2 || clusters > 200) {
    throw new RangeError(`Cannot find parts: clusters must be from 2 to 200, current value is ${clusters}`);
  }
  const count = Math.min(pictures, dataset.length);
  const chosen = Array.from({ length: count }, (_, k) => Math.floor(k * dataset.length / count));
  const points = await mapConcurrently(chosen, CONCURRENT_PICTURES, async (i) => {
    throwIfStopped(signal, "The search for parts");
    const features = pixelFeatures(await dataset.sample(i, resolution));
    const inside = insideOf(features);
    const order = new Prng(seed, "auto parts", i).permutation(inside.length).slice(0, pixels);
    return order.flatMap((k) =>
      Array.from(features.subarray(PART_FEATURES * inside[k], PART_FEATURES * (inside[k] + 1)))
    );
  });
  const centres = clusterPoints(
    Float32Array.from(points.flat()),
    PART_FEATURES,
    clusters,
    new Prng(seed, "clusters"),
  );
  onMessage?.(`Parts are ${clusters} clusters of pixels of ${count} pictures.`);
  const labels = new Map<number, Uint8Array>();
  return {
    ...dataset,
    partNames: Array.from({ length: clusters }, (_, k) => `cluster ${k + 1}`),
    async sample(i, side, partKind) {
      const sample = await dataset.sample(i, side, partKind);
      let ofPicture = labels.get(i);
      if (!ofPicture) {
        const source = side === resolution ? sample : await dataset.sample(i, resolution);
        labels.set(i, ofPicture = labelPixels(pixelFeatures(source), centres));
      }
      return { ...sample, parts: partMap(sample, ofPicture, resolution, clusters) };
    },
  };
}

/**
 * Values of every pixel of an object.
 *
 * @param sample Cropped picture and mask
 * @returns Brightness and saturation as deviations from the object's median, height in [-1, 1], `[S, S, 3]`; NaN outside
 */
export function pixelFeatures({ image, mask }: Pick<Sample, "image" | "mask">): Float32Array {
  const size = image.width;
  const features = new Float32Array(size * size * PART_FEATURES).fill(NaN); // [S, S, 3]
  const inside: number[] = [];
  for (let p = 0; p < size * size; p++) if (mask.data[p] > 0.5) inside.push(p);
  const colour = (p: number) => [image.data[3 * p], image.data[3 * p + 1], image.data[3 * p + 2]];
  const measures = [
    (p: number) => colour(p).reduce((sum, value) => sum + value, 0) / 3,
    (p: number) => Math.max(...colour(p)) - Math.min(...colour(p)),
  ];
  measures.forEach((measure, f) => {
    const values = Float64Array.from(inside, measure);
    const middle = values.toSorted()[values.length >> 1];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) +
      1e-6;
    inside.forEach((p, k) => {
      const relative = (values[k] - middle) / deviation;
      const cut = Math.min(LARGEST_DEVIATION, Math.max(-LARGEST_DEVIATION, relative));
      features[PART_FEATURES * p + f] = cut * Math.SQRT1_2;
    });
  });
  for (const p of inside) features[PART_FEATURES * p + 2] = 2 * Math.floor(p / size) / size - 1;
  return features;
}

function insideOf(features: Float32Array): number[] {
  const pixels: number[] = [];
  for (let p = 0; p < features.length / PART_FEATURES; p++) {
    if (!Number.isNaN(features[PART_FEATURES * p])) pixels.push(p);
  }
  return pixels;
}

function labelPixels(features: Float32Array, centres: Float64Array): Uint8Array {
  const labels = new Uint8Array(features.length / PART_FEATURES).fill(NONE); // [S, S]
  for (const p of insideOf(features)) {
    labels[p] = nearestCentre(features, PART_FEATURES * p, centres, PART_FEATURES);
  }
  return labels;
}

/** Background, object without part, clusters; each pixel takes the label of the pixel that it lies in. */
function partMap({ mask }: Sample, labels: Uint8Array, size: number, clusters: number): Sample["parts"] {
  const { height, width } = mask, channels = clusters + 2;
  const data = new Float32Array(height * width * channels); // [r, r, 2 + K]
  for (let p = 0; p < height * width; p++) {
    const share = mask.data[p];
    data[p * channels] = 1 - share;
    const row = Math.floor(Math.floor(p / width) * size / height),
      column = Math.floor((p % width) * size / width);
    const label = labels[row * size + column];
    data[p * channels + (label === NONE ? 1 : 2 + label)] = share;
  }
  return { data, height, width, channels };
}
