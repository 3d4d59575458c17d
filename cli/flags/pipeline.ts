/**
 * Flags of `pipeline` and `demo`.
 *
 * @module
 */
import type { Flag, FlagTable } from "../flag_table.ts";
import { FILE_KINDS } from "../../lib/pipeline/clean.ts";
import { LEAST_FOR_NETWORKS, STAGE_NAMES } from "../../lib/pipeline/pipeline_stages.ts";
import { ROBUST_CHOICE } from "../../lib/pose/choose_options.ts";
import { comparedParts } from "./pose.ts";
import {
  backend,
  eager,
  gpu_ids,
  images,
  limit,
  name,
  num_workers,
  own_masks,
  precision,
  preset,
  refine,
  seed,
  skip_invalid,
  template,
  threads,
} from "./shared.ts";

const stage = (doc: string) => ({ kind: "text", doc, choices: STAGE_NAMES } as const satisfies Flag);
const size = (doc: string, minimum = 1) => ({
  kind: "integer",
  doc: `${doc}; auto is that of the preset.`,
  minimum,
  auto: -1,
} as const satisfies Flag);

/** Flags of `pipeline` that take the place of single sizes of the preset. */
export const PIPELINE_SIZE_FLAGS = {
  pose_resolution: size("Side of the final renders of pose estimation, in pixels", 16),
  recon_batch_size: size("Photographs in a batch of the reconstruction", 2),
  recon_iters: size("Iterations of the reconstruction"),
  gan_batch_size: size("Samples in a batch of the GAN"),
  gan_iters: size("Steps of the GAN, of both kinds together"),
  how_many: size("Exported meshes"),
} as const satisfies FlagTable;

/** What computes the stages. */
const COMPUTE_FLAGS = {
  num_workers,
  backend,
  threads,
  eager,
  precision,
  gpu_ids,
} as const satisfies FlagTable;

/** Flags of `pipeline`. */
export const PIPELINE_FLAGS = {
  images,
  template,
  name,
  mode: {
    kind: "text",
    doc: "One template (singletpl) or several (multitpl); autodetect reads the name, else takes one.",
    choices: ["autodetect", "singletpl", "multitpl"],
    default: "autodetect",
  },
  preset: preset("small"),
  ...PIPELINE_SIZE_FLAGS,
  train: {
    kind: "boolean",
    doc: `Train networks on fewer than ${LEAST_FOR_NETWORKS} photographs too, from which they learn little.`,
    default: false,
  },
  ...comparedParts(ROBUST_CHOICE.parts),
  refine,
  from: stage("Make this stage and those after it anew."),
  only: stage("Make this stage alone anew; those before it must be up to date."),
  dry_run: {
    kind: "boolean",
    doc: "Tell what would be done, with an estimate of time, memory and disk; do nothing.",
    default: false,
  },
  limit,
  ...own_masks,
  skip_invalid,
  seed,
  ...COMPUTE_FLAGS,
} as const satisfies FlagTable;

/** Flags of `demo`. */
export const DEMO_FLAGS = {
  quick: { kind: "boolean", doc: "The smallest setting: at most 3 minutes.", default: false },
  seed,
  ...COMPUTE_FLAGS,
} as const satisfies FlagTable;

/** Flags of `clean`. */
export const CLEAN_FLAGS = {
  name: {
    ...name,
    required: false,
    doc: "Run or data set whose files are to be removed; without it all are listed.",
  },
  kinds: {
    kind: "list",
    doc: "Kinds of files to remove; all if left out.",
    choices: Object.keys(FILE_KINDS),
  },
  numbered_only: {
    kind: "boolean",
    doc: "Only numbered checkpoints; the latest and the best stay.",
    default: false,
  },
  yes: { kind: "boolean", doc: "Remove them; without it they are only listed.", default: false },
} as const satisfies FlagTable;

/** Flags of `curves`. */
export const CURVES_FLAGS = {
  name: {
    ...name,
    kind: "list",
    doc: "Runs, separated by commas; the page lies in the folder of the first.",
  },
} as const satisfies FlagTable;
