/**
 * The task of step 1's workers: one picture.
 *
 * @module
 */
import type { WorkerKind } from "../core/worker_pool.ts";
import { type FitSettings, type FittedImage, PoseFitter, type ViewRange } from "./pose_fitter.ts";

/** What all pictures have in common. */
export interface FitShared {
  /** Faces of all templates, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Vertices of each template, `[V, 3]`. */
  readonly templates: readonly Float32Array[];
  /** Sizes and schedule. */
  readonly settings: FitSettings;
}

/** One picture, or some of its hypotheses. */
export interface FitTask {
  /** Observed mask, `[S, S]`. */
  readonly mask: Float32Array;
  /** Which start views, of all templates; all if left out. */
  readonly views?: ViewRange;
}

/** Makes the function that fits one picture. */
export function createFitRunner({ faces, templates, settings }: FitShared): (task: FitTask) => FittedImage {
  const fitter = new PoseFitter(faces, templates, settings);
  return ({ mask, views }) => fitter.fit(mask, views);
}

/** Workers that fit pictures. */
export const FIT_KIND: WorkerKind<FitShared, FitTask, FittedImage> = {
  module: new URL("./fit_worker.ts", import.meta.url),
  createRunner: createFitRunner,
};
