/**
 * Parts without labels: clusters of brightness, colour and height over the images of a data set.
 *
 * @module
 */
import { Prng } from "../core/prng.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import type { Dataset, Sample } from "../datasets/dataset.ts";
import { mapConcurrently } from "../datasets/map_concurrently.ts";
import { clusterPoints, nearestCentre } from "./cluster_points.ts";

/**
 * How colours are compared beside brightness and height: `saturation` by their strength, which paint changes least; `hue`
 * by red against green and yellow against blue, which tells the parts of things whose colours are always the same.
 */
export type PartLook = "saturation" | "hue";

/** Options of `findParts`. */
export interface AutoPartsOptions {
  /** Kinds of clusters; each pixel belongs to one cluster of each kind. */
  looks?: readonly PartLook[];
  /** Number of clusters of each kind, from 2. */
  clusters?: number;
  /** Side of the images that are clustered, in pixels. */
  resolution?: number;
  /** Images that the clusters are found from, spread over the data set. */
  images?: number;
  /** Pixels of each of them. */
  pixels?: number;
  /** Seed of the choice of pixels and first centres. */
  seed?: number;
}

/** What is measured of a colour, in the order of the features. */
const brightness: Measure = (r, g, b) => (r + g + b) / 3;
const COLOURS: Readonly<Record<PartLook, readonly Measure[]>> = {
  saturation: [(r, g, b) => Math.max(r, g, b) - Math.min(r, g, b)],
  hue: [(r, g) => r - g, (r, g, b) => (r + g) / 2 - b],
};
type Measure = (r: number, g: number, b: number) => number;
/** Share of brightness, and of colour, in the squared distance of two pixels of an object; height counts once. */
const SHARE = 0.5;
/** Deviations beyond this many are cut. */
const LARGEST_DEVIATION = 3;
const CONCURRENT_IMAGES = 4;
const NONE = 255;

/** Pixels of an object with their values. */
export interface PartPoints {
  /** Numbers of the pixels, ascending, `[P]`. */
  readonly pixels: readonly number[];
  /** Brightness and colour as deviations from the object's median, height in [-1, 1], `[P, D]`. */
  readonly features: Float32Array;
}

/** Clusters of one kind. */
interface Clusters {
  readonly look: PartLook;
  readonly centres: Float64Array; // [K, D]
}

/**
 * A view of a data set whose parts are clusters of pixels that look alike, the same clusters in all images. Brightness
 * and colour count relative to their median in the object, so that a paint of another colour does not matter.
 *
 * @param dataset Images with masks; parts of its own are not looked at
 * @param options Number of clusters and what they are found from
 * @param callbacks Sentence about the clusters, signal
 * @returns The data set with the parts "cluster 1", "cluster 2", …; a pixel is shared by its clusters of all kinds
 * @throws {RangeError} If the number of clusters is not from 2 to 200
 */
export async function findParts(
  dataset: Dataset,
  {
    looks = ["saturation", "hue"],
    clusters = 20,
    resolution = 64,
    images = 200,
    pixels = 100,
    seed = 1,
  }: AutoPartsOptions = {},
  { onMessage, signal }: StageCallbacks = {},
): Promise<Dataset> {
  if (!Number.isInteger(clusters) || clusters < 2 || clusters > 200) {
    throw new RangeError(`Cannot find parts: clusters must be from 2 to 200, current value is ${clusters}`);
  }
  const count = Math.min(images, dataset.length);
  const chosen = Array.from({ length: count }, (_, k) => Math.floor(k * dataset.length / count));
  const points = await mapConcurrently(chosen, CONCURRENT_IMAGES, async (i) => {
    throwIfStopped(signal, "The search for parts");
    const sample = await dataset.sample(i, resolution);
    return looks.map((look) => {
      const found = partPoints(sample, look), D = dimensionsOf(look);
      const order = new Prng(seed, "auto parts", i).permutation(found.pixels.length).slice(0, pixels);
      return order.flatMap((k) => Array.from(found.features.subarray(D * k, D * (k + 1))));
    });
  });
  const kinds = looks.map((look, l): Clusters => {
    const all = Float32Array.from(points.flatMap((ofImage) => ofImage[l]));
    return { look, centres: clusterPoints(all, dimensionsOf(look), clusters, new Prng(seed, "clusters")) };
  });
  const names = Array.from({ length: looks.length * clusters }, (_, k) => `cluster ${k + 1}`);
  onMessage?.(`Parts are ${names.length} clusters of pixels of ${count} images.`);
  const labels = new Map<number, Uint8Array[]>();
  return {
    ...dataset,
    partNames: names,
    async sample(i, side, partKind) {
      const sample = await dataset.sample(i, side, partKind);
      let ofImage = labels.get(i);
      if (!ofImage) {
        const source = side === resolution ? sample : await dataset.sample(i, resolution);
        labels.set(i, ofImage = kinds.map((kind) => labelPixels(source, kind)));
      }
      return { ...sample, parts: partMap(sample, ofImage, resolution, clusters) };
    },
  };
}

/**
 * Values of the pixels of an object.
 *
 * @param sample Cropped image and mask
 * @param look How colours are compared
 * @returns Pixels with their values
 */
export function partPoints({ image, mask }: Pick<Sample, "image" | "mask">, look: PartLook): PartPoints {
  const size = image.width, D = dimensionsOf(look), colours = COLOURS[look];
  const pixels: number[] = [];
  for (let p = 0; p < size * size; p++) if (mask.data[p] > 0.5) pixels.push(p);
  const features = new Float32Array(pixels.length * D); // [P, D]
  [brightness, ...colours].forEach((measure, f) => {
    const factor = Math.sqrt(f === 0 ? SHARE : SHARE / colours.length);
    const values = Float64Array.from(
      pixels,
      (p) => measure(image.data[3 * p], image.data[3 * p + 1], image.data[3 * p + 2]),
    );
    const middle = values.toSorted()[values.length >> 1];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) +
      1e-6;
    values.forEach((value, k) => {
      const relative = (value - middle) / deviation;
      features[D * k + f] = factor * Math.min(LARGEST_DEVIATION, Math.max(-LARGEST_DEVIATION, relative));
    });
  });
  pixels.forEach((p, k) => features[D * k + D - 1] = 2 * Math.floor(p / size) / size - 1);
  return { pixels, features };
}

/** Number of features: brightness, colour, height. */
function dimensionsOf(look: PartLook): number {
  return 2 + COLOURS[look].length;
}

function labelPixels(sample: Sample, { look, centres }: Clusters): Uint8Array {
  const { pixels, features } = partPoints(sample, look), D = dimensionsOf(look);
  const labels = new Uint8Array(sample.mask.data.length).fill(NONE); // [S, S]
  pixels.forEach((p, k) => labels[p] = nearestCentre(features, D * k, centres, D));
  return labels;
}

/** Background, object without part, clusters; each pixel takes the labels of the pixel that it lies in, in equal shares. */
function partMap(
  { mask }: Sample,
  labels: readonly Uint8Array[],
  size: number,
  clusters: number,
): Sample["parts"] {
  const { height, width } = mask, channels = 2 + labels.length * clusters;
  const data = new Float32Array(height * width * channels); // [r, r, 2 + K]
  for (let p = 0; p < height * width; p++) {
    const share = mask.data[p] / labels.length;
    data[p * channels] = 1 - mask.data[p];
    const row = Math.floor(Math.floor(p / width) * size / height),
      column = Math.floor((p % width) * size / width);
    labels.forEach((ofKind, l) => {
      const label = ofKind[row * size + column];
      data[p * channels + (label === NONE ? 1 : 2 + l * clusters + label)] += share;
    });
  }
  return { data, height, width, channels };
}
