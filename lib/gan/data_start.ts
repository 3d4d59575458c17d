/**
 * What the generators of small presets start from: the mean of a data set's UV maps, and their principal components.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { shrinkImage } from "../core/shrink_image.ts";
import { mirrorTexture } from "../mesh/mirror_texture.ts";
import type { UvSample } from "../pseudogt/files.ts";
import type { GanNetworks } from "./gan_options.ts";
import { componentSide, DISPLACEMENT_RESOLUTION } from "./generator.ts";
import { type PrincipalComponents, principalComponents } from "./principal_components.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Largest colour of the mean, so that the inverse of tanh stays finite. */
const COLOUR_LIMIT = 0.95;
/** Share of the mean in a texel that is seen fully. */
const MEAN_SHARE = 0.05;
/** Objects of which principal components are found at most, spread evenly. */
const MOST_OBJECTS = 512;

/** Maps that are added to a generator's outputs. */
export interface DataStart {
  /** Inverse tanh of the mean colours, `[1, R, R, 3]`. */
  readonly texture: Float32Array;
  /** Mean displacement map, `[1, 32, 32, 3]`. */
  readonly map: Float32Array;
  /** Principal components; null where the generator has none. */
  readonly components: PrincipalComponents | null;
}

/**
 * Averages the UV maps of a data set, and finds their components. Colours count where they were seen; texels that no
 * photograph shows get the mean colour of the others. All are even-reflected where a generator's outputs are.
 *
 * @param dataset The UV maps
 * @param networks Build of the generator
 */
export async function dataStart(dataset: UvDataset, networks: GanNetworks): Promise<DataStart> {
  const { symmetric, components = 0 } = networks, { resolution: R, length } = dataset;
  const reflected = (image: FloatImage) => symmetric ? reflect(image) : image;
  const colours = floatImage(R, R, 3), seen = floatImage(R, R, 1);
  const map = floatImage(DISPLACEMENT_RESOLUTION, DISPLACEMENT_RESOLUTION, 3);
  for (let index = 0; index < length; index++) {
    const { texture, alpha, displacementMap } = await dataset.sample(index);
    for (let i = 0; i < colours.data.length; i++) colours.data[i] += texture.data[i];
    for (let i = 0; i < seen.data.length; i++) seen.data[i] += alpha.data[i];
    for (let i = 0; i < map.data.length; i++) map.data[i] += displacementMap[i] / length;
  }
  const mean = meanColours(reflected(colours), reflected(seen));
  return {
    texture: inverseTanh(mean.data),
    map: Float32Array.from(reflected(map).data),
    components: components > 0
      ? await dataComponents(dataset, components, shrinkImage(mean, R / componentSide(R)), reflected)
      : null,
  };
}

/** Components of some objects. */
async function dataComponents(
  dataset: UvDataset,
  count: number,
  mean: FloatImage,
  reflected: (image: FloatImage) => FloatImage,
): Promise<PrincipalComponents> {
  const objects = Math.min(MOST_OBJECTS, dataset.length), M = DISPLACEMENT_RESOLUTION;
  const samples: { texture: Float32Array; map: Float32Array }[] = [];
  for (let k = 0; k < objects; k++) {
    const sample = await dataset.sample(Math.floor(k * dataset.length / objects));
    const map = reflected({ data: sample.displacementMap, height: M, width: M, channels: 3 });
    samples.push({
      texture: inverseTanh(broadColours(sample, mean, reflected)),
      map: Float32Array.from(map.data),
    });
  }
  return principalComponents(samples, count);
}

/** Colours of an object in few texels, the mean where nothing is known, `[S, S, 3]`. */
function broadColours(
  { texture, alpha, completed }: UvSample,
  mean: FloatImage,
  reflected: (image: FloatImage) => FloatImage,
): Float32Array {
  const broad = (image: FloatImage) => reflected(shrinkImage(image, image.width / mean.width));
  if (completed) return Float32Array.from(broad(completed).data);
  const colours = broad(texture), seen = broad(alpha);
  return Float32Array.from(
    colours.data,
    (value, i) => value + (1 - seen.data[Math.floor(i / 3)]) * mean.data[i],
  );
}

/** The mean of a picture and its mirror image. */
function reflect(image: FloatImage): FloatImage {
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

function inverseTanh(colours: ArrayLike<number>): Float32Array {
  return Float32Array.from(
    colours,
    (colour) => Math.atanh(Math.max(-COLOUR_LIMIT, Math.min(COLOUR_LIMIT, colour))),
  );
}
