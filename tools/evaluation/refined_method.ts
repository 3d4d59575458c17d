/**
 * Refinement as a way from a posed photograph to a textured mesh that is measured beside others.
 *
 * @module
 */
import { join } from "@std/path";
import { cacheFolder } from "../../lib/core/paths.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import type { PoseEstimates } from "../../lib/pose/files.ts";
import type { TrainedReconstruction } from "../../lib/reconstruction/files.ts";
import { refinedStore } from "../../lib/refinement/refined_store.ts";
import { poseArray } from "../../lib/refinement/pose_parameters.ts";
import { refinePhotographs } from "../../lib/refinement/refine.ts";
import type { Template } from "../../lib/templates/template_file.ts";
import { predictedStart } from "../../lib/pipeline/refine.ts";
import type { PosedPhotograph, ViewMethod } from "./view_methods.ts";

/** What is refined, and from what. */
export interface RefinedMethodRequest {
  /** Name of the method. */
  readonly name: string;
  /** Photographs. */
  readonly dataset: Dataset;
  /** Templates that the poses were found with. */
  readonly templates: readonly Template[];
  /** Network whose predictions the shapes begin with; null begins with the mean shape of the photographs. */
  readonly trained: TrainedReconstruction | null;
  /** Whether poses are true, and only the object moves. */
  readonly isTrue: boolean;
  /** Worker threads; null is one per core. */
  readonly workers: number | null;
}

/**
 * Refined objects. Of the objects that are measured nothing but the photographs that they are made of is used: not for the
 * mean shape, and not for completing textures.
 *
 * @param request What is refined
 */
export function refinedMethod(request: RefinedMethodRequest): ViewMethod {
  const { name, dataset, templates, trained, isTrue, workers } = request;
  const folder = `refined_${name.replaceAll(/\W+/g, "_")}_${isTrue ? "true" : "own"}_poses`;
  const store = refinedStore(join(cacheFolder(dataset.name), folder), true);
  return {
    name,
    isPlaced: true,
    symmetric: true,
    async prepare(photographs, inputs, callbacks) {
      const measured = new Set(inputs.map(({ group }) => group));
      const used = [...inputs, ...photographs.filter(({ group }) => !measured.has(group))]
        .sort((a, b) => a.index - b.index);
      const groupOf = new Map(used.map(({ index, group }) => [dataset.records[index].id, group]));
      const poses = posesOf(dataset, used, templates.length);
      const start = trained
        ? await predictedStart(trained, dataset, poses, templates)
        : { templates, predict: null, origin: "mean shape" };
      await refinePhotographs(store, dataset, poses, start, {
        moves: isTrue ? "place" : "pose",
        objectOf: (id) => groupOf.get(id)!,
        workers,
      }, callbacks);
    },
    async reconstruct({ index }) {
      const { vertices, pose, texture } = await store.read(dataset.records[index].id);
      return { vertices, pose, texture };
    },
  };
}

/** Posed photographs as a table of poses. */
function posesOf(
  { records }: Dataset,
  photographs: readonly PosedPhotograph[],
  templates: number,
): PoseEstimates {
  const rows = photographs.map(({ pose }) => poseArray(pose));
  const gather = (first: number, count: number) =>
    Float32Array.from(rows.flatMap((row) => Array.from(row.subarray(first, first + count))));
  const unknown = new Float32Array(rows.length).fill(NaN);
  return {
    indices: Int32Array.from(photographs, ({ index }) => index),
    ids: photographs.map(({ index }) => records[index].id),
    rotation: gather(0, 4),
    scale: gather(4, 1),
    translation: gather(5, 2),
    perspective: gather(7, 1),
    weights: Float32Array.from(
      photographs.flatMap(({ weights }) =>
        Array.from(weights ?? { length: templates }, (w, t) => w ?? Number(t === 0))
      ),
    ),
    iou: unknown,
    miou: unknown,
  };
}
