/**
 * An image grid of generated objects above the objects of the training that they are nearest to.
 *
 * @module
 */
import { join } from "@std/path";
import type { FloatImage } from "../../lib/core/arrays.ts";
import type { GeneratedSample } from "../../lib/gan/generate_samples.ts";
import { NEAREST_GRID } from "../../lib/gan/files.ts";
import type { NearestObject } from "./nearest_objects.ts";
import { imageGrid } from "../../lib/core/image_grid.ts";
import { poseOfRow, renderSample } from "../../lib/gan/sampling.ts";
import type { UvDataset } from "../../lib/gan/uv_dataset.ts";
import { writeFileAtomic } from "../../lib/io/atomic_file.ts";
import { encodePng } from "../../lib/io/image_file.ts";

/** Pairs in a row, and rows. */
const COLUMNS = 8, ROWS = 2;
const TILE = 160;

/**
 * Writes `nearest.png`: rows of generated objects, and below each the nearest object of the training, both from the pose
 * of its photograph.
 *
 * @param folder Folder of the run
 * @param samples Generated objects, as people see them
 * @param nearest Nearest object of each
 * @param dataset The objects of the training
 * @param symmetric Whether maps are even reflections
 */
export async function writeNearestGrid(
  folder: string,
  samples: readonly GeneratedSample[],
  nearest: readonly NearestObject[],
  dataset: UvDataset,
  symmetric: boolean,
): Promise<void> {
  const count = Math.min(samples.length, COLUMNS * ROWS), tiles: FloatImage[] = [];
  for (let start = 0; start < count; start += COLUMNS) {
    const pairs = samples.slice(start, Math.min(start + COLUMNS, count)).map((sample, i) => ({
      sample,
      row: nearest[start + i].row,
    }));
    const render = (map: Float32Array, texture: FloatImage, row: number) =>
      renderSample(map, texture, poseOfRow(dataset.poses, row, true), {
        size: TILE,
        supersample: 2,
        symmetric,
      });
    tiles.push(...pairs.map(({ sample, row }) => render(sample.map, sample.texture, row)));
    for (const { row } of pairs) {
      const { displacementMap, completed, texture } = await dataset.sample(row);
      tiles.push(render(displacementMap, completed ?? texture, row));
    }
  }
  if (count === 0) return;
  const columns = Math.min(count, COLUMNS);
  await writeFileAtomic(
    join(folder, NEAREST_GRID),
    await encodePng(imageGrid(tiles, { columns, gap: 0, background: 0 })),
  );
}
