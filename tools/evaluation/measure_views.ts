/**
 * How an object that was made of one photograph looks in that photograph and in others of the same object.
 *
 * @module
 */
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import type { Dataset, Sample } from "../../lib/datasets/dataset.ts";
import type { FeaturePyramid } from "../../lib/metrics/feature_pyramid.ts";
import { fitPlacement } from "./fit_placement.ts";
import { measureObjects, type ObjectFigures } from "../../lib/metrics/object_figures.ts";
import type { Pose } from "../../lib/rendering/cameras.ts";
import { LEAST_HARD_SIZE } from "../../lib/rendering/hard_silhouette.ts";
import { multiplyQuaternions, normalizeQuaternion } from "../../lib/rendering/quaternion.ts";
import type { PosedObject, PosedPhotograph, ViewMethod } from "./view_methods.ts";

/**
 * How the other views are known. `true`: by true cameras, which also made the object. `relative`: the turn between two
 * photographs by true cameras, from the estimated pose that made the object. `estimated`: by estimated poses alone.
 */
export type ViewKnowledge = "true" | "relative" | "estimated";

/** Options of {@linkcode measureViews}. */
export interface MeasureViewsOptions {
  /** Network of the feature distance; null leaves it out. */
  pyramid?: FeaturePyramid | null;
  /** Most other photographs that an object is compared with; 0 for none. */
  novelViews?: number;
  /** Rows and columns of the images that are compared, at least 256. */
  size?: number;
  /** Receives each object with its photograph. */
  onObject?: (photograph: PosedPhotograph, object: PosedObject, sample: Sample) => void | Promise<void>;
}

/** Figures of the object of one photograph. */
export interface PhotographViews {
  /** Name of the photograph. */
  readonly id: string;
  /** Object that it shows. */
  readonly group: string;
  /** In its own photograph. */
  readonly own: ObjectFigures;
  /** In other photographs of the object. */
  readonly novel: readonly ObjectFigures[];
}

/**
 * Reconstructs photographs and compares the objects with their own photograph and with others of the same group.
 *
 * Size and place are fitted to a mask (`fitPlacement`) wherever they cannot be told: in other photographs unless the
 * cameras are true, and in all views of a method whose objects have a template's size.
 *
 * @param dataset Photographs
 * @param inputs Those that are reconstructed, with the poses that the method is given
 * @param cameras Those that objects may be compared with; `true` and `relative` need true poses in the data set
 * @param method Way from a photograph to an object
 * @param knowledge How the other views are known
 * @param options What is compared
 * @param callbacks Progress in photographs
 */
export async function measureViews(
  dataset: Dataset,
  inputs: readonly PosedPhotograph[],
  cameras: readonly PosedPhotograph[],
  method: ViewMethod,
  knowledge: ViewKnowledge,
  { pyramid = null, novelViews = 12, size = LEAST_HARD_SIZE, onObject }: MeasureViewsOptions = {},
  callbacks: StageCallbacks = {},
): Promise<PhotographViews[]> {
  const { symmetric } = method, isTrue = knowledge === "true";
  const measured: PhotographViews[] = [];
  for (const input of inputs) {
    throwIfStopped(callbacks.signal, "The evaluation");
    const sample = await dataset.sample(input.index, size);
    const object = await method.reconstruct(input, sample);
    await onObject?.(input, object, sample);
    const view = (pose: Pose, observed: Sample, isFitted: boolean) => ({
      object,
      pose: isFitted ? fitPlacement(object.vertices, pose, observed.mask) : pose,
      observed,
    });
    const views = [view(object.pose, sample, isTrue && !method.isPlaced)];
    for (const camera of novelCameras(input, cameras, novelViews)) {
      const observed = await dataset.sample(camera.index, size);
      const pose = poseInView(dataset, input, object.pose, camera, knowledge);
      views.push(view(pose, observed, !isTrue || !method.isPlaced));
    }
    const [own, ...novel] = await measureObjects(views, { pyramid, symmetric });
    measured.push({ id: dataset.records[input.index].id, group: input.group, own, novel });
    callbacks.onProgress?.({ done: measured.length, total: inputs.length });
  }
  return measured;
}

/** Other photographs of the same object, evenly spread over those that there are. */
export function novelCameras(
  input: PosedPhotograph,
  cameras: readonly PosedPhotograph[],
  most: number,
): PosedPhotograph[] {
  const others = cameras.filter(({ index, group }) => group === input.group && index !== input.index);
  return evenly(others, most);
}

/** At most so many of a list, evenly spread. */
export function evenly<T>(list: readonly T[], most: number): T[] {
  const count = Math.min(most, list.length);
  return Array.from({ length: count }, (_, k) => list[Math.floor((k + 0.5) * list.length / count)]);
}

/** Pose of an object in another photograph; but for `true`, scale and translation are first guesses. */
function poseInView(
  { records }: Dataset,
  input: PosedPhotograph,
  ownPose: Pose,
  camera: PosedPhotograph,
  knowledge: ViewKnowledge,
): Pose {
  if (knowledge === "estimated") return camera.pose;
  const from = records[input.index].truePose, to = records[camera.index].truePose;
  if (!from || !to) throw new TypeError("Cannot find another view as a true pose: current value is null");
  // out of the frame in which the own pose sees the object, into the true one, into the other camera
  const turn = multiplyQuaternions(to.rotation, conjugate(from.rotation));
  return { ...to, rotation: normalizeQuaternion(multiplyQuaternions(turn, ownPose.rotation)) };
}

function conjugate(q: ArrayLike<number>): number[] {
  return [q[0], -q[1], -q[2], -q[3]];
}

/** Mean figures; `null` where none is known. */
export interface MeanObjectFigures {
  /** Views. */
  readonly count: number;
  /** Mean IoU of hard silhouette and mask. */
  readonly iou: number | null;
  /** Mean PSNR inside the mask, decibels. */
  readonly psnr: number | null;
  /** Mean structural similarity inside the mask. */
  readonly ssim: number | null;
  /** Mean feature distance inside the mask. */
  readonly lp: number | null;
}

/** Means over views. */
export function meanObjectFigures(figures: readonly ObjectFigures[]): MeanObjectFigures {
  const mean = (name: keyof ObjectFigures): number | null => {
    const values = figures.flatMap((found) => found[name] ?? []).filter(Number.isFinite);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return { count: figures.length, iou: mean("iou"), psnr: mean("psnr"), ssim: mean("ssim"), lp: mean("lp") };
}
