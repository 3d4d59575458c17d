/**
 * GAN training with its files.
 *
 * @module
 */
import { featureWeights } from "../gan/sample_options.ts";
import { dataset, mode, name, RUN_CONTROL_OPTIONS, tensorboard } from "../core/common_options.ts";
import { option, type OptionsInput } from "../core/option.ts";
import { ganFolder, type Mode } from "../core/paths.ts";
import { isWriter } from "../core/process_group.ts";
import { UserError } from "../core/errors.ts";
import { photographsHash } from "../datasets/photographs_hash.ts";
import { checkUnchanged } from "../datasets/unchanged.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { GAN_OPTIONS, type GanOptions, resolveGanOptions } from "../gan/gan_options.ts";
import { type GanResult, trainGan } from "../gan/train_gan.ts";
import type { GanParts } from "../gan/own_parts.ts";
import { readGanSettings } from "../gan/files.ts";
import { loadFeatureNetwork } from "../metrics/load_feature_network.ts";
import { ganEvaluator } from "./gan_evaluator.ts";
import { type RunControl, runFolder } from "../training/run_folder.ts";
import { hasRun } from "../training/run_settings.ts";
import { planForHours } from "./plan_gan.ts";
import { openPseudoGroundTruth, pseudoGroundTruthRun, recordedRun } from "./pseudogt_runs.ts";
import { openRunLog } from "./run_log.ts";

/** Options of the task `train_gan`. */
export const TRAIN_GAN_OPTIONS = {
  name,
  dataset,
  mode,
  ...GAN_OPTIONS,
  ...RUN_CONTROL_OPTIONS,
  tensorboard: tensorboard("tensorboard_gan"),
  evaluationImages: option.integer({
    doc:
      "Generated images of an evaluation while training; auto is as many as real ones, 256 below preset paper.",
    minimum: 2,
    auto: -1,
  }),
  featureWeights,
  pseudogtRun: option.text({
    doc:
      "Reconstruction run whose pseudo-ground-truth is learnt from; if left out that of the GAN's own name, else maps " +
      "that no run made.",
  }),
} as const;

/** A GAN's run by its options; hours decide what is not given. */
export const GAN_RUN = {
  stage: "gan",
  options: TRAIN_GAN_OPTIONS,
  resolve: (options: OptionsInput<typeof TRAIN_GAN_OPTIONS>) =>
    resolveGanOptions({ preset: options.hours ? "small" : undefined, ...options }),
} as const;

/** What a training came to. */
export interface TrainGanResult extends Omit<GanResult, "generator"> {
  /** Folder of the run. */
  readonly folder: string;
}

const FEW_IMAGES = 256;

/**
 * Trains a GAN on a data set's pseudo-ground-truth; the distance to the real images is measured now and then, and the
 * best checkpoint kept.
 *
 * @param request What it is trained on, and how
 * @param callbacks Progress and scalars
 * @param parts A user's own networks and loss
 * @throws {UserError} If inputs are missing or the run exists
 */
export async function runGan(
  request: OptionsInput<typeof TRAIN_GAN_OPTIONS>,
  callbacks: StageCallbacks = {},
  parts: GanParts = {},
): Promise<TrainGanResult> {
  const { name, dataset, mode, tensorboard = false, evaluationImages = -1 } = request;
  const { featureWeights, pseudogtRun: _, ...rest } = request;
  const photographs = await openDataset(dataset); // a name that is not there is told as such
  const run = await runOfMaps(request);
  const options = await plannedOptions(rest, dataset, mode, run, callbacks);
  const { textureResolution, preset, seed } = resolveGanOptions(options);
  const uvDataset = await openPseudoGroundTruth(dataset, mode, textureResolution, run);
  await checkUnchanged(photographs);
  const made = uvDataset.poses.photographs;
  if (made !== undefined && made !== photographsHash(photographs)) {
    throw new UserError(
      `Cannot train on the pseudo-ground-truth of ${dataset}: its photographs or masks have changed since it was made; run ` +
        "pose_step1, pose_step2 and generate_pseudogt with 'overwrite' again.",
    );
  }
  const network = await loadFeatureNetwork("auto", {
    onMessage: callbacks.onMessage,
    inceptionWeights: featureWeights,
  });
  try {
    const { continueTrain, whichEpoch, overwrite, ...build } = options, folder = ganFolder(name);
    await using log = await openRunLog({
      ...{ folder, continueTrain, whichEpoch, firstStep: 0 },
      eventFolder: tensorboard ? `tensorboard_gan/${name}` : null,
    }, callbacks);
    const evaluation = {
      seed,
      samples: evaluationImages > 0 ? evaluationImages : preset === "paper" ? Infinity : FEW_IMAGES,
      hybrids: tensorboard || preset === "paper",
      images: tensorboard,
    };
    const onEvaluate = isWriter() // only the writer evaluates
      ? await ganEvaluator(photographs, uvDataset, network, evaluation, log.callbacks)
      : undefined;
    const run = runFolder(folder, { continueTrain, whichEpoch, overwrite });
    const { generator, ...result } = await trainGan(
      uvDataset,
      build,
      { ...log.callbacks, run, onEvaluate },
      parts,
    );
    generator.dispose();
    return { folder, ...result };
  } finally {
    network.dispose();
  }
}

/** Options of a training; hours decide what is not given. */
async function plannedOptions(
  given: GanOptions & RunControl,
  dataset: string,
  mode: Mode,
  run: string | null,
  { onMessage }: StageCallbacks,
): Promise<GanOptions & RunControl> {
  if (!given.hours || given.continueTrain) return given;
  const { options, sentence } = await planForHours(given.hours, dataset, mode, run, given);
  onMessage?.(sentence);
  return { ...given, ...options };
}

/** The reconstruction run whose maps are learnt from: that of before for a resumed run. */
async function runOfMaps(
  { name, dataset, mode, pseudogtRun, continueTrain }: OptionsInput<typeof TRAIN_GAN_OPTIONS>,
): Promise<string | null> {
  if (continueTrain && pseudogtRun === undefined && await hasRun(ganFolder(name))) {
    return await recordedRun({ ...await readGanSettings(ganFolder(name)), dataset, mode }, name);
  }
  return await pseudoGroundTruthRun(dataset, mode, name, pseudogtRun ?? null);
}
