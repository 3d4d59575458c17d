/**
 * Settings of the fit of one image, and how many hypotheses it ends with.
 *
 * @module
 */
import type { OptionsOutput } from "../core/option.ts";
import type { ESTIMATE_OPTIONS, EstimateOptions } from "./estimate_options.ts";
import { keptCount, poseSchedule, type ScheduleStep } from "./schedule.ts";
import { startViews } from "./start_views.ts";

/** Settings of a fit: {@linkcode ESTIMATE_OPTIONS} tells what each is. */
export type FitSettings =
  & Omit<OptionsOutput<typeof ESTIMATE_OPTIONS>, "vAgrThreshold" | "workers" | "saveEvery" | "sharpness">
  & Pick<EstimateOptions, "sharpness">;

/** Whether hypotheses are fitted without a look at the others, so that workers can share them. */
export function canSplit(templates: number, { noPrune, schedule }: FitSettings): boolean {
  return noPrune || (templates === 1 && schedule === "original");
}

/**
 * Number of hypotheses that a fit ends with.
 *
 * @param templates Number of templates
 * @param settings Settings of the fit
 * @returns H: 40 for one template; else a quarter of 40 a template, or all of them with `noPrune`; the fast schedule
 * leaves 14, or an eighth of all if that is more
 */
export function hypothesisCount(templates: number, settings: FitSettings): number {
  const start = startViews().length / 4 * templates;
  if (settings.noPrune) return start;
  let count = start;
  for (const { keepAfter, pruneAfter } of scheduleOf(settings)) {
    if (keepAfter) count = Math.min(count, keptCount(keepAfter, start));
    else if (pruneAfter && templates > 1) count >>= 1;
  }
  return count;
}

/** All steps of a fit. */
export function scheduleOf(settings: FitSettings): ScheduleStep[] {
  const { cameraOptimSteps: steps, cameraLrDecayAfter: learningRateDecayAfter, sharpening, schedule } =
    settings;
  return poseSchedule({ steps, learningRateDecayAfter, sharpening, schedule });
}
