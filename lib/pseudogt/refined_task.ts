/**
 * The task of a worker that makes maps from refined objects.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { WorkerKind } from "../core/worker_pool.ts";
import { readRefinedObject } from "../refinement/files.ts";
import { type UvAnswer, writeUvSample } from "./files.ts";
import { isEmptyAlpha } from "./make_uv_maps.ts";
import { refinedMaps } from "./refined_maps.ts";

/** What all tasks have in common. */
export interface RefinedUvShared {
  /** Side of the maps, R. */
  readonly resolution: number;
  /** Whether texture columns lie as on a template with mirror symmetry. */
  readonly symmetric: boolean;
}

/** One refined object. */
export interface RefinedUvTask {
  /** Name of the photograph. */
  readonly id: string;
  /** Number of its class. */
  readonly classIndex: number;
  /** File of the refined object. */
  readonly refined: string;
  /** Displacement that was fitted to its shape, `[32, 32, 3]`. */
  readonly displacementMap: Float32Array;
  /** Predicted part distribution; null if no network predicts one. */
  readonly parts: FloatImage | null;
  /** File to write. */
  readonly file: string;
}

/** Makes the function that does one task. */
export function createRunner(
  { resolution, symmetric }: RefinedUvShared,
): (task: RefinedUvTask) => Promise<UvAnswer> {
  return async ({ id, classIndex, refined, displacementMap, parts, file }) => {
    const maps = refinedMaps(await readRefinedObject(refined), resolution, symmetric);
    if (isEmptyAlpha(maps.alpha)) return "empty";
    await writeUvSample(file, { id, classIndex, displacementMap, parts, ...maps });
    return "written";
  };
}

/** Workers that make maps from refined objects. */
export const REFINED_UV_KIND: WorkerKind<RefinedUvShared, RefinedUvTask, UvAnswer> = {
  module: new URL(import.meta.url),
  createRunner,
};
