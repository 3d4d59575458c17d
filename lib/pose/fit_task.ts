/**
 * The task of step 1's workers: one image.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { WorkerKind } from "../core/worker_pool.ts";
import { hardIou } from "../metrics/hard_iou.ts";
import { poseInRow, projectVertices } from "../rendering/cameras.ts";
import type { PoseParts } from "./own_loss.ts";
import type { FitSettings } from "./fit_settings.ts";
import type { FittedImage, ViewRange } from "./fitted_image.ts";
import { PoseFitter } from "./pose_fitter.ts";
import { indexOfLargest } from "./running_scores.ts";

/** What all images have in common. */
export interface FitShared {
  /** Faces of all templates, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Vertices of each template, `[V, 3]`. */
  readonly templates: readonly Float32Array[];
  /** Sizes and schedule. */
  readonly settings: FitSettings;
}

/** One image, or some of its hypotheses. */
export interface FitTask {
  /** Observed mask, `[S, S]`. */
  readonly mask: Float32Array;
  /** The mask as the figure shown is measured with, at least `LEAST_HARD_SIZE` pixels a side, `[R, R, 1]`. */
  readonly shownMask: Pick<FloatImage, "data" | "width">;
  /** Which start views, of all templates; all if left out. */
  readonly views?: ViewRange;
}

/** A fitted image with the figure that is shown of it. */
export interface FitResult extends FittedImage {
  /** IoU of the mesh itself with the mask, at the hypothesis whose silhouette has the best IoU. */
  readonly hardIou: number;
}

/** Makes the function that fits one image. */
export function createRunner(
  { faces, templates, settings }: FitShared,
  parts: PoseParts = {},
): (task: FitTask) => FitResult {
  const fitter = new PoseFitter(faces, templates, settings, parts);
  return ({ mask, shownMask, views }) => {
    const fitted = fitter.fit(mask, views), best = indexOfLargest(fitted.iou);
    const screen = projectVertices(
      Float64Array.from(templates[fitted.template[best]]),
      poseInRow(fitted, best),
    );
    return { ...fitted, hardIou: hardIou(screen, shownMask) };
  };
}

/** Workers that fit images. */
export const FIT_KIND: WorkerKind<FitShared, FitTask, FitResult> = {
  module: new URL(import.meta.url),
  createRunner,
};
