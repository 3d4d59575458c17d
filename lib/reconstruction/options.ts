/**
 * Options of the reconstruction's training.
 *
 * @module
 */
import { seed, symmetric, workersThat } from "../core/common_options.ts";
import { UserError } from "../core/errors.ts";
import { option, type OptionsInput, type OptionsOutput, resolveOptions } from "../core/option.ts";
import { presetOption } from "../networks/preset_option.ts";
import { PRESETS } from "../networks/presets.ts";

/** What silhouettes are compared with: masks with the border of a soft silhouette, or the original's plain ones. */
export type MaskTarget = "soft" | "plain";

/** What silhouettes are compared with. */
export const maskTarget = option.choice({
  doc: "What silhouettes are compared with: masks with a soft border, or the original's plain ones.",
  choices: ["soft", "plain"],
  default: "soft",
});

const period = (doc: string, fallback: number) =>
  option.integer({ doc: `Epochs between ${doc}.`, default: fallback, minimum: 1, free: true });

/** Options of `trainReconstruction`: the original's defaults, but for the target of silhouettes. */
export const RECONSTRUCTION_OPTIONS = {
  preset: presetOption("paper"),
  batchSize: option.integer({
    doc: "Photographs in a batch; a norm over one has no spread.",
    default: 32,
    minimum: 2,
    free: true,
  }),
  imageResolution: option.integer({
    doc: "Side of network input and render, in pixels; if left out that of the preset.",
    minimum: 32,
    multipleOf: 32,
    offered: [256],
    shown: PRESETS.paper.imageResolution,
  }),
  width: option.number({
    flag: null,
    doc: "Multiplier of the network's inner channel counts; if left out that of the preset.",
    above: 0,
  }),
  textureResolution: option.integer({
    doc: "Side of the predicted texture, in texels; if left out that of the preset.",
    choices: [64, 128, 256],
    shown: PRESETS.paper.reconstructionTexture,
  }),
  symmetric,
  loss: option.choice({
    doc: "Colour and mask loss: squared or absolute differences.",
    choices: ["mse", "l1"],
    default: "mse",
  }),
  maskTarget,
  normG: option.choice({
    doc: "Normalisation; syncbatch is batch in one process.",
    choices: ["syncbatch", "batch", "instance", "none"],
    default: "syncbatch",
  }),
  predictionType: option.choice({
    doc: "Heads besides the mesh; texture where the data set has no parts.",
    choices: ["auto", "none", "texture", "semantics", "both"],
    default: "auto",
    shown: "both",
  }),
  iters: option.integer({
    doc: "Length in iterations instead of epochs.",
    minimum: 1,
    auto: -1,
    free: true,
    excludes: ["epochs"],
  }),
  epochs: option.integer({
    doc: "Length in epochs.",
    default: 1000,
    minimum: 1,
    free: true,
    excludes: ["iters"],
  }),
  lr: option.number({ doc: "Learning rate.", default: 1e-4, above: 0 }),
  lrDecayEvery: option.integer({
    doc: "Epochs between halvings of the learning rate.",
    default: 250,
    minimum: 1,
  }),
  meshRegularization: option.number({
    doc: "Final weight of the normal consistency loss.",
    default: 5e-5,
    above: 0,
  }),
  semiFraction: option.share({
    doc: "Share of the photographs that are pulled to their template throughout.",
    default: 0.1,
  }),
  valFraction: option.share({
    doc: "Share of the photographs that is held out and measured after every epoch.",
    default: 0,
  }),
  checkpointFreq: period("numbered checkpoints", 100),
  saveFreq: period("saves of the latest checkpoint", 10),
  imageFreq: period("images in the event file", 50),
  noPrefetch: option.boolean({
    doc: "Read the photographs in every epoch instead of keeping them in memory.",
    default: false,
    free: true,
  }),
  numWorkers: workersThat(" that read photographs, 0 for none; the result is the same for any number"),
  seed,
} as const;

/** Options of `trainReconstruction`: {@linkcode RECONSTRUCTION_OPTIONS} tells what each is. */
export interface ReconstructionOptions extends OptionsInput<typeof RECONSTRUCTION_OPTIONS> {
  /** Parts of each class as numbers into the data set's part names; by default every class has all. */
  classParts?: readonly (readonly number[])[] | null;
}

/** Options with everything filled in. */
export interface FullReconstructionOptions extends Required<OptionsOutput<typeof RECONSTRUCTION_OPTIONS>> {
  /** Parts of each class; null if every class has all. */
  classParts: readonly (readonly number[])[] | null;
}

/**
 * Fills in defaults and what follows from preset and data set, and checks the values.
 *
 * @param options See {@linkcode ReconstructionOptions}
 * @param hasParts Whether the data set has part labels
 * @throws {UserError} If a value is not allowed
 */
export function resolveReconstructionOptions(
  options: ReconstructionOptions,
  hasParts: boolean,
): FullReconstructionOptions {
  const checked = resolveOptions(RECONSTRUCTION_OPTIONS, options), preset = PRESETS[checked.preset];
  if (checked.predictionType === "none") {
    throw new UserError("'predictionType' must be auto, texture, semantics or both, current value is none.");
  }
  return {
    textureResolution: preset.reconstructionTexture,
    imageResolution: preset.imageResolution,
    width: preset.width,
    classParts: options.classParts ?? null,
    ...checked,
    predictionType: checked.predictionType !== "auto"
      ? checked.predictionType
      : hasParts
      ? "both"
      : "texture",
  };
}
