/**
 * Which of the objects that a generator learnt from each generated object is nearest to: memorisation is seen there.
 *
 * @module
 */
import { median } from "../../lib/core/median.ts";
import { shrinkImage } from "../../lib/core/shrink_image.ts";
import {
  type BroadObject,
  broadObject,
  evenRows,
  inverseTanh,
  meanMaps,
} from "../../lib/gan/broad_objects.ts";
import type { GeneratedSample } from "../../lib/gan/generate_samples.ts";
import type { UvDataset } from "../../lib/gan/uv_dataset.ts";

/** Side of the textures that are compared. */
const SIDE = 64;

/** The nearest object of the training. */
export interface NearestObject {
  /** Its row in the data set. */
  readonly row: number;
  /** Its photograph. */
  readonly id: string;
  /** Distance: 1 is the root mean square distance of two objects of the training. */
  readonly distance: number;
}

/** Nearest objects of the training. */
export interface NearestObjects {
  /** That of each generated object. */
  readonly nearest: readonly NearestObject[];
  /** Median distance of generated objects to their nearest ones. */
  readonly generated: number;
  /** Median distance of the training's objects to their nearest others. */
  readonly training: number;
}

/**
 * Compares generated objects with those of the training, by textures of 64 × 64 texels before tanh and displacement maps,
 * which count alike.
 *
 * @param samples Generated objects
 * @param dataset The objects of the training; at most 512, spread evenly, are looked at
 * @param symmetric Whether maps are even reflections
 */
export async function nearestObjects(
  samples: readonly GeneratedSample[],
  dataset: UvDataset,
  symmetric: boolean,
): Promise<NearestObjects> {
  const { texture: mean } = await meanMaps(dataset, symmetric), factor = Math.max(1, mean.width / SIDE);
  const rows = evenRows(dataset), broadMean = shrinkImage(mean, factor);
  const objects: BroadObject[] = [];
  for (const row of rows) objects.push(broadObject(await dataset.sample(row), broadMean, symmetric));
  const generated = samples.map(({ map, texture }): BroadObject => ({
    map,
    texture: inverseTanh(shrinkImage(texture, factor).data),
  }));
  const between = objects.map((object, i) =>
    objects.map((other, j) => i === j ? null : apart(object, other))
  );
  const [texture, map] = [0, 1].map((kind) =>
    mean2(between.flat().flatMap((pair) => pair ? [pair[kind]] : []))
  );
  const distance = (pair: readonly [number, number]) => Math.sqrt((pair[0] / texture + pair[1] / map) / 2);
  const nearest = generated.map((sample): NearestObject => {
    const distances = objects.map((object) => distance(apart(sample, object)));
    const best = distances.indexOf(Math.min(...distances));
    return { row: rows[best], id: dataset.poses.ids[rows[best]], distance: distances[best] };
  });
  return {
    nearest,
    generated: median(nearest.map(({ distance }) => distance)),
    training: median(between.map((row) => Math.min(...row.flatMap((pair) => pair ? [distance(pair)] : [])))),
  };
}

/** Squared distances of textures and of maps. */
function apart(a: BroadObject, b: BroadObject): [number, number] {
  return [squaredDistance(a.texture, b.texture), squaredDistance(a.map, b.map)];
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}

/** Mean, at least a tiny number. */
function mean2(values: readonly number[]): number {
  return Math.max(1e-12, values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length));
}
