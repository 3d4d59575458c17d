/**
 * Settings of the original's runs as ours.
 *
 * @module
 */
import { resolveOptions } from "../../lib/core/option.ts";
import type { NdArray } from "../../lib/core/arrays.ts";
import type { GanLossKind } from "../../lib/gan/gan_losses.ts";
import type { GanOptions } from "../../lib/gan/gan_options.ts";
import type { ReconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { RECONSTRUCTION_OPTIONS } from "../../lib/reconstruction/options.ts";
import type { RunSettings } from "../../lib/training/run_settings.ts";

/** Settings that a checkpoint holds, by the names of the original's flags. */
export type OriginalArguments = Readonly<Record<string, unknown>>;

/** Our options of training, by the original's flag. */
const GAN_NUMBERS = {
  batch_size: "batchSize",
  epochs: "epochs",
  iters: "iters",
  mesh_regularization: "meshRegularization",
  lr_g: "lrG",
  lr_d: "lrD",
  d_steps_per_g: "dStepsPerG",
  g_running_average_alpha: "gRunningAverageAlpha",
  lr_decay_after: "lrDecayAfter",
  checkpoint_freq: "checkpointFreq",
  save_freq: "saveFreq",
  evaluate_freq: "evaluateFreq",
} as const satisfies Record<string, keyof GanOptions>;

const RECONSTRUCTION_NUMBERS = {
  batch_size: "batchSize",
  epochs: "epochs",
  iters: "iters",
  lr: "lr",
  lr_decay_every: "lrDecayEvery",
  checkpoint_freq: "checkpointFreq",
  save_freq: "saveFreq",
  image_freq: "imageFreq",
  mesh_regularization: "meshRegularization",
  semi_fraction: "semiFraction",
} as const satisfies Record<string, keyof typeof RECONSTRUCTION_OPTIONS>;

/**
 * Options of a GAN by its arguments and weights; what neither tells is the default.
 *
 * @param args Arguments of the run
 * @param weights Weights of the generator
 * @param discriminator Weights of the discriminators; null if they are not there
 */
export function ganOptionsOf(
  args: OriginalArguments,
  weights: ReadonlyMap<string, NdArray>,
  discriminator: ReadonlyMap<string, NdArray> | null,
): GanOptions {
  const count = discriminator
    ? ([...discriminator.keys()].some((name) => name.startsWith("d3.")) ? 3 : 2)
    : -1;
  return {
    ...numbersOf(args, GAN_NUMBERS),
    preset: "paper",
    textureResolution: textureResolutionOf(weights),
    symmetricG: args.symmetric_g === undefined || Boolean(args.symmetric_g),
    conditionalClass: weights.has("emb_class.weight"),
    textureOnly: Boolean(args.texture_only),
    conditionalSemantics: Boolean(args.conditional_semantics),
    normG: args.norm_g === "instance" || args.norm_g === "none" ? args.norm_g : "batch",
    normD: args.norm_d === "instance" ? "instance" : "none",
    latentDim: latentLengthOf(weights),
    numDiscriminators: count,
    maskOutput: args.mask_output === undefined || Boolean(args.mask_output),
    ...(["hinge", "ls", "original", "w"].includes(String(args.loss))
      ? { loss: args.loss as GanLossKind }
      : {}),
  };
}

/**
 * Settings of a reconstruction's run.
 *
 * @param run Name of the run
 * @param args Arguments of the run
 * @param config Build of its network
 */
export function reconstructionSettings(
  run: string,
  args: OriginalArguments,
  config: ReconstructionConfig,
): RunSettings {
  const { imageResolution, textureResolution, width, symmetric, predictionType } = config;
  return {
    stage: "reconstruction",
    dataset: typeof args.dataset === "string" ? args.dataset : "unknown",
    mode: args.mode === "multitpl" || run.includes("multitpl") ? "multitpl" : "singletpl",
    ...resolveOptions(RECONSTRUCTION_OPTIONS, {}),
    ...numbersOf(args, RECONSTRUCTION_NUMBERS),
    ...{ name: run, imageResolution, textureResolution, width, symmetric, predictionType },
    loss: args.loss === "l1" ? "l1" : "mse",
    maskTarget: "plain",
    normG: args.norm_g === "instance" || args.norm_g === "none" ? args.norm_g : "syncbatch",
  };
}

/** Side of the texture that a generator makes, by the blocks that it has. */
export function textureResolutionOf(weights: ReadonlyMap<string, NdArray>): number {
  const doubling = ["blk5", "blk3a", "blk3b", "blk3c"]; // each doubles the 64 texels of the smallest one
  return 64 * 2 ** doubling.filter((block) => weights.has(`${block}.conv1.weight_orig`)).length;
}

/** Length of the latent code of a generator. */
export function latentLengthOf(weights: ReadonlyMap<string, NdArray>): number {
  const classLength = weights.get("emb_class.weight")?.shape[1] ?? 0;
  return (weights.get("fc.weight")?.shape[1] ?? classLength) - classLength;
}

function numbersOf<T extends Record<string, string>>(
  args: OriginalArguments,
  names: T,
): Partial<Record<T[keyof T], number>> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([theirs, ours]) =>
      typeof args[theirs] === "number" ? [[ours, args[theirs]]] : []
    ),
  ) as Partial<Record<T[keyof T], number>>;
}
