/**
 * What a pipeline is asked for.
 *
 * @module
 */
import type { ActiveBackend } from "../backend/select_backend.ts";
import { category, images, limit, name, seed, skipInvalid, workers } from "../core/common_options.ts";
import { option, type OptionsInput, type OptionsOutput } from "../core/option.ts";
import type { Mode } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { MaskModelOptions } from "../datasets/background_removal/background_remover.ts";
import { MASK_OPTIONS } from "../datasets/photograph_options.ts";
import { presetOption } from "../networks/preset_option.ts";
import { parts, partsFrom } from "../pose/choose_options.ts";
import { ROBUST_CHOICE } from "../pose/robust_choice.ts";
import { refine } from "../refinement/refinement_option.ts";
import type { PatchModelOptions } from "../vision/patch_model.ts";
import type { PipelineSizes } from "./sizes.ts";

/** Names of the stages, in order. */
export const STAGE_NAMES = [
  "import",
  "pose_step1",
  "pose_step2",
  "refine",
  "reconstruct",
  "export_reconstructions",
  "generate_pseudogt",
  "train_gan",
  "evaluate",
  "export",
] as const;

/** Name of a stage. */
export type StageName = typeof STAGE_NAMES[number];

/** Photographs from which networks learn something worth looking at. */
export const LEAST_FOR_NETWORKS = 100;

const stage = (doc: string, excludes: string[]) => option.choice({ doc, choices: STAGE_NAMES, excludes });
const size = (doc: string, minimum = 1) =>
  option.integer({ doc: `${doc}; auto is that of the preset.`, minimum, auto: null });

/** Options of the task `pipeline`. */
export const PIPELINE_OPTIONS = {
  images,
  category,
  name,
  mode: option.choice({
    doc: "One template (singletpl) or several (multitpl); autodetect reads the name, else takes one.",
    choices: ["autodetect", "singletpl", "multitpl"],
    default: "autodetect",
  }),
  preset: presetOption("small"),
  poseResolution: size("Side of the final renders of pose estimation, in pixels", 32),
  reconBatchSize: size("Photographs in a batch of the reconstruction", 2),
  reconIters: size("Iterations of the reconstruction"),
  ganBatchSize: size("Samples in a batch of the GAN"),
  ganIters: size("Steps of the GAN, of both kinds together"),
  howMany: size("Exported meshes"),
  train: option.boolean({
    doc: `Train networks on fewer than ${LEAST_FOR_NETWORKS} photographs too, from which they learn little.`,
    default: false,
  }),
  parts: parts(ROBUST_CHOICE.parts),
  partsFrom,
  refine,
  from: stage("Do this stage and those after it from scratch.", ["only"]),
  only: stage("Do this stage alone from scratch; those before it must be up to date.", ["from"]),
  dryRun: option.boolean({
    doc: "Tell what would be done, with an estimate of time, memory and disk; do nothing.",
    default: false,
  }),
  limit,
  ...MASK_OPTIONS,
  skipInvalid,
  seed,
  workers,
} as const;

/** What a pipeline is run on. */
export interface PipelineRequest extends
  Pick<
    OptionsOutput<typeof PIPELINE_OPTIONS>,
    "name" | "images" | "category" | "limit" | "seed" | "skipInvalid" | "workers"
  >,
  Pick<OptionsInput<typeof PIPELINE_OPTIONS>, "masks" | "train" | "refine" | "parts" | "partsFrom"> {
  /** One template or several. */
  readonly mode: Mode;
  /** Sizes of the stages. */
  readonly sizes: PipelineSizes;
  /** Which model cuts out what masks are missing for; the one that setup fetched, if it is there. */
  readonly maskModel?: MaskModelOptions;
  /** The vision model that finds features, where parts need them. */
  readonly featureModel?: PatchModelOptions;
  /** Backend that computes the networks. */
  readonly backend: ActiveBackend;
}

/** What a pipeline calls: callbacks for each stage by its name. */
export type CallbacksOf = (stage: string) => StageCallbacks;
