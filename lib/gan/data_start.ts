/**
 * What the generators of small presets start from: the mean of a data set's UV maps, and their principal components.
 *
 * @module
 */
import { shrinkImage } from "../core/shrink_image.ts";
import { type BroadObject, broadObject, evenRows, inverseTanh, meanMaps } from "./broad_objects.ts";
import type { GanNetworks } from "./gan_options.ts";
import { componentSide } from "./generator.ts";
import { type PrincipalComponents, principalComponents } from "./principal_components.ts";
import type { UvDataset } from "./uv_dataset.ts";

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
 * Averages the UV maps of a data set, and finds their components; all are even-reflected where a generator's outputs are.
 *
 * @param dataset The UV maps
 * @param networks Build of the generator
 */
export async function dataStart(dataset: UvDataset, networks: GanNetworks): Promise<DataStart> {
  const { symmetric, components = 0 } = networks, { resolution: R } = dataset;
  const mean = await meanMaps(dataset, symmetric);
  const start = { texture: inverseTanh(mean.texture.data), map: Float32Array.from(mean.map.data) };
  if (components === 0) return { ...start, components: null };
  const broadMean = shrinkImage(mean.texture, R / componentSide(R));
  const objects: BroadObject[] = [];
  for (const row of evenRows(dataset)) {
    objects.push(broadObject(await dataset.sample(row), broadMean, symmetric));
  }
  return { ...start, components: principalComponents(objects, components) };
}
