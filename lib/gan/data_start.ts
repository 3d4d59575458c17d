/**
 * What the generators of small presets start from: the mean of a data set's UV maps, and their principal components.
 *
 * @module
 */
import { shrinkImage } from "../core/shrink_image.ts";
import { type BroadObject, broadObject, evenRows, inverseTanh, meanMaps } from "./broad_objects.ts";
import { broadColours } from "./exemplars/broad_colours.ts";
import { chooseExemplars } from "./exemplars/choose_exemplars.ts";
import type { Exemplars } from "./exemplars/exemplars.ts";
import { baseResolution, type GanNetworks } from "./gan_networks.ts";
import { componentSide } from "./generator_options.ts";
import { type PrincipalComponents, principalComponents } from "./principal_components.ts";
import { keepingRows, type UvDataset, withResolution } from "./uv_dataset.ts";

/** Maps that are added to a generator's outputs. */
export interface DataStart {
  /** Inverse tanh of the mean colours, `[1, S, S, 3]` with the S of the convolutions. */
  readonly texture: Float32Array;
  /** Mean displacement map, `[1, 32, 32, 3]`. */
  readonly map: Float32Array;
  /** Principal components; null where the generator has none. */
  readonly components: PrincipalComponents | null;
  /** Objects that lend their detail; null where the generator takes none. */
  readonly exemplars: Exemplars | null;
}

/**
 * Averages the UV maps of a data set, finds their components and chooses exemplars; all are even-reflected where a
 * generator's outputs are.
 *
 * @param dataset The UV maps, with the texels that the generator makes
 * @param networks Build of the generator
 * @param seed Seed of the run
 */
export async function dataStart(dataset: UvDataset, networks: GanNetworks, seed: number): Promise<DataStart> {
  const { symmetric, components = 0, exemplars = 0 } = networks, S = baseResolution(networks);
  const rows = evenRows(dataset), base = keepingRows(withResolution(dataset, S), rows);
  const mean = await meanMaps(base, symmetric);
  const start = { texture: inverseTanh(mean.texture.data), map: Float32Array.from(mean.map.data) };
  if (components === 0) return { ...start, components: null, exemplars: null };
  const broadMean = shrinkImage(mean.texture, S / componentSide({ textureResolution: S }));
  const objects: BroadObject[] = [];
  for (const row of rows) objects.push(broadObject(await base.sample(row), broadMean, symmetric));
  const found = withRows(principalComponents(objects, components), components, componentSide(networks));
  return {
    ...start,
    components: found,
    exemplars: exemplars > 0
      ? await chooseExemplars(
        { dataset, base, rows, codes: found.codes, broad: broadColours(start, found.texture, components) },
        exemplars,
        seed,
      )
      : null,
  };
}

/** Components whose textures have fewer rows. */
function withRows(found: PrincipalComponents, count: number, rows: number): PrincipalComponents {
  const length = found.texture.length / count, side = Math.sqrt(length / 3);
  const images = Array.from({ length: count }, (_, p) => {
    const data = found.texture.subarray(p * length, (p + 1) * length);
    return shrinkImage({ data, height: side, width: side, channels: 3 }, side / rows).data;
  });
  return { ...found, texture: Float32Array.from(images.flatMap((data) => [...data])) };
}
