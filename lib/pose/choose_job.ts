/**
 * What step 2 works on, and what it finds.
 *
 * @module
 */
import type { StageCallbacks } from "../core/progress.ts";
import type { WorkerPool } from "../core/worker_pool.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Template } from "../templates/template_file.ts";
import type { OptionsOutput } from "../core/option.ts";
import type { CHOOSE_OPTIONS, ChooseOptions } from "./choose_options.ts";
import type { Hypotheses, SemanticTemplate } from "./files.ts";
import type { CollectTask, PartsResult, ScoreTask } from "./parts_task.ts";
import { type PartsScores, squaredDeviations } from "./margins.ts";
import { cameraDepression, cameraTilt } from "./tilt.ts";

/** Workers that collect and score parts. */
export type PartsPool = WorkerPool<CollectTask | ScoreTask, PartsResult>;

/** Scores of all hypotheses. */
export interface Scored {
  /** IoU of each hypothesis' silhouette, `[N, H]`. */
  readonly iou: Float32Array;
  /** IoU of each hypothesis' parts (of the silhouette where there are no parts), `[N, H]`. */
  readonly miou: Float32Array;
  /** What the choice goes by: `miou` with the weights of the options, `[N, H]`. */
  readonly scores: Float32Array;
  /** Each kind of parts alone, where there are two. */
  readonly kinds?: readonly PartsScores[];
  /** Parts of the templates; `null` where the data set has none. */
  readonly semantics: SemanticTemplate | null;
  /** Numbers of the images that the parts were inferred from. */
  readonly semanticImages: readonly number[];
}

/** All that the choice needs. */
export interface ChooseJob {
  /** The images. */
  readonly dataset: Dataset;
  /** The templates of step 1. */
  readonly templates: readonly Template[];
  /** Result of step 1. */
  readonly hypotheses: Hypotheses;
  /** Settings. */
  readonly options: OptionsOutput<typeof CHOOSE_OPTIONS> & Pick<ChooseOptions, "featureModel">;
  /** Scores by other parts, which the scores of these parts are added to, `[N, H]`; null if there are none. */
  readonly before: Float32Array | null;
  /** Progress, sentences, signal. */
  readonly callbacks: StageCallbacks;
}

/**
 * What the choice goes by.
 *
 * @param miou IoU of parts, `[N, H]`
 * @param iou IoU of silhouettes, `[N, H]`
 * @param job Hypotheses and options; where it brings scores by other parts, these parts are added to them
 * @returns Scores, `[N, H]`
 */
export function weightedScores(miou: Float32Array, iou: Float32Array, job: ChooseJob): Float32Array {
  const { hypotheses: { rotation, H }, options, before } = job;
  const { silhouetteWeight, partsWeight, levelWeight, horizonWeight } = options;
  const factor = partsWeight === 0 ? 1 : partsWeight * spreadRatio(iou, miou, H);
  if (before) return miou.map((value, k) => factor * value + before[k]);
  return miou.map((value, k) => {
    const q = rotation.subarray(4 * k, 4 * k + 4);
    const camera = levelWeight * cameraTilt(q) + horizonWeight * cameraDepression(q);
    return factor * value + silhouetteWeight * iou[k] - camera;
  });
}

/**
 * How much wider one kind of score is spread over the hypotheses of an image than another.
 *
 * @param a Scores, `[N, H]`
 * @param b Other scores, `[N, H]`
 * @param H Hypotheses of an image
 * @returns Standard deviation of `a` about its image's mean over that of `b`; 0 if `b` has none
 */
export function spreadRatio(a: Float32Array, b: Float32Array, H: number): number {
  const squares = squaredDeviations(b, H);
  return squares > 0 ? Math.sqrt(squaredDeviations(a, H) / squares) : 0;
}
