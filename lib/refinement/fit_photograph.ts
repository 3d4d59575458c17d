/**
 * Shape and pose of one photograph; free of files, so that it runs in browsers too.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import type { Sample } from "../datasets/dataset.ts";
import { hardIou } from "../metrics/hard_iou.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import type { Joint } from "./joints.ts";
import { SHAPE_FIT_DEFAULTS, type ShapeFitOptions } from "./shape_fit_options.ts";
import type { FittedShape, OnShapeStep, ShapeFitter } from "./shape_fitter.ts";

/** A photograph that is read at any resolution, as the stages see it. */
export interface PhotographReader {
  /**
   * Reads its crop.
   *
   * @param resolution Side of the result, r
   */
  read(resolution: number): Promise<Pick<Sample, "image" | "mask">>;
  /** Side of the crop in the photograph's own pixels; null if that is not known. */
  readonly side: number | null;
}

/** What a fit begins with. */
export interface FitStart {
  /** The photograph. */
  readonly photograph: PhotographReader;
  /** Shape to begin with, `[V, 3]`. */
  readonly start: FloatArray;
  /** Pose to begin with. */
  readonly pose: Pose;
}

/** A fitted shape with its IoU, and the photograph at the size of the fit. */
export interface FittedSample extends FittedShape {
  /** IoU of mesh and mask, 0 to 1. */
  readonly iou: number;
  /** The photograph at the size of the fit. */
  readonly sample: Pick<Sample, "image" | "mask">;
}

/**
 * Options of the fit of one photograph.
 *
 * @param settings Whether shape and pose move at all, and what moves beside the shape
 */
export function fitOptions({ shape, moves }: { shape: boolean; moves: "pose" | "place" }): ShapeFitOptions {
  return { moves, steps: shape ? SHAPE_FIT_DEFAULTS.steps : 0 };
}

/**
 * Fits shape and pose of one photograph.
 *
 * @param fitter The fits of this thread
 * @param start Photograph, shape and pose to begin with
 * @param joints Joints that may turn
 * @param onStep Told now and then how far it is
 */
export async function fitPhotograph(
  fitter: ShapeFitter,
  { photograph, start, pose }: FitStart,
  joints: readonly Joint[] = [],
  onStep?: OnShapeStep,
): Promise<FittedSample> {
  const sample = await photograph.read(SHAPE_FIT_DEFAULTS.size);
  const fitted = fitter.fit(start, sample.mask.data, pose, joints, onStep);
  return { ...fitted, iou: meshIou(fitted, sample), sample };
}

/** IoU of a shape in its pose with a mask of at least 256 pixels a side. */
export function meshIou(
  { vertices, pose }: Pick<FittedShape, "vertices" | "pose">,
  { mask }: Pick<Sample, "mask">,
): number {
  return hardIou(projectVertices(vertices, pose, zerosLike(vertices)), mask);
}
