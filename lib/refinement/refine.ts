/**
 * Refinement: shape, pose and texture of the object in each posed photograph, without any training.
 *
 * @module
 */
import { resolveOptions } from "../core/option.ts";
import { UserError } from "../core/errors.ts";
import { hashText } from "../core/prng.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { defaultWorkerCount, shareArray, WorkerPool } from "../core/worker_pool.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { checkSum } from "../io/stage_folder.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { findJoints } from "./joints.ts";
import { REFINE_OPTIONS, type RefineOptions, type RefineResult, type RefineStart } from "./refine_options.ts";
import { REFINE_KIND, type RefineShared } from "./refine_task.ts";
import type { RefinedStore } from "./refined_store.ts";
import { RefinementPasses } from "./refinement_passes.ts";
import { type SmoothFields, smoothFields } from "./smooth_fields.ts";

/**
 * Refines all posed photographs of a data set. What is done is kept, and the same call resumes; the
 * result does not depend on the number of workers or processes.
 *
 * @param store Where the objects are kept, such as a `refinedStore`
 * @param dataset Photographs
 * @param poses Their poses
 * @param start Shapes to begin with
 * @param options Sizes and symmetry
 * @param callbacks Progress with the value "IoU", sentences, signal
 * @throws {RangeError} If an option is out of range
 * @throws {UserError} If the poses are those of other photographs, or the folder holds files made from other inputs
 * @throws {StoppedError} If it was stopped; what was done is kept
 */
export async function refinePhotographs(
  store: RefinedStore,
  dataset: Dataset,
  poses: PoseEstimates,
  start: RefineStart,
  options: Omit<RefineOptions, "overwrite"> = {},
  callbacks: StageCallbacks = {},
): Promise<RefineResult> {
  const settings = { objectOf: options.objectOf ?? null, ...resolveOptions(REFINE_OPTIONS, options) };
  checkBelonging(dataset, poses);
  await store.begin(originOf(dataset, poses, start, settings));
  const workers = dataset.sampleTask ? settings.workers ?? defaultWorkerCount() : 0;
  const { textureResolution: resolution, symmetric, moves, shape } = settings;
  const fields = sharedFields(symmetric), joints = start.templates.map(findJoints);
  const shared: RefineShared = { fields, resolution, symmetric, moves, shape, joints };
  const pool = await WorkerPool.start(REFINE_KIND, shared, workers);
  try {
    const refinement = new RefinementPasses(store, dataset, poses, start, settings, pool, callbacks);
    await refinement.fitShapes();
    const ious = await refinement.makeTextures();
    return { ids: poses.ids, ious };
  } finally {
    pool.close();
  }
}

/** The smooth fields in memory that workers share. */
function sharedFields(symmetric: boolean): SmoothFields {
  const { count, axes } = smoothFields({ symmetric });
  return { count, axes: axes.map((axis) => ({ ...axis, smooth: shareArray(axis.smooth) })) };
}

function originOf(
  dataset: Dataset,
  poses: PoseEstimates,
  { templates, origin }: RefineStart,
  { textureResolution, rounds, donors, alignments, symmetric, moves, shape, objectOf }: Required<
    RefineOptions
  >,
) {
  const { indices, rotation, scale, translation, perspective, weights } = poses;
  return {
    dataset: dataset.name,
    photographs: hashText(JSON.stringify(Array.from(indices, (i) => dataset.records[i]))).toString(16),
    poses: checkSum([indices, rotation, scale, translation, perspective, weights]),
    templates: checkSum(templates.map(({ vertices }) => vertices)),
    joints: checkSum(templates.flatMap((template) => findJoints(template).map(({ weights }) => weights))),
    start: origin,
    texture_resolution: textureResolution,
    rounds,
    donors,
    alignments,
    symmetric: String(symmetric),
    moves,
    shape: String(shape),
    objects: objectOf ? hashText(poses.ids.map(objectOf).join()).toString(16) : "",
  };
}

function checkBelonging({ name, records }: Dataset, { ids, indices }: PoseEstimates): void {
  const other = ids.findIndex((id, row) => records[indices[row]]?.id !== id);
  if (other < 0) return;
  throw new UserError(
    `Cannot refine ${name}: its poses name photograph ${ids[other]} as number ${indices[other]}, which is ` +
      `${records[indices[other]]?.id ?? "not there"}; the data set was changed, estimate the poses again.`,
  );
}
