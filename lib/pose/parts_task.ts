/**
 * The tasks of step 2's workers: collecting the parts of one image on the template, and scoring the hypotheses of one
 * image.
 *
 * @module
 */
import type { WorkerKind } from "../core/worker_pool.ts";
import { iou } from "../metrics/iou.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { createFragments, rasterize } from "../rendering/rasterize.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";
import { channelTotals, type ObservedParts, partIou, scatterParts, sparseParts } from "./part_kernels.ts";
import { BASE_SHARPNESS } from "./schedule.ts";

/** Sharpness of step 2's silhouettes: the factor σ is 0.1. */
const SCORE_SHARPNESS = 10 * BASE_SHARPNESS;

/** What all images have in common. */
export interface PartsShared {
  /** Faces of all templates, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Vertices of each template, `[V, 3]`. */
  readonly templates: readonly Float32Array[];
  /** Rows and columns of the images, S. */
  readonly imageResolution: number;
}

/** A pose with the number of its template. */
export interface TemplatePose extends Pose {
  /** Number of the template. */
  readonly template: number;
}

/** Collect the parts of an image on its template's vertices. */
export interface CollectTask {
  /** Tells the tasks apart. */
  readonly kind: "collect";
  /** Pose of the image. */
  readonly pose: TemplatePose;
  /** Part map of the image. */
  readonly parts: ObservedParts;
}

/** Score all hypotheses of an image. */
export interface ScoreTask {
  /** Tells the tasks apart. */
  readonly kind: "score";
  /** Hypotheses of the image, `[H]`. */
  readonly poses: readonly TemplatePose[];
  /** Observed mask, `[S, S]`; null where the IoUs of the silhouettes are known. */
  readonly mask: Float32Array | null;
  /** Part map of the image. */
  readonly parts: ObservedParts;
  /** Part probabilities of each template's vertices, `[V, C]`. */
  readonly colours: readonly Float32Array[];
}

/** Result of a task. */
export interface PartsResult {
  /** Accumulated parts, `[V, C]`; empty after scoring. */
  readonly sums: Float64Array;
  /** IoU of each silhouette, `[H]`; empty after collecting and without a mask. */
  readonly iou: Float32Array;
  /** IoU of each part map, `NaN` where the image has no parts, `[H]`; empty after collecting. */
  readonly miou: Float32Array;
}

/** Makes the function that does one task. */
export function createRunner(
  { faces, templates, imageResolution: size }: PartsShared,
): (task: CollectTask | ScoreTask) => PartsResult {
  const silhouette = new SoftSilhouette(faces, templates[0].length / 3, size, { sharpness: SCORE_SHARPNESS });
  const screen = new Float64Array(templates[0].length); // [V, 3]
  const reuse = createFragments(size, size, screen);
  const rasterizePose = (pose: TemplatePose) => {
    projectVertices(templates[pose.template], pose, screen);
    return rasterize(screen, faces, size, size, reuse);
  };
  const none = new Float32Array(0);
  return (task) => {
    if (task.kind === "collect") {
      const sums = new Float64Array(screen.length / 3 * task.parts.channels); // [V, C]
      scatterParts(rasterizePose(task.pose), faces, task.parts, sums);
      return { sums, iou: none, miou: none };
    }
    const totals = channelTotals(task.parts), sparse = sparseParts(task.parts);
    const { mask } = task, ious = mask === null ? none : new Float32Array(task.poses.length); // [H]
    const miou = Float32Array.from(task.poses, (pose, h) => {
      const fragments = rasterizePose(pose);
      if (mask !== null) {
        silhouette.forward(screen);
        ious[h] = iou(silhouette.image(), mask);
      }
      return partIou(fragments, faces, task.colours[pose.template], task.parts, totals, sparse);
    });
    return { sums: new Float64Array(0), iou: ious, miou };
  };
}

/** Workers that collect and score parts. */
export const PARTS_KIND: WorkerKind<PartsShared, CollectTask | ScoreTask, PartsResult> = {
  module: new URL(import.meta.url),
  createRunner,
};
