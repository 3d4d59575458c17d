/**
 * Which model finds features of photographs, of flags.
 *
 * @module
 */
import type { PatchModelOptions } from "../lib/vision/patch_model.ts";
import { tripleOf } from "./training_flags.ts";

/** Values of the flags. */
export interface FeatureFlags {
  /** `--feature_model`. */
  readonly featureModel: string;
  /** `--feature_size`. */
  readonly featureSize: number;
  /** `--feature_mean`. */
  readonly featureMean: readonly string[];
  /** `--feature_std`. */
  readonly featureStd: readonly string[];
}

/**
 * The model.
 *
 * @throws {UsageError} If a list is not three numbers
 */
export function featureModelOf(flags: FeatureFlags): PatchModelOptions {
  return {
    model: flags.featureModel,
    size: flags.featureSize,
    mean: tripleOf("feature_mean", flags.featureMean, -Infinity),
    deviation: tripleOf("feature_std", flags.featureStd, 0),
  };
}
