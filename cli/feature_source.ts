/**
 * Which model finds features of photographs, of options.
 *
 * @module
 */
import type { OptionsOutput } from "../lib/core/option.ts";
import type { FEATURE_MODEL_OPTIONS } from "../lib/vision/feature_model_options.ts";
import type { PatchModelOptions } from "../lib/vision/patch_model.ts";

/** The model. */
export function featureModelOf(
  { featureModel: model, featureSize: size, featureMean: mean, featureStd: deviation }: OptionsOutput<
    typeof FEATURE_MODEL_OPTIONS
  >,
): PatchModelOptions {
  return { model, size, mean, deviation };
}
