/**
 * Options of pose estimation's step 2.
 *
 * @module
 */
import type { PatchModelOptions } from "../vision/patch_model.ts";

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

/** Options of `choosePoses`. */
export interface ChooseOptions {
  /** Rows and columns of the images. */
  imageResolution?: number;
  /** Whether the two halves of the templates have the same parts. */
  symmetric?: boolean;
  /** Largest disagreement of the hypotheses of a kept image, 0 to 1. */
  vAgrThreshold?: number;
  /** Which parts are compared. */
  parts?: PartsKind;
  /** The vision model that finds features. */
  featureModel?: PatchModelOptions;
  /** Where the parts of the template's vertices come from. */
  semantics?: SemanticsSource;
  /**
   * How often the parts of the template's vertices are inferred, from 1 (the original). Later rounds take every image
   * whose hypotheses agree by the scores of the round before, not only side views.
   */
  rounds?: number;
  /** The same for parts that are found without labels, which name every pixel, so that more rounds do no harm. */
  autoRounds?: number;
  /** Which images are left out. */
  discard?: DiscardRule;
  /** Largest share of the images that the rule `margin` keeps, above 0 to 1. */
  keepShare?: number;
  /**
   * By how much a pose must surpass those that look elsewhere under the rule `margin`, in standard deviations of the scores
   * of an image's hypotheses: the mean of what the score and the parts alone say.
   */
  leastMargin?: number;
  /** Weight of the silhouette's overlap beside that of the parts, from 0 (the original: parts alone). */
  silhouetteWeight?: number;
  /**
   * Weight of the parts when their overlap is scaled to the spread of the silhouettes' (the standard deviation over the
   * hypotheses of an image): 2 lets them count twice as much. 0 takes the overlap of parts as it is (the original).
   */
  partsWeight?: number;
  /**
   * What a camera that is not level and upright costs: subtracted from the score times one minus the cosine of its tilt,
   * from 0 (the original). Good for own photographs without parts, about 0.1.
   */
  levelWeight?: number;
  /**
   * What a camera that looks up at the object costs: subtracted from the score times the sine of that angle, from 0 (the
   * original). For things that stand on the ground, about 0.1.
   */
  horizonWeight?: number;
  /** With fewer images than this all are kept. */
  keepAllBelow?: number;
  /** Number of worker threads, 0 for none; `null` is one per core. Does not change the result. */
  workers?: number | null;
}

/** Defaults of `choosePoses`. */
export const CHOOSE_DEFAULTS = {
  imageResolution: 256,
  symmetric: true,
  vAgrThreshold: 0.3,
  parts: "data",
  featureModel: {},
  semantics: "data",
  rounds: 1,
  autoRounds: 1,
  discard: "original",
  keepShare: 0.75,
  leastMargin: 0,
  silhouetteWeight: 0,
  partsWeight: 0,
  levelWeight: 0,
  horizonWeight: 0,
  keepAllBelow: 10,
  workers: null,
} as const satisfies Required<ChooseOptions>;

/**
 * Options that choose better than the original where that was measured (docs/explanation/pose.md): the template's labels come first,
 * then what they teach, and parts found without labels; silhouettes count, and images with a rival pose are left out.
 */
export const ROBUST_CHOICE = {
  parts: "both",
  semantics: "auto",
  autoRounds: 4,
  silhouetteWeight: 1,
  partsWeight: 2,
  discard: "margin",
  keepShare: 0.9,
  leastMargin: 0.3,
} as const satisfies ChooseOptions;

/** Categories that are photographed from below too. */
const FLYING: readonly string[] = ["airplane", "bird"];
/** Weights of level cameras, and of the horizon for things that stand on the ground. */
const LEVEL_WEIGHT = 0.1, HORIZON_WEIGHT = 0.1;

/**
 * How a pipeline chooses poses of people's photographs: the robust choice, with cameras that are likely.
 *
 * @param category Category of the photographs
 * @returns Options of step 2
 */
export function photographChoice(category: string): ChooseOptions {
  const horizonWeight = FLYING.includes(category) ? 0 : HORIZON_WEIGHT;
  return { ...ROBUST_CHOICE, levelWeight: LEVEL_WEIGHT, horizonWeight };
}
