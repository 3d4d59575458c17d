/**
 * What the trainers are asked for, from flags: presets fill what is not given, and a run that goes on keeps its own
 * settings.
 *
 * @module
 */
import type { FlagValues } from "./flag_table.ts";
import { ganFolder, type Mode, reconstructionFolder } from "../lib/core/paths.ts";
import { FREE_GAN_OPTIONS, GAN_DEFAULTS, resolveGanOptions } from "../lib/gan/gan_options.ts";
import type { ReconstructRequest } from "../lib/pipeline/reconstruct.ts";
import type { TrainGanRequest } from "../lib/pipeline/train_gan.ts";
import {
  checkReconstructionOptions,
  FREE_SETTINGS,
  RECONSTRUCTION_DEFAULTS,
} from "../lib/reconstruction/options.ts";
import { checkRunSettings } from "../lib/training/run_settings.ts";
import type { TRAIN_GAN_FLAGS } from "./flags/gan.ts";
import type { RECONSTRUCT_FLAGS } from "./flags/reconstruction.ts";
import { storedSettings } from "./stored_run.ts";
import { checkUsage, continuedOptions, ifGiven, optionsOf } from "./training_flags.ts";

/**
 * Request of `reconstruct`.
 *
 * @throws {UsageError} If an option is not possible
 * @throws {UserError} If a given setting differs from that of the run that goes on
 */
export async function reconstructRequest(
  flags: FlagValues<typeof RECONSTRUCT_FLAGS>,
  given: ReadonlySet<string>,
  mode: Mode,
): Promise<ReconstructRequest> {
  const { name, dataset, tensorboard, continueTrain } = flags;
  const stored = continueTrain ? await storedSettings("reconstruction", name) : {};
  const options = continuedOptions(
    {
      ...optionsOf(flags, RECONSTRUCTION_DEFAULTS),
      iters: flags.iters ?? -1,
      numWorkers: flags.numWorkers ?? null,
      textureResolution: ifGiven(given, "texture_resolution", flags.textureResolution),
      imageResolution: ifGiven(given, "image_resolution", flags.imageResolution),
      predictionType: ifGiven(given, "prediction_type", flags.predictionType),
    },
    given,
    stored,
  );
  checkRunSettings(reconstructionFolder(name), stored, { dataset, mode, ...options }, FREE_SETTINGS);
  const request = { ...options, name, dataset, tensorboard, mode } as ReconstructRequest;
  checkUsage(() => {
    const given = Object.entries(request).filter(([, value]) => value !== undefined);
    checkReconstructionOptions({ ...RECONSTRUCTION_DEFAULTS, ...Object.fromEntries(given) });
  });
  return request;
}

/**
 * Request of `train_gan`.
 *
 * @throws {UsageError} If an option is not possible, or two do not go together
 * @throws {UserError} If a given setting differs from that of the run that goes on
 */
export async function trainGanRequest(
  flags: FlagValues<typeof TRAIN_GAN_FLAGS>,
  given: ReadonlySet<string>,
  mode: Mode,
): Promise<TrainGanRequest> {
  const { name, dataset, tensorboard, continueTrain } = flags;
  const stored = continueTrain ? await storedSettings("gan", name) : {};
  const isPlanned = flags.hours > 0; // hours decide what is not given
  const options = continuedOptions(
    {
      ...optionsOf(flags, GAN_DEFAULTS),
      ...isPlanned && {
        preset: ifGiven(given, "preset", flags.preset),
        batchSize: ifGiven(given, "batch_size", flags.batchSize),
      },
      iters: flags.iters ?? -1,
      numDiscriminators: flags.numDiscriminators ?? -1,
      normG: flags.normG === "syncbatch" ? "batch" : flags.normG,
      textureResolution: ifGiven(given, "texture_resolution", flags.textureResolution),
    },
    given,
    stored,
  );
  checkRunSettings(ganFolder(name), stored, { dataset, mode, ...options }, FREE_GAN_OPTIONS);
  const { evaluationPictures, featureWeights, pseudogtRun } = flags;
  const request = {
    ...{ ...options, name, dataset, tensorboard, mode, evaluationPictures, featureWeights },
    ...(pseudogtRun === undefined ? {} : { pseudogtRun }),
  } as TrainGanRequest;
  checkUsage(() => resolveGanOptions({ ...request, ...isPlanned && { preset: request.preset ?? "small" } }));
  return request;
}
