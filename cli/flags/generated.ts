/**
 * Flags of `evaluate`, `export` and `evaluate_gan`.
 *
 * @module
 */
import type { Flag, FlagTable } from "../flag_table.ts";
import { EVALUATE_CHECKPOINTS_DEFAULTS } from "../../lib/pipeline/evaluate_checkpoints.ts";
import { GAN_DEFAULTS } from "../../lib/gan/gan_options.ts";
import { FEATURE_NETWORK_NAMES } from "../../lib/metrics/feature_network.ts";
import { HELD_OUT_DEFAULTS } from "../../lib/pipeline/evaluate_held_out.ts";
import { featureWeights, filterClass, howMany, shared, TRAIN_GAN_FLAGS, truncationSigma } from "./gan.ts";
import {
  backend,
  continue_train,
  dataset,
  eager,
  feature_models,
  gpu_ids,
  images,
  json,
  name,
  NOTHING_TRAINED,
  overwrite,
  precision,
  seed,
  threads,
  which_epoch,
} from "./shared.ts";

/** Flags of `train_gan` that the original does not have. */
const OF_TRAINING = ["recipe", "held_out", "evaluation_pictures", "feature_weights", "pseudogt_run"];

/** Flags of `train_gan` that `evaluate` and `export` accept because the original's commands carry them. */
const fromTheRun = Object.fromEntries(
  Object.entries(TRAIN_GAN_FLAGS).filter(([flag]) => !(flag in shared) && !OF_TRAINING.includes(flag)).map((
    [flag, row],
  ) => [
    flag,
    "refused" in row
      ? row
      : { ...row, required: false, default: undefined, neutral: "the run's own settings decide." },
  ]),
) as unknown as Record<never, Flag>;

const sampling = {
  eager: { ...eager, neutral: NOTHING_TRAINED },
  precision: { ...precision, neutral: NOTHING_TRAINED },
  dataset: { ...dataset, required: false, doc: "Name of the data set; without the flag that of the run." },
  pseudogt_run: {
    kind: "text",
    doc:
      "Reconstruction run whose poses are taken for a GAN that was imported; if left out those that no run made, else " +
      "those of the GAN's own name.",
  },
  conditional_class: {
    kind: "boolean",
    doc: "Whether the networks are told the class; the run's settings say it, a given value must agree.",
  },
  continue_train: { ...continue_train, refused: "evaluate and export do not train." },
  truncation_sigma: truncationSigma,
  filter_class: filterClass,
  perspective: { kind: "boolean", doc: "Render with each pose's perspective.", default: false },
} as const satisfies FlagTable;

/** Flags of `evaluate`. */
export const EVALUATE_FLAGS = {
  ...shared,
  ...fromTheRun,
  ...sampling,
  seed: { ...seed, default: EVALUATE_CHECKPOINTS_DEFAULTS.seed },
  batch_size: {
    kind: "integer",
    doc: "Samples at once; does not change the result.",
    default: EVALUATE_CHECKPOINTS_DEFAULTS.batchSize,
    minimum: 1,
  },
  supersample: {
    kind: "integer",
    doc: "Samples a pixel along each axis.",
    default: EVALUATE_CHECKPOINTS_DEFAULTS.supersample,
    minimum: 1,
    maximum: 8,
  },
  evaluate: { kind: "boolean", doc: "What this task does.", neutral: "this task does nothing else." },
  export_sample: {
    kind: "boolean",
    doc: "Run export with the other flags instead of measuring.",
    default: false,
  },
  how_many: { ...howMany, neutral: "it belongs to export." },
  feature_network: {
    kind: "text",
    doc: "Feature network; auto takes inception_v3 where its weights are, else mobilenet_v2_nsfwjs.",
    choices: ["auto", ...FEATURE_NETWORK_NAMES],
    default: "auto",
  },
  feature_weights: featureWeights,
  inception: { ...featureWeights, doc: "The same as --feature_weights." },
  fresh: { kind: "boolean", doc: "Ignore stored results.", default: false },
  json,
} as const satisfies FlagTable;

/** Flags of `export`. */
export const EXPORT_FLAGS = {
  ...shared,
  ...fromTheRun,
  ...sampling,
  batch_size: {
    kind: "integer",
    doc: "Meshes to export where --how_many says nothing.",
    default: GAN_DEFAULTS.batchSize,
    minimum: 1,
  },
  how_many: howMany,
  supersample: {
    kind: "integer",
    doc: "Samples a pixel along each axis.",
    default: 1,
    neutral: "the sheet of pictures is always smoothed.",
  },
  export_sample: { kind: "boolean", doc: "What this task does.", neutral: "this task does nothing else." },
  evaluate: { kind: "boolean", doc: "Measure instead.", refused: "`deno task evaluate` measures a run." },
  format: { kind: "list", doc: "Files to write.", default: ["glb", "obj"], choices: ["glb", "obj"] },
  legacy: {
    kind: "boolean",
    doc: "The original's axes, rounding and textures, not smoothed at the poles.",
    default: false,
  },
  turntable: {
    kind: "boolean",
    doc: "Also show each mesh from all around, as mesh_<j>.webp.",
    default: false,
  },
  interpolate: {
    kind: "integer",
    doc: "Also show the way between the first K meshes, as interpolation.webp and .png; auto is none.",
    minimum: 2,
    auto: -1,
  },
  overwrite: { ...overwrite, neutral: "an export always replaces the one before." },
} as const satisfies FlagTable;

/** Flags of `evaluate_gan`. */
export const EVALUATE_GAN_FLAGS = {
  name,
  images: { ...images, doc: "Folder of photographs; those that the run's data set has are left out." },
  which_epoch: { ...which_epoch, default: HELD_OUT_DEFAULTS.whichEpoch },
  samples: {
    kind: "integer",
    doc: "Objects that are searched for faults.",
    default: HELD_OUT_DEFAULTS.samples,
    minimum: 1,
  },
  feature_network: EVALUATE_FLAGS.feature_network,
  ...feature_models,
  feature_weights: featureWeights,
  seed: { ...seed, default: HELD_OUT_DEFAULTS.seed },
  json,
  backend,
  threads,
  eager: { ...eager, neutral: NOTHING_TRAINED },
  precision: { ...precision, neutral: NOTHING_TRAINED },
  gpu_ids,
} as const satisfies FlagTable;
