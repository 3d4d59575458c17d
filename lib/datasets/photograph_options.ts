/**
 * Options of a user's photographs: where they lie, and where their masks come from.
 *
 * @module
 */
import { category, dataset, limit, overwrite, seed, skipInvalid } from "../core/common_options.ts";
import { option } from "../core/option.ts";
import { OBJECT_MODEL_DEFAULTS } from "./background_removal/object_model.ts";

/** Model that makes masks, and how it takes images. */
export const MASK_MODEL_OPTIONS = {
  maskModel: option.text({
    doc:
      "Model in ONNX's format that 'masks: auto' uses; auto: the one that deno task setup --vision fetched, if it is " +
      "there; none: colour alone, for plain backgrounds.",
    default: "auto",
  }),
  maskSize: option.integer({
    doc: "Longer side of images in that model, in pixels, where its file names no size.",
    default: OBJECT_MODEL_DEFAULTS.size,
    minimum: 14,
  }),
  maskMean: option.triple({
    doc: "What it subtracts from values 0 to 255: red, green, blue.",
    default: OBJECT_MODEL_DEFAULTS.mean,
  }),
  maskStd: option.triple({
    doc: "What it divides values by then.",
    default: OBJECT_MODEL_DEFAULTS.deviation,
    above: 0,
  }),
} as const;

/** Where masks come from. */
export const MASK_OPTIONS = {
  masks: option.choice({
    doc: "given: every image brings its mask; auto: cuts objects without one out of their backgrounds.",
    choices: ["given", "auto"],
    default: "given",
  }),
  ...MASK_MODEL_OPTIONS,
} as const;

/** What becomes of a folder of photographs. */
export const IMPORT_OPTIONS = {
  name: dataset,
  category,
  limit,
  seed,
  skipInvalid,
  overwrite,
  masks: MASK_OPTIONS.masks,
} as const;

/** Photographs that a stage imports as its data set before it starts. */
export const OWN_IMAGES_OPTIONS = {
  images: option.text({
    reads: true,
    doc: "Folder of photographs that becomes the data set first, in any layout that check_data understands.",
  }),
  category: option.text({
    flag: "template",
    doc: "Category of those photographs; that of the data set if it was imported before.",
  }),
  ...MASK_OPTIONS,
} as const;
