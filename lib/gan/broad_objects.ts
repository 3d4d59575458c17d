/**
 * Broad colours and shapes of a data set's objects: what their means, principal components and similarities are made of.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { shrinkImage } from "../core/shrink_image.ts";
import { mirrorTexture } from "../mesh/mirror_texture.ts";
import type { UvSample } from "../pseudogt/files.ts";
import { DISPLACEMENT_RESOLUTION } from "./generator_options.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Largest colour, so that the inverse of tanh stays finite. */
const COLOUR_LIMIT = 0.95;
/** Share of the mean colour in a texel that is seen fully. */
const MEAN_SHARE = 0.05;
/** Objects that are looked at at most, spread evenly. */
const MOST_OBJECTS = 512;

/** An object in few texels. */
export interface BroadObject {
  /** Texture before tanh, `[S · S · 3]`. */
  readonly texture: Float32Array;
  /** Displacements, `[32 · 32 · 3]`. */
  readonly map: Float32Array;
}

/** Means of a data set's UV maps. */
export interface MeanMaps {
  /** Mean colours in [−1, 1], `[R, R, 3]`. */
  readonly texture: FloatImage;
  /** Mean displacement map, `[32, 32, 3]`. */
  readonly map: FloatImage;
}

/**
 * Averages the UV maps of a data set. Colours count where they were seen; texels that no photograph shows get the mean
 * colour of the others.
 *
 * @param dataset The UV maps
 * @param symmetric Whether they are even-reflected
 */
export async function meanMaps(dataset: UvDataset, symmetric: boolean): Promise<MeanMaps> {
  const { resolution: R, length } = dataset;
  const colours = floatImage(R, R, 3), seen = floatImage(R, R, 1);
  const map = floatImage(DISPLACEMENT_RESOLUTION, DISPLACEMENT_RESOLUTION, 3);
  for (let index = 0; index < length; index++) {
    const { texture, alpha, displacementMap } = await dataset.sample(index);
    for (let i = 0; i < colours.data.length; i++) colours.data[i] += texture.data[i];
    for (let i = 0; i < seen.data.length; i++) seen.data[i] += alpha.data[i];
    for (let i = 0; i < map.data.length; i++) map.data[i] += displacementMap[i] / length;
  }
  return {
    texture: meanColours(reflected(colours, symmetric), reflected(seen, symmetric)),
    map: reflected(map, symmetric),
  };
}

/** Rows of the objects that are looked at. */
export function evenRows(dataset: UvDataset): number[] {
  const count = Math.min(MOST_OBJECTS, dataset.length);
  return Array.from({ length: count }, (_, k) => Math.floor(k * dataset.length / count));
}

/**
 * An object in few texels: completed colours where there are any, else those that were seen over the mean.
 *
 * @param sample Its UV maps
 * @param mean Mean colours, `[S, S, 3]`
 * @param symmetric Whether maps are even-reflected
 */
export function broadObject(sample: UvSample, mean: FloatImage, symmetric: boolean): BroadObject {
  const M = DISPLACEMENT_RESOLUTION;
  const map = reflected({ data: sample.displacementMap, height: M, width: M, channels: 3 }, symmetric);
  return { texture: inverseTanh(broadColours(sample, mean, symmetric)), map: Float32Array.from(map.data) };
}

/** Inverse tanh of colours in [−1, 1]. */
export function inverseTanh(colours: ArrayLike<number>): Float32Array {
  return Float32Array.from(
    colours,
    (colour) => Math.atanh(Math.max(-COLOUR_LIMIT, Math.min(COLOUR_LIMIT, colour))),
  );
}

function broadColours(
  { texture, alpha, completed }: UvSample,
  mean: FloatImage,
  symmetric: boolean,
): ArrayLike<number> {
  const broad = (image: FloatImage) => reflected(shrinkImage(image, image.width / mean.width), symmetric);
  if (completed) return broad(completed).data;
  const colours = broad(texture), seen = broad(alpha);
  return Float32Array.from(
    colours.data,
    (value, i) => value + (1 - seen.data[Math.floor(i / 3)]) * mean.data[i],
  );
}

/** The mean of a map and its mirror image. */
function reflected(image: FloatImage, symmetric: boolean): FloatImage {
  if (!symmetric) return image;
  const mirrored = mirrorTexture(image);
  return { ...image, data: Float32Array.from(image.data, (value, i) => (value + mirrored.data[i]) / 2) };
}

function meanColours(sums: FloatImage, weights: FloatImage): FloatImage {
  let total = 0;
  for (const weight of weights.data) total += weight;
  const mean = [0, 1, 2].map((c) => {
    let sum = 0;
    for (let i = c; i < sums.data.length; i += 3) sum += sums.data[i];
    return sum / Math.max(total, 1e-6);
  });
  const data = Float32Array.from(sums.data, (sum, i) => {
    const weight = weights.data[Math.floor(i / 3)];
    return (sum + MEAN_SHARE * mean[i % 3]) / (weight + MEAN_SHARE);
  });
  return { ...sums, data };
}
