/**
 * Options of pose estimation's step 2.
 *
 * @module
 */
import { symmetric } from "../core/common_options.ts";
import type { PatchModelOptions } from "../vision/patch_model.ts";
import { option, type OptionsInput } from "../core/option.ts";
import { POSE_OPTIONS } from "./estimate_options.ts";

/**
 * Where the parts of the template's vertices come from: `data` infers them from the surest silhouettes; `template` takes
 * the template's own labels; `seeded` chooses poses by the template's own labels first and infers the parts from those;
 * `auto` is `seeded` if the template has all parts of the data set, else `data`.
 */
export type SemanticsSource = "data" | "template" | "seeded" | "auto";

/**
 * Which parts are compared: `data` those that the data set brings; `auto` clusters of brightness, saturation and height
 * that are found without labels, so that photographs without part masks can be used; `both` adds the two scores;
 * `features` compares places on the template with those that the features of a vision model tell.
 */
export type PartsKind = "data" | "auto" | "both" | "features";

/** Values of `parts`. */
export const PARTS_KINDS = ["data", "auto", "both", "features"] as const satisfies readonly PartsKind[];

/**
 * Which images are left out: `original` those whose hypotheses disagree and the bottom decile by score; `margin` those
 * whose hypotheses disagree and those where a pose that looks elsewhere scores nearly as well, by either of two kinds of
 * parts; but the clearer half of the images from each of 16 directions stays.
 */
export type DiscardRule = "original" | "margin";

const weight = (doc: string) => option.number({ doc, default: 0, minimum: 0 });
const inferences = (doc: string) => option.integer({ doc, default: 1, minimum: 1, maximum: 20 });

/** Parts that poses are chosen by. */
export const parts = (fallback: PartsKind) =>
  option.choice({
    doc:
      "Parts that are compared: the data set's, clusters found without labels, both, or places by features.",
    choices: PARTS_KINDS,
    default: fallback,
  });

/** Photographs that teach parts. */
export const partsFrom = option.text({
  reads: true,
  doc: "Folder of a few photographs with part labels, 5 to 20, which a vision model spreads to all.",
});

/** Options of `choosePoses`, with the original's defaults. */
export const CHOOSE_OPTIONS = {
  ...POSE_OPTIONS,
  symmetric,
  parts: parts("data"),
  semantics: option.choice({
    doc: "Where the template's parts come from: the data, its own labels, or the data after its own labels.",
    choices: ["data", "template", "seeded", "auto"],
    default: "data",
  }),
  rounds: inferences(
    "How often the template's parts are inferred; later rounds take every image whose hypotheses agree.",
  ),
  autoRounds: inferences("The same for parts that are found without labels."),
  silhouetteWeight: weight("Weight of the silhouette's IoU beside that of the parts."),
  partsWeight: weight(
    "Weight of parts whose IoU is scaled to the spread of the silhouettes', 0 for the IoU as it is.",
  ),
  levelWeight: weight(
    "What a tilted camera costs: a factor of one minus the cosine of its tilt; 0.1 suits photographs without parts.",
  ),
  horizonWeight: weight(
    "What a camera that looks up at the object costs: a factor of the sine of that angle; 0.1 suits things that stand " +
      "on the ground.",
  ),
  discard: option.choice({
    doc: "Images left out: by the original's rule, or those with a rival pose.",
    choices: ["original", "margin"],
    default: "original",
  }),
  keepShare: option.number({
    doc: "Largest share of the images that the rule margin keeps.",
    default: 0.75,
    minimum: 0.1,
    maximum: 1,
  }),
  leastMargin: option.number({
    doc: "Lead over rival poses that the rule margin asks for, in standard deviations.",
    default: 0,
    minimum: 0,
  }),
  keepAllBelow: option.integer({
    flag: null,
    doc: "With fewer images than this all are kept.",
    default: 10,
    minimum: 0,
  }),
} as const;

/** Options of `choosePoses`: {@linkcode CHOOSE_OPTIONS} tells what each is. */
export interface ChooseOptions extends OptionsInput<typeof CHOOSE_OPTIONS> {
  /** The vision model that finds features; the one that setup fetched if left out. */
  featureModel?: PatchModelOptions;
}
