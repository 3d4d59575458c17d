/**
 * Options that describe a model of features.
 *
 * @module
 */
import { option } from "../core/option.ts";
import { PATCH_MODEL_DEFAULTS } from "./patch_model.ts";

/** Model that finds features of photographs, and how it takes images. */
export const FEATURE_MODEL_OPTIONS = {
  featureModel: option.text({
    doc:
      "Vision model in ONNX's format whose features are compared, such as one of DINOv2; auto: the one that deno task " +
      "setup --vision fetched.",
    default: PATCH_MODEL_DEFAULTS.model,
  }),
  featureSize: option.integer({
    doc: "Side of images in that model, in pixels, where its file names no size.",
    default: PATCH_MODEL_DEFAULTS.size,
    minimum: 14,
  }),
  featureMean: option.triple({
    doc: "What it subtracts from values 0 to 255: red, green, blue.",
    default: PATCH_MODEL_DEFAULTS.mean,
  }),
  featureStd: option.triple({
    doc: "What it divides values by then.",
    default: PATCH_MODEL_DEFAULTS.deviation,
    above: 0,
  }),
} as const;
