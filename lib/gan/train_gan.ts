/**
 * Training the GAN on the UV maps of a data set.
 *
 * @module
 */
import { ganFolder, type Mode } from "../core/paths.ts";
import { isWriter } from "../core/process_group.ts";
import { openRun } from "../training/run_settings.ts";
import { startFromData } from "./start_from_data.ts";
import { writeExemplars } from "./exemplars/exemplar_files.ts";
import type { GanCallbacks } from "./gan_callbacks.ts";
import { GanModel } from "./gan_model.ts";
import { FREE_GAN_OPTIONS, type GanOptions, isOriginal, resolveGanOptions } from "./gan_options.ts";
import type { GanSettings } from "./gan_settings.ts";
import { baseResolution, ganNetworks } from "./gan_networks.ts";
import { GanTraining } from "./gan_training.ts";
import { divideObjects } from "./held_out.ts";
import type { GanParts } from "./own_parts.ts";
import { UvBatches } from "./uv_batches.ts";
import { type UvDataset, withResolution } from "./uv_dataset.ts";

export type { GanCallbacks, GanEvaluation, GanJudgement } from "./gan_callbacks.ts";

/** Where a run is, and under which names. */
export interface GanRun {
  /** Name of the run. */
  name: string;
  /** One template, or several. */
  mode: Mode;
  /** Folder of the run, if not `checkpoints_gan/<name>`. */
  folder?: string;
}

/** What a training run came to. */
export interface GanResult {
  /** Folder of the run. */
  readonly folder: string;
  /** Epochs finished. */
  readonly epochs: number;
  /** Steps of both kinds. */
  readonly iterations: number;
  /** Best distance, or null if there was no evaluation. */
  readonly bestDistance: number | null;
}

/**
 * Trains the GAN, or goes on with a run.
 *
 * Writes `settings.json`, the checkpoints "latest" and `<epoch>`, and "best" where evaluations give a distance.
 *
 * @param dataset Pseudo-ground-truth
 * @param run Name and folder of the run
 * @param options See {@linkcode GanOptions}
 * @param callbacks See {@linkcode GanCallbacks}
 * @param parts A user's own networks and loss
 * @throws {UserError} If data or options cannot be used, or the losses are no numbers any more
 * @throws {StoppedError} If a stop was asked for; the state is saved
 */
export async function trainGan(
  dataset: UvDataset,
  run: GanRun,
  options: GanOptions = {},
  callbacks: GanCallbacks = {},
  parts: GanParts = {},
): Promise<GanResult> {
  const resolved = resolveGanOptions(options);
  const { batchSize, seed } = resolved;
  const partChannels = resolved.conditionalSemantics ? await partCount(dataset) : 0;
  const { training: taught, heldOut } = divideObjects(dataset, resolved);
  if (heldOut.length > 0) {
    callbacks.onMessage?.(
      `${heldOut.length} of ${dataset.length} photographs are held out of the training ('heldOut'), to see over-fitting.`,
    );
  }
  const networks = ganNetworks(resolved, dataset.classes, partChannels, taught.length);
  const seen = withResolution(taught, baseResolution(networks)); // what networks see
  // The original draws photographs as they are; small data sets show some sides of their objects seldom.
  const balanced = { classes: dataset.classes > 1, directions: !isOriginal(resolved) };
  const batches = new UvBatches(seen, { batchSize, seed, balanced, parts: partChannels });
  const folder = run.folder ?? ganFolder(run.name);
  const settings: GanSettings = {
    stage: "gan",
    dataset: dataset.name,
    mode: run.mode,
    pseudogtRun: dataset.run ?? null,
    ...resolved,
    networks,
  };
  const start = await openRun(folder, { ...settings }, {
    continueTrain: resolved.continueTrain,
    overwrite: resolved.overwrite,
    free: FREE_GAN_OPTIONS,
  });
  const model = new GanModel(networks, seed, parts);
  const training = new GanTraining({
    folder,
    options: resolved,
    batches,
    model,
    callbacks,
    watched: { training: seen, heldOut: withResolution(heldOut, baseResolution(networks)) },
    loss: parts.loss,
  });
  try {
    if (start === "start") {
      const exemplars = await startFromData(model, taught, resolved);
      if (exemplars && isWriter()) await writeExemplars(folder, exemplars);
    }
    if (start === "continue") await training.resume(resolved.whichEpoch);
    return { folder, ...await training.run() };
  } finally {
    training.dispose();
  }
}

/** Channels of the data set's part maps; 0 without. */
async function partCount(dataset: UvDataset): Promise<number> {
  return dataset.hasSamples ? (await dataset.sample(0)).parts?.channels ?? 0 : 0;
}
