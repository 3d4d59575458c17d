/**
 * Training the GAN on the UV maps of a data set.
 *
 * @module
 */
import { runTraining } from "../training/loop.ts";
import { memoryRun } from "../training/training_run.ts";
import type { GanCallbacks } from "./gan_callbacks.ts";
import { GanModel } from "./gan_model.ts";
import { baseResolution, ganNetworks } from "./gan_networks.ts";
import { type GanOptions, isOriginal, resolveGanOptions } from "./gan_options.ts";
import type { GanSettings } from "./gan_settings.ts";
import { GanTrainer } from "./gan_trainer.ts";
import { divideObjects } from "./held_out.ts";
import type { GanParts, GeneratorModel } from "./own_parts.ts";
import { UvBatches } from "./uv_batches.ts";
import { type UvDataset, withResolution } from "./uv_dataset.ts";

export type { GanCallbacks, GanEvaluation, GanEvaluationResult } from "./gan_callbacks.ts";

/** What a training came to. */
export interface GanResult {
  /** The EMA of the trained generator; dispose of it when done. */
  readonly generator: GeneratorModel;
  /** Epochs finished. */
  readonly epochs: number;
  /** Steps of both kinds. */
  readonly iterations: number;
  /** Best distance, or null if there was no evaluation. */
  readonly bestDistance: number | null;
}

/**
 * Trains the GAN, or resumes a run.
 *
 * The run is given the settings, the checkpoints "latest" and `<epoch>`, and "best" where evaluations give a distance.
 *
 * @param dataset Pseudo-ground-truth
 * @param options See {@linkcode GanOptions}
 * @param callbacks The run, evaluations, progress; see {@linkcode GanCallbacks}
 * @param parts A user's own networks and loss
 * @throws {UserError} If data or options cannot be used, or the losses become NaN or infinite
 * @throws {StoppedError} If a stop was asked for; the state is saved
 */
export async function trainGan(
  dataset: UvDataset,
  options: GanOptions = {},
  callbacks: GanCallbacks = {},
  parts: GanParts = {},
): Promise<GanResult> {
  const resolved = resolveGanOptions(options), { run = memoryRun() } = callbacks;
  const { batchSize, seed } = resolved;
  const partChannels = resolved.conditionalSemantics ? await partCount(dataset) : 0;
  const { training: taught, heldOut } = divideObjects(dataset, resolved);
  if (heldOut.length > 0) {
    callbacks.onMessage?.(
      `${heldOut.length} of ${dataset.length} photographs are held out of the training ('heldOut'), to see over-fitting.`,
    );
  }
  const networks = ganNetworks(resolved, dataset.classes, partChannels, taught.length);
  const [seen, unseen] = [taught, heldOut].map((set) => withResolution(set, baseResolution(networks)));
  // The original draws photographs as they are; small data sets show some sides of their objects seldom.
  const balanced = { classes: dataset.classes > 1, directions: !isOriginal(resolved) };
  const batches = new UvBatches(seen, { batchSize, seed, balanced, parts: partChannels });
  const { name, mode, run: pseudogtRun = null } = dataset;
  const settings: GanSettings = { stage: "gan", dataset: name, mode, pseudogtRun, ...resolved, networks };
  const model = new GanModel(networks, seed, parts);
  const data = { objects: taught, batches, watched: { training: seen, heldOut: unseen } };
  const trainer = new GanTrainer(run, settings, model, data, callbacks, parts.loss);
  try {
    const { epoch, iteration } = await runTraining(trainer, run, callbacks);
    const { bestDistance } = trainer;
    return { generator: model.average, epochs: epoch, iterations: iteration, bestDistance };
  } catch (error) {
    model.average.dispose();
    throw error;
  } finally {
    trainer.dispose();
    model.disposeTraining();
  }
}

/** Channels of the data set's part maps; 0 without. */
async function partCount(dataset: UvDataset): Promise<number> {
  return dataset.hasSamples ? (await dataset.sample(0)).parts?.channels ?? 0 : 0;
}
