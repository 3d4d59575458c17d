/**
 * Training of the reconstruction.
 *
 * @module
 */
import { reconstructionFolder } from "../core/paths.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { PRESETS } from "../networks/presets.ts";
import type { PoseEstimates } from "../pose/files.ts";
import type { Template } from "../templates/template_file.ts";
import { hasRun, readRunSettings } from "../training/run_settings.ts";
import {
  checkReconstructionOptions,
  type FullReconstructionOptions,
  type MaskTarget,
  RECONSTRUCTION_DEFAULTS,
  type ReconstructionOptions,
} from "./options.ts";
import type { ReconstructionParts } from "./own_parts.ts";
import { type ReconstructionCallbacks, type ReconstructionResult, Trainer } from "./trainer.ts";

export { type MaskTarget, RECONSTRUCTION_DEFAULTS, type ReconstructionOptions } from "./options.ts";
export type { ReconstructionCallbacks, ReconstructionResult } from "./trainer.ts";

/**
 * Trains a network to predict displacement map, texture and parts from one photograph, by rendering its prediction with the
 * photograph's pose.
 *
 * The folder of the run receives `settings.json`, `log.txt`, `checkpoint_latest.safetensors`, numbered checkpoints and, with
 * held-out photographs, `checkpoint_best.safetensors`. A stopped or killed run goes on exactly where it was saved.
 *
 * @param dataset Photographs
 * @param poses Their poses
 * @param templates Templates with which the poses were estimated
 * @param options Settings
 * @param callbacks Progress, scalars and pictures
 * @param parts A user's own network, objective and renderer
 * @throws {RangeError} If an option is not possible
 * @throws {UserError} If inputs do not belong together, files cannot be written, or the loss is not finite any more
 * @throws {StoppedError} If it was stopped; its state is saved
 */
export async function trainReconstruction(
  dataset: Dataset,
  poses: PoseEstimates,
  templates: readonly Template[],
  options: ReconstructionOptions,
  callbacks: ReconstructionCallbacks = {},
  parts: ReconstructionParts = {},
): Promise<ReconstructionResult> {
  const settings = fillOptions(await withStoredTarget(options), dataset);
  checkReconstructionOptions(settings);
  const trainer = await Trainer.open({ dataset, poses, templates }, settings, callbacks, parts);
  try {
    return await trainer.run();
  } finally {
    trainer.dispose();
  }
}

/** Options of a run that goes on have its own target of silhouettes, unless another one is asked for. */
async function withStoredTarget(options: ReconstructionOptions): Promise<ReconstructionOptions> {
  const folder = options.folder ?? reconstructionFolder(options.name);
  if (options.maskTarget || !options.continueTrain || !await hasRun(folder)) return options;
  const { maskTarget } = await readRunSettings(folder);
  return { ...options, maskTarget: maskTarget as MaskTarget | undefined };
}

/** Fills in defaults and what follows from preset and data set. */
function fillOptions(options: ReconstructionOptions, dataset: Dataset): FullReconstructionOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const full: FullReconstructionOptions = {
    ...RECONSTRUCTION_DEFAULTS,
    name: options.name,
    folder: reconstructionFolder(options.name),
    ...given,
  };
  const preset = PRESETS[full.preset];
  const hasParts = dataset.partNames.length > 0;
  return {
    ...full,
    predictionType: full.predictionType === "auto" ? (hasParts ? "both" : "texture") : full.predictionType,
    textureResolution: full.textureResolution || preset?.reconstructionTexture,
    imageResolution: full.imageResolution || preset?.imageResolution,
    width: full.width || preset?.width,
  };
}
