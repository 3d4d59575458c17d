/**
 * Options of pose estimation's step 2.
 *
 * @module
 */

/**
 * Where the parts of the template's vertices come from: `data` infers them from the surest silhouettes; `template` takes
 * the template's own labels; `seeded` chooses poses by the template's own labels first and infers the parts from those;
 * `auto` is `seeded` if the template has all parts of the data set, else `data`.
 */
export type SemanticsSource = "data" | "template" | "seeded" | "auto";

/** Options of `choosePoses`. */
export interface ChooseOptions {
  /** Rows and columns of the pictures. */
  imageResolution?: number;
  /** Whether the two halves of the templates have the same parts. */
  symmetric?: boolean;
  /** Largest disagreement of the hypotheses of a kept picture, 0 to 1. */
  vAgrThreshold?: number;
  /** Where the parts of the template's vertices come from. */
  semantics?: SemanticsSource;
  /** Weight of the silhouette's overlap beside that of the parts, from 0 (the original: parts alone). */
  silhouetteWeight?: number;
  /**
   * What a camera that is not level and upright costs: subtracted from the score times one minus the cosine of its tilt,
   * from 0 (the original). Good for own photographs without parts, about 0.1.
   */
  levelWeight?: number;
  /** With fewer pictures than this all are kept. */
  keepAllBelow?: number;
  /** Number of worker threads, 0 for none; `null` is one per core. Does not change the result. */
  workers?: number | null;
}

/** Defaults of `choosePoses`. */
export const CHOOSE_DEFAULTS = {
  imageResolution: 256,
  symmetric: true,
  vAgrThreshold: 0.3,
  semantics: "data",
  silhouetteWeight: 0,
  levelWeight: 0,
  keepAllBelow: 10,
  workers: null,
} as const satisfies Required<ChooseOptions>;
