/**
 * Poses of photographs: hypotheses by silhouettes, the choice among them by parts, and how good they are.
 *
 * @module
 */
export { type Pose, poseInRow, type PoseTable } from "../rendering/cameras.ts";
export { ESTIMATE_OPTIONS, type EstimateOptions } from "./estimate_options.ts";
export * from "./step1.ts";
export { choosePoses, type PoseChoice } from "./step2.ts";
export {
  CHOOSE_OPTIONS,
  type ChooseOptions,
  type DiscardRule,
  PARTS_KINDS,
  type PartsKind,
  type SemanticsSource,
} from "./choose_options.ts";
export { photographChoice, ROBUST_CHOICE } from "./robust_choice.ts";
export type { Choice, ChoiceRule } from "./choose.ts";
export type { Scored } from "./choose_job.ts";
export type { PartsScores } from "./margins.ts";
export * from "./files.ts";
export * from "./evaluate.ts";
export type { HypothesisCounts } from "./hypothesis_row.ts";
export type { FitSettings } from "./fit_settings.ts";
export { type FitStep, type OnFitStep, PoseFitter, type SilhouetteTarget } from "./pose_fitter.ts";
export type { FittedImage, ViewRange } from "./fitted_image.ts";
export type { PoseParts, SilhouetteLoss } from "./own_loss.ts";
export type { ScheduleName, Sharpening } from "./schedule.ts";
export type { PatchModelOptions } from "../vision/patch_model.ts";
export type { FeatureSource, ObjectFeatures } from "./object_features.ts";
