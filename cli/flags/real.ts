/**
 * Flags of `evaluate_real` and `evaluate_masks`.
 *
 * @module
 */
import type { FlagTable } from "../flag_table.ts";
import { PARTS_KINDS } from "../../lib/pose/choose_options.ts";
import { EVALUATE_REAL_DEFAULTS } from "../../tools/evaluation/evaluate_real.ts";
import {
  backend,
  eager,
  gpu_ids,
  json,
  limit,
  mask_models,
  name,
  NOTHING_TRAINED,
  num_workers,
  precision,
  seed,
  threads,
} from "./shared.ts";

/** Flags of `evaluate_real`. */
export const EVALUATE_REAL_FLAGS = {
  sets: {
    kind: "list",
    doc: "Folders under TEXMESH_REAL that are evaluated; all takes every one that is there.",
    default: ["all"],
  },
  name: { ...name, required: false, doc: "Trained run whose network is measured, too." },
  objects: {
    kind: "integer",
    doc: "Objects of a set, drawn by the seed, 0 for all; all photographs of an object are taken.",
    default: EVALUATE_REAL_DEFAULTS.objects,
    minimum: 0,
  },
  limit,
  least_polar: {
    kind: "integer",
    doc: "Least angle from straight above, in degrees, of toys; 90 is level.",
    default: EVALUATE_REAL_DEFAULTS.leastPolar,
    minimum: 0,
    maximum: 90,
  },
  mode: {
    kind: "text",
    doc: "One template or several; auto takes one for cars, several for others.",
    choices: ["auto", "singletpl", "multitpl"],
    default: EVALUATE_REAL_DEFAULTS.mode,
  },
  schedule: {
    kind: "text",
    doc: "The original's steps of pose estimation, or fewer of them on smaller renders.",
    choices: ["original", "fast"],
    default: EVALUATE_REAL_DEFAULTS.schedule,
  },
  parts: {
    kind: "text",
    doc: "Parts that poses are chosen by, as in pose_step2.",
    choices: PARTS_KINDS,
    default: EVALUATE_REAL_DEFAULTS.parts,
  },
  inputs: {
    kind: "integer",
    doc: "Photographs of a set that are reconstructed, one of each object first; 0 measures poses only.",
    default: EVALUATE_REAL_DEFAULTS.inputs,
    minimum: 0,
  },
  novel_views: {
    kind: "integer",
    doc: "Most other photographs of the object that each is compared with.",
    default: EVALUATE_REAL_DEFAULTS.novelViews,
    minimum: 0,
  },
  seed,
  num_workers,
  backend,
  threads,
  eager: { ...eager, neutral: NOTHING_TRAINED },
  precision: { ...precision, neutral: NOTHING_TRAINED },
  gpu_ids,
  json,
} as const satisfies FlagTable;

/** Flags of `evaluate_masks`. */
export const EVALUATE_MASKS_FLAGS = {
  sets: EVALUATE_REAL_FLAGS.sets,
  limit: { ...limit, doc: "Photographs of each set, evenly taken; all if left out." },
  ...mask_models,
  baseline: {
    kind: "boolean",
    doc: "Measure masks by colour alone beside the model's.",
    default: false,
  },
  json: { ...json, doc: "File to write all figures and every photograph's result to, as JSON." },
} as const satisfies FlagTable;
