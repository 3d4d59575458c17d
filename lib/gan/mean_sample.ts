/**
 * The mean of a data set's UV maps, from which the generators of small presets start.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { mirrorTexture } from "../mesh/mirror_texture.ts";
import { DISPLACEMENT_RESOLUTION } from "./generator.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Largest colour of the mean, so that the inverse of tanh stays finite. */
const COLOUR_LIMIT = 0.95;

/** Mean maps, ready to be added to a generator's outputs. */
export interface MeanSample {
  /** Inverse tanh of the mean colours, `[1, R, R, 3]`. */
  readonly texture: Float32Array;
  /** Mean displacement map, `[1, 32, 32, 3]`. */
  readonly map: Float32Array;
}

/**
 * Averages the UV maps of a data set. Colours count where they were seen; texels that no photograph shows get the mean
 * colour of the others. Both means are even-reflected, as symmetric generators' outputs are.
 *
 * @param dataset The UV maps
 * @param symmetric Whether the generator's outputs are even reflections
 */
export async function meanSample(dataset: UvDataset, symmetric: boolean): Promise<MeanSample> {
  const { resolution: R, length } = dataset;
  const colours = floatImage(R, R, 3), seen = floatImage(R, R, 1);
  const map = floatImage(DISPLACEMENT_RESOLUTION, DISPLACEMENT_RESOLUTION, 3);
  for (let index = 0; index < length; index++) {
    const { texture, alpha, displacementMap } = await dataset.sample(index);
    for (let i = 0; i < colours.data.length; i++) colours.data[i] += texture.data[i];
    for (let i = 0; i < seen.data.length; i++) seen.data[i] += alpha.data[i];
    for (let i = 0; i < map.data.length; i++) map.data[i] += displacementMap[i] / length;
  }
  const [sums, weights, mean] = symmetric
    ? [reflect(colours), reflect(seen), reflect(map)]
    : [colours, seen, map];
  return { texture: inverseTanh(meanColours(sums, weights)), map: Float32Array.from(mean.data) };
}

/** The mean of a picture and its mirror image. */
function reflect(image: FloatImage): FloatImage {
  const mirrored = mirrorTexture(image);
  return { ...image, data: Float32Array.from(image.data, (value, i) => (value + mirrored.data[i]) / 2) };
}

function meanColours(sums: FloatImage, weights: FloatImage): Float32Array {
  let total = 0;
  for (const weight of weights.data) total += weight;
  const mean = [0, 1, 2].map((c) => {
    let sum = 0;
    for (let i = c; i < sums.data.length; i += 3) sum += sums.data[i];
    return sum / Math.max(total, 1e-6);
  });
  return Float32Array.from(sums.data, (sum, i) => {
    const weight = weights.data[Math.floor(i / 3)];
    return (sum + 0.05 * mean[i % 3]) / (weight + 0.05);
  });
}

function inverseTanh(colours: Float32Array): Float32Array {
  return colours.map((colour) => Math.atanh(Math.max(-COLOUR_LIMIT, Math.min(COLOUR_LIMIT, colour))));
}
