/**
 * Fits the poses of one image: every template from every start view to the mask, by gradient descent on the soft
 * silhouette.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { iou } from "../metrics/iou.ts";
import type { Pose } from "../rendering/cameras.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";
import { softTarget } from "../rendering/soft_target.ts";
import { FullMatrixAdam } from "./full_matrix_adam.ts";
import { HypothesisSet } from "./hypothesis_set.ts";
import type { PoseParts } from "./own_loss.ts";
import { resizeMask } from "./resize_mask.ts";
import { canSplit, type FitSettings, scheduleOf } from "./fit_settings.ts";
import { type FittedImage, type ViewRange, VIEWS } from "./fitted_image.ts";
import { bestApart, bestHalf } from "./prune.ts";
import { BASE_SHARPNESS, keptCount, renderLevels, type ScheduleStep } from "./schedule.ts";
import { START_PERSPECTIVE, startScale, startViews } from "./start_views.ts";

/** `plain` is the mask (the original), `soft` the mask with the border of a soft silhouette. */
export type SilhouetteTarget = "plain" | "soft";

const ALL_VIEWS: ViewRange = { first: 0, end: VIEWS };

/** How far a search is. */
export interface FitStep {
  /** Steps that were made. */
  readonly done: number;
  /** Steps of the search. */
  readonly total: number;
  /** The hypothesis whose silhouette was nearest to the mask. */
  best(): { readonly pose: Pose; readonly template: number };
  /** All hypotheses that are left, as they are now. */
  all(): readonly { readonly pose: Pose; readonly template: number }[];
}

/** Told after each step. */
export type OnFitStep = (step: FitStep) => void;

/** The mask at one of the sizes. */
interface Target {
  readonly silhouette: SoftSilhouette;
  readonly mask: Float32Array; // [S, S]
  /** What the loss compares with: the mask, or the mask with a border. */
  readonly wanted: Float32Array; // [S, S]
  readonly squares: number; // of `wanted`
}

/**
 * The search of one process: all memory but the results is taken once. Images do not influence each other.
 *
 * @example
 * ```ts
 * const fitter = new PoseFitter(topology.faces, [template.vertices], resolveOptions(ESTIMATE_OPTIONS, {}));
 * const { rotation, iou } = fitter.fit(mask);
 * ```
 */
export class PoseFitter {
  readonly #settings: FitSettings;
  readonly #templates: readonly FloatArray[];
  readonly #schedule: readonly ScheduleStep[];
  readonly #silhouettes: readonly SoftSilhouette[];
  readonly #start: Float64Array; // [H, 8]
  readonly #parts: PoseParts;

  /**
   * Checks the settings and takes the memory of the render sizes.
   *
   * @param faces Faces of all templates, `[F, 3]`
   * @param templates Vertices of each template, `[V, 3]`
   * @param settings Sizes and schedule
   * @param parts A user's own loss
   * @throws {RangeError} If there is no template, or a setting is out of range
   */
  constructor(
    faces: Int32Array,
    templates: readonly FloatArray[],
    settings: FitSettings,
    parts: PoseParts = {},
  ) {
    if (templates.length === 0) {
      throw new RangeError("Cannot fit poses: current value is 0 templates");
    }
    const { cameraOptimSteps: steps, schedule, imageResolution } = settings;
    if (!Number.isInteger(steps) || steps < 1) {
      throw new RangeError(
        `Cannot fit poses: the steps must be an integer from 1, current value is ${steps}`,
      );
    }
    this.#settings = settings;
    this.#parts = parts;
    this.#templates = templates;
    this.#schedule = scheduleOf(settings);
    const vertexCount = templates[0].length / 3;
    this.#silhouettes = renderLevels(imageResolution, schedule).map(({ size, boxMargin }) =>
      new SoftSilhouette(faces, vertexCount, size, { boxMargin })
    );
    this.#start = startParameters(templates);
  }

  /**
   * Fits the poses of one image.
   *
   * @param mask Observed mask, 0 to 1, `[S, S]`
   * @param views Start views; only a search that drops no hypotheses can be split into some of them
   * @param onStep Told after each step how far the search is
   * @returns The hypotheses with their IoUs
   * @throws {RangeError} If a search that drops hypotheses is to be split
   */
  fit(mask: FloatArray, views: ViewRange = ALL_VIEWS, onStep?: OnFitStep): FittedImage {
    if (views !== ALL_VIEWS && !canSplit(this.#templates.length, this.#settings)) {
      throw new RangeError(
        `Cannot fit the views ${views.first} to ${views.end} alone: the search drops hypotheses by comparing all`,
      );
    }
    const targets = this.#silhouettes.map((silhouette) => targetOf(silhouette, mask, this.#settings));
    const start = this.#start.length / 8;
    const isWhole = views === ALL_VIEWS && this.#settings.schedule === "original";
    const width = 8 * this.#templates.length;
    const chosen = this.#start.subarray(views.first * width, views.end * width);
    const set = new HypothesisSet(chosen, this.#templates, isWhole ? null : start, this.#parts.loss);
    const optimiser = new FullMatrixAdam(set.count, 8);
    const prunes = this.#templates.length > 1 && !this.#settings.noPrune;
    for (const [done, step] of this.#schedule.entries()) {
      const { silhouette, mask: target, wanted, squares } = targets[step.level];
      silhouette.sharpness = step.sharpness * sharpnessOf(this.#settings) / BASE_SHARPNESS;
      const keeps = this.#settings.noPrune ? null : step.keepAfter;
      const ious = keeps || (prunes && step.pruneAfter) ? new Float64Array(set.count) : null; // [H]
      let least = Infinity, best = 0;
      for (let h = 0; h < set.count; h++) {
        const { silhouette: loss } = set.evaluate(h, silhouette, wanted, squares);
        if (loss < least) [least, best] = [loss, h];
        if (ious) ious[h] = iou(silhouette.image(), target);
      }
      optimiser.update(set.parameters, set.gradients, step.learningRate);
      set.constrain();
      onStep?.({
        ...{ done: done + 1, total: this.#schedule.length, best: () => set.poseOf(best) },
        all: () => Array.from({ length: set.count }, (_, h) => set.poseOf(h)),
      });
      if (ious) {
        const kept = keeps ? bestApart(ious, set, keptCount(keeps, start)) : bestHalf(ious);
        set.select(kept);
        optimiser.select(kept);
      }
    }
    return this.#result(set, targets[targets.length - 1]);
  }

  #result(set: HypothesisSet, { silhouette, mask, wanted, squares }: Target): FittedImage {
    const ious = new Float32Array(set.count); // [H]
    let sum = 0;
    for (let h = 0; h < set.count; h++) {
      set.render(h, silhouette);
      sum += silhouette.meanSquaredError(wanted, squares);
      ious[h] = iou(silhouette.image(), mask);
    }
    return { ...set.result(), iou: ious, meanSquaredError: sum / set.count };
  }
}

function sharpnessOf({ sharpness = BASE_SHARPNESS }: FitSettings): number {
  return sharpness;
}

/** View-major, template-minor start values: rotation (4), scale, translation (2), perspective, `[40 T, 8]`. */
function startParameters(templates: readonly FloatArray[]): Float64Array {
  const views = startViews(); // [40, 4]
  const rows: number[] = [];
  for (let view = 0; view < views.length; view += 4) {
    const rotation = views.subarray(view, view + 4);
    for (const vertices of templates) {
      rows.push(...rotation, startScale(vertices, rotation), 0, 0, START_PERSPECTIVE);
    }
  }
  return Float64Array.from(rows);
}

function targetOf(
  silhouette: SoftSilhouette,
  whole: FloatArray,
  settings: FitSettings,
): Target {
  const { imageResolution, silhouetteTarget } = settings;
  const { size, boxMargin } = silhouette;
  const mask = resizeMask(whole, imageResolution, size); // [S, S]
  const wanted = silhouetteTarget === "plain"
    ? mask
    : softTarget(mask, size, { sharpness: sharpnessOf(settings), boxMargin }); // [S, S]
  let squares = 0;
  for (const value of wanted) squares += value * value;
  return { silhouette, mask, wanted, squares };
}
