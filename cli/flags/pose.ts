/**
 * Flags of the two pose steps, of their evaluation and of template refinement.
 *
 * @module
 */
import type { FlagTable } from "../flag_table.ts";
import { CHOOSE_DEFAULTS, PARTS_KINDS, type PartsKind } from "../../lib/pose/choose_options.ts";
import { REFINE_DEFAULTS } from "../../lib/pose/refine_template.ts";
import { ESTIMATE_DEFAULTS } from "../../lib/pose/step1.ts";
import {
  dataset,
  feature_models,
  gpu_ids,
  mesh_path,
  mode,
  num_workers,
  overwrite,
  own_images,
  seed,
  skip_invalid,
  symmetric,
} from "./shared.ts";

const shared = {
  dataset,
  mode,
  mesh_path,
  image_resolution: {
    kind: "integer",
    doc: "Side of the final renders, in pixels.",
    default: ESTIMATE_DEFAULTS.imageResolution,
    minimum: 32,
    maximum: 1024,
  },
  symmetric,
  batch_size: {
    kind: "integer",
    doc: "Pictures at once.",
    minimum: 1,
    auto: -1,
    neutral: "one picture is one task.",
  },
  num_workers,
  gpu_ids: { ...gpu_ids, neutral: "poses are computed on the CPU." },
  v_agr_threshold: {
    kind: "number",
    doc: "Largest disagreement of the likely hypotheses that counts as agreement.",
    default: ESTIMATE_DEFAULTS.vAgrThreshold,
    minimum: 0,
    maximum: 1,
  },
  seed: { ...seed, neutral: "pose estimation draws nothing." },
  overwrite,
  ...own_images,
  skip_invalid,
} as const satisfies FlagTable;

/** Flags of `pose_step1`. */
export const POSE_STEP1_FLAGS = {
  ...shared,
  schedule: {
    kind: "text",
    doc: "The original's steps, or fewer of them on smaller renders.",
    choices: ["original", "fast"],
    default: ESTIMATE_DEFAULTS.schedule,
  },
  silhouette_target: {
    kind: "text",
    doc: "Compare silhouettes with the mask, or with the mask and the border of a soft silhouette.",
    choices: ["plain", "soft"],
    default: ESTIMATE_DEFAULTS.silhouetteTarget,
  },
  no_prune: {
    kind: "boolean",
    doc: "Keep all hypotheses with several templates.",
    default: ESTIMATE_DEFAULTS.noPrune,
  },
  camera_optim_steps: {
    kind: "integer",
    doc: "Optimiser steps a picture.",
    default: ESTIMATE_DEFAULTS.cameraOptimSteps,
    minimum: 1,
  },
  camera_lr_decay_after: {
    kind: "integer",
    doc: "Step after which the rate is divided by 10.",
    default: ESTIMATE_DEFAULTS.cameraLrDecayAfter,
    minimum: 0,
  },
} as const satisfies FlagTable;

/** Which parts poses are chosen by. */
export const comparedParts = (standard: PartsKind) => ({
  parts: {
    kind: "text",
    doc:
      "Parts that are compared: the data set's, clusters found without labels, both, or places by features.",
    choices: PARTS_KINDS,
    default: standard,
  },
  parts_from: {
    kind: "text",
    reads: true,
    doc: "Folder of a few photographs with part labels, 5 to 20, which a vision model spreads to all.",
  },
  ...feature_models,
} as const satisfies FlagTable);

/** Flags of `pose_step2`. */
export const POSE_STEP2_FLAGS = {
  ...shared,
  ...comparedParts(CHOOSE_DEFAULTS.parts),
  semantics: {
    kind: "text",
    doc: "Where the template's parts come from: the data, its own labels, or the data after its own labels.",
    choices: ["data", "template", "seeded", "auto"],
    default: CHOOSE_DEFAULTS.semantics,
  },
  rounds: {
    kind: "integer",
    doc: "How often the template's parts are inferred.",
    default: CHOOSE_DEFAULTS.rounds,
    minimum: 1,
    maximum: 20,
  },
  auto_rounds: {
    kind: "integer",
    doc: "The same for parts that are found without labels.",
    default: CHOOSE_DEFAULTS.autoRounds,
    minimum: 1,
    maximum: 20,
  },
  silhouette_weight: {
    kind: "number",
    doc: "Weight of the silhouette's overlap beside that of the parts.",
    default: CHOOSE_DEFAULTS.silhouetteWeight,
    minimum: 0,
  },
  parts_weight: {
    kind: "number",
    doc:
      "Weight of parts whose overlap is scaled to the spread of the silhouettes', 0 for the overlap as it is.",
    default: CHOOSE_DEFAULTS.partsWeight,
    minimum: 0,
  },
  level_weight: {
    kind: "number",
    doc: "What a tilted camera costs.",
    default: CHOOSE_DEFAULTS.levelWeight,
    minimum: 0,
  },
  horizon_weight: {
    kind: "number",
    doc: "What a camera that looks up at the object costs.",
    default: CHOOSE_DEFAULTS.horizonWeight,
    minimum: 0,
  },
  discard: {
    kind: "text",
    doc: "Pictures left out: by the original's rule, or those with a rival pose.",
    choices: ["original", "margin"],
    default: CHOOSE_DEFAULTS.discard,
  },
  keep_share: {
    kind: "number",
    doc: "Largest share of the pictures that the rule margin keeps.",
    default: CHOOSE_DEFAULTS.keepShare,
    minimum: 0.1,
    maximum: 1,
  },
  least_margin: {
    kind: "number",
    doc: "Lead over rival poses that the rule margin asks for, in standard deviations.",
    default: CHOOSE_DEFAULTS.leastMargin,
    minimum: 0,
  },
} as const satisfies FlagTable;

/** Flags of `evaluate_poses`. */
export const EVALUATE_POSES_FLAGS = {
  only: {
    kind: "list",
    doc: "What is measured: speed, benchmark, car, airplane, or another category of the renders.",
    default: ["speed", "benchmark", "car", "airplane"],
  },
  limit: { kind: "integer", doc: "Most pictures of a category, 0 for all.", default: 100, minimum: 0 },
  mode: {
    kind: "text",
    doc: "One template or several for the rendered pictures.",
    choices: ["singletpl", "multitpl"],
    default: "multitpl",
  },
  num_workers,
  rounds: { kind: "integer", doc: "Rounds of the speed measurement.", default: 3, minimum: 1, maximum: 20 },
  json: { kind: "text", doc: "File for the figures." },
} as const satisfies FlagTable;

/** Flags of `refine_template`. */
export const REFINE_TEMPLATE_FLAGS = {
  dataset,
  mode,
  steps: {
    kind: "integer",
    doc: "Steps of the shape.",
    default: REFINE_DEFAULTS.steps,
    minimum: 1,
  },
  step_length: {
    kind: "number",
    doc: "Movement of the vertices in the first step, in object units.",
    default: REFINE_DEFAULTS.stepLength,
    minimum: 0,
  },
  smoothing: {
    kind: "integer",
    doc: "How often a movement is averaged over neighbouring vertices.",
    default: REFINE_DEFAULTS.smoothing,
    minimum: 0,
  },
  image_resolution: {
    kind: "integer",
    doc: "Side of the renders, in pixels.",
    default: REFINE_DEFAULTS.imageResolution,
    minimum: 32,
    maximum: 512,
  },
  silhouette_target: {
    kind: "text",
    doc: "Compare silhouettes with the mask, or with the mask and the border of a soft silhouette.",
    choices: ["plain", "soft"],
    default: REFINE_DEFAULTS.silhouetteTarget,
  },
  symmetric,
  overwrite,
} as const satisfies FlagTable;
