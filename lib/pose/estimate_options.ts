/**
 * Options of pose estimation's step 1.
 *
 * @module
 */
import { workers } from "../core/common_options.ts";
import { option, type OptionsInput } from "../core/option.ts";
import { BASE_SHARPNESS } from "./schedule.ts";

/** Options that both steps have. */
export const POSE_OPTIONS = {
  imageResolution: option.integer({
    doc: "Side of the final renders, in pixels.",
    default: 256,
    minimum: 32,
    maximum: 1024,
  }),
  vAgrThreshold: option.share({
    doc: "Largest disagreement of the likely hypotheses that counts as agreement.",
    default: 0.3,
  }),
  workers,
} as const;

/** Steps of pose estimation: the original's, or fewer of them. */
export const schedule = (fallback: "original" | "fast") =>
  option.choice({
    doc: "The original's steps of pose estimation, or fewer of them on smaller renders.",
    choices: ["original", "fast"],
    default: fallback,
  });

/** What silhouettes are compared with. */
export const silhouetteTarget = (fallback: "plain" | "soft") =>
  option.choice({
    doc: "Compare silhouettes with the mask, or with the mask and the border of a soft silhouette.",
    choices: ["plain", "soft"],
    default: fallback,
  });

/** Options of `estimateHypotheses` and `estimateHypothesesToFile`. */
export const ESTIMATE_OPTIONS = {
  ...POSE_OPTIONS,
  schedule: schedule("original"),
  silhouetteTarget: silhouetteTarget("plain"),
  noPrune: option.boolean({
    doc: "Keep all hypotheses; otherwise, with several templates, the worse half is dropped twice.",
    default: false,
  }),
  cameraOptimSteps: option.integer({ doc: "Optimiser steps an image.", default: 100, minimum: 1 }),
  cameraLrDecayAfter: option.integer({
    doc: "Step after which the rate is divided by 10.",
    default: 80,
    minimum: 0,
  }),
  sharpening: option.choice({
    flag: null,
    doc: "How the silhouette sharpens.",
    choices: ["original", "annealed"],
    default: "original",
  }),
  sharpness: option.number({
    flag: null,
    doc: "Sharpness of the silhouette at the first step, inverse variance in screen units.",
    default: BASE_SHARPNESS,
    above: 0,
  }),
  saveEvery: option.integer({
    flag: null,
    doc: "Images after which what there is is saved.",
    default: 10,
    minimum: 1,
  }),
} as const;

/** Options of pose estimation's step 1: {@linkcode ESTIMATE_OPTIONS} tells what each is. */
export type EstimateOptions = OptionsInput<typeof ESTIMATE_OPTIONS>;
