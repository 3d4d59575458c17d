/**
 * Images of a GAN in training: always the same photographs' poses and latent codes, so that they can be compared over
 * time.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { Prng } from "../core/prng.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { GeneratorModel } from "../gan/own_parts.ts";
import { DISPLACEMENT_RESOLUTION } from "../gan/generator_options.ts";
import { truncatedLatent } from "../gan/latent.ts";
import { generateSamples } from "../gan/generate_samples.ts";
import { overGrey, poseOfRow, renderSample } from "../gan/sampling.ts";
import type { UvDataset } from "../gan/uv_dataset.ts";
import { imageGrid } from "../core/image_grid.ts";
import { toUnitColours } from "../core/unit_colours.ts";

/** Side of renders and photographs in pixels. */
const SIZE = 299;
/** Most objects in a grid. */
const MOST = 16;
const GRID = { columns: 4, gap: 2, background: 0 } as const;

/**
 * Grids of images by their TensorBoard tags: generated and real textures, generated maps, renders of generated
 * objects, of generated textures on real meshes and the other way round, and photographs.
 *
 * @param generator Generator in evaluation mode
 * @param inputs `dataset`: poses and UV maps; `photographs`: the photographs, if they are there; `seed`: seed of
 *   the choice and of the latent codes
 */
export async function ganImages(
  generator: GeneratorModel,
  { dataset, photographs, seed }: {
    readonly dataset: UvDataset;
    readonly photographs: Dataset | null;
    readonly seed: number;
  },
): Promise<Record<string, FloatImage>> {
  const rows = new Prng(seed, "gan", "picture rows").permutation(dataset.length).slice(0, MOST);
  const { latentLength, symmetric } = generator.options;
  const reals = dataset.hasSamples ? await Promise.all(rows.map((row) => dataset.sample(row))) : null;
  const fakes = await generateSamples(
    generator,
    rows.map((row) => truncatedLatent(seed, row, latentLength, 1)),
    rows.map((row) => dataset.poses.classIndex[row]),
    reals,
  );
  const render = (row: number, map: ArrayLike<number>, texture: FloatImage) =>
    overGrey(
      renderSample(Float32Array.from(map), texture, poseOfRow(dataset.poses, row, false), {
        size: SIZE,
        supersample: 1,
        symmetric,
      }),
    );
  const grids: Record<string, FloatImage> = {};
  const add = (tag: string, images: readonly FloatImage[]) => {
    if (images.length > 0) grids[tag] = imageGrid(images, GRID);
  };
  add("image/fake_tex", fakes.map(({ texture }) => toUnitColours(texture)));
  add("image/fake_mesh", fakes.map(({ map }) => stretched(map)));
  add("render/fake", rows.map((row, i) => render(row, fakes[i].map, fakes[i].texture)));
  if (reals) {
    add("image/real_tex", reals.map(({ texture }) => toUnitColours(texture)));
    add("render/fake_texture", rows.map((row, i) => render(row, reals[i].displacementMap, fakes[i].texture)));
    add("render/fake_mesh", rows.map((row, i) => render(row, fakes[i].map, reals[i].texture)));
  }
  if (photographs) {
    add(
      "render/real",
      await photographsOf(photographs, rows.map((row) => dataset.poses.ids[row])),
    );
  }
  return grids;
}

/** Photographs by their names, on mid grey; those that are not there are left out. */
async function photographsOf(dataset: Dataset, ids: readonly string[]): Promise<FloatImage[]> {
  const rowOfId = new Map(dataset.records.map(({ id }, row) => [id, row]));
  const images = ids.map(async (id) => {
    const row = rowOfId.get(id);
    if (row === undefined) return null;
    return toUnitColours((await dataset.sample(row, SIZE)).image);
  });
  return (await Promise.all(images)).filter((image) => image !== null);
}

/** A displacement map as colours, each channel stretched to [0, 1]. */
function stretched(map: Float32Array): FloatImage {
  const image = floatImage(DISPLACEMENT_RESOLUTION, DISPLACEMENT_RESOLUTION, 3);
  for (let c = 0; c < 3; c++) {
    let least = Infinity, largest = -Infinity;
    for (let i = c; i < map.length; i += 3) {
      least = Math.min(least, map[i]);
      largest = Math.max(largest, map[i]);
    }
    for (let i = c; i < map.length; i += 3) image.data[i] = (map[i] - least) / (largest - least || 1);
  }
  return image;
}
