/**
 * Options of pose estimation's step 2.
 *
 * @module
 */

/** Where the parts of the template's vertices come from. */
export type SemanticsSource = "data" | "template";

/** Options of `choosePoses`. */
export interface ChooseOptions {
  /** Rows and columns of the pictures. */
  imageResolution?: number;
  /** Whether the two halves of the templates have the same parts. */
  symmetric?: boolean;
  /** Largest disagreement of the hypotheses of a kept picture, 0 to 1. */
  vAgrThreshold?: number;
  /** `data` infers the template's parts from the surest pictures; `template` takes the template's own labels. */
  semantics?: SemanticsSource;
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
  keepAllBelow: 10,
  workers: null,
} as const satisfies Required<ChooseOptions>;
