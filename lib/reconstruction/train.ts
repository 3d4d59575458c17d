/**
 * Training of the reconstruction.
 *
 * @module
 */
import { processGroup } from "../core/process_group.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { loadSamples } from "../datasets/loader.ts";
import type { PoseEstimates } from "../pose/files.ts";
import type { Template } from "../templates/template_file.ts";
import { batchShare } from "../training/batch_share.ts";
import { runTraining } from "../training/loop.ts";
import { checkBatchMemory, machineMemory } from "../training/memory.ts";
import { memoryRun, type TrainingRun } from "../training/training_run.ts";
import type { ReconstructionCallbacks } from "./epoch_report.ts";
import type { TrainedReconstruction } from "./files.ts";
import { type MaskTarget, type ReconstructionOptions, resolveReconstructionOptions } from "./options.ts";
import type { ReconstructionParts } from "./own_parts.ts";
import { initialState, leastSampleBytes } from "./run_start.ts";
import { ReconstructionTrainer } from "./trainer.ts";
import { TrainingData } from "./training_data.ts";
import type { StepFigures } from "./training_step.ts";

export type { MaskTarget, ReconstructionOptions } from "./options.ts";
export type { ReconstructionCallbacks } from "./epoch_report.ts";

/** What a training came to; dispose of the network when done. */
export interface ReconstructionResult extends TrainedReconstruction {
  /** Mean figures of the last epoch; null if the run was complete already. */
  readonly figures: StepFigures | null;
  /** Mean figures on the held-out photographs after the last epoch; null without such. */
  readonly validation: StepFigures | null;
}

/**
 * Trains a network to predict displacement map, texture and parts from one photograph, by rendering its prediction with the
 * photograph's pose.
 *
 * The run is given the settings, the checkpoints "latest" and `<epoch>` and, with held-out photographs, "best". A stopped or
 * killed run resumes exactly where it was saved.
 *
 * @param dataset Photographs
 * @param poses Their poses
 * @param templates Templates with which the poses were estimated
 * @param options Settings
 * @param callbacks The run, progress, scalars and images
 * @param parts A user's own network, objective and renderer
 * @throws {UserError} If an option is not allowed, inputs do not belong together, the run cannot be kept, or the loss is not finite any more
 * @throws {StoppedError} If it was stopped; its state is saved
 */
export async function trainReconstruction(
  dataset: Dataset,
  poses: PoseEstimates,
  templates: readonly Template[],
  options: ReconstructionOptions = {},
  callbacks: ReconstructionCallbacks = {},
  parts: ReconstructionParts = {},
): Promise<ReconstructionResult> {
  const { run = memoryRun() } = callbacks, maskTarget = options.maskTarget ?? await storedTarget(run);
  const settings = resolveReconstructionOptions({ ...options, maskTarget }, dataset.partNames.length > 0);
  const { tables, state } = initialState(dataset, settings), { imageResolution: resolution } = state.config;
  const batchSize = batchShare(settings.batchSize).length * processGroup().localSize; // on this machine
  checkBatchMemory({ batchSize, bytesPerSample: leastSampleBytes(state.config), memory: machineMemory() });
  const { semiFraction, noPrefetch, numWorkers } = settings, { sharpness } = parts.renderer ?? {};
  const loader = await loadSamples(
    dataset,
    { resolution, indices: [...poses.indices], prefetch: !noPrefetch, workers: numWorkers },
    { onMessage: callbacks.onMessage, signal: callbacks.signal },
  );
  try {
    const inputs = { dataset, poses, templates, tables };
    const data = new TrainingData(inputs, loader, {
      ...{ resolution, semiFraction, maskTarget: settings.maskTarget, sharpness },
    });
    const trainer = new ReconstructionTrainer(run, settings, data, state, callbacks, parts);
    return await trainWith(trainer, run, callbacks);
  } finally {
    loader.close();
  }
}

async function trainWith(
  trainer: ReconstructionTrainer,
  run: TrainingRun,
  callbacks: ReconstructionCallbacks,
): Promise<ReconstructionResult> {
  try {
    await runTraining(trainer, run, callbacks);
    return { network: trainer.network, ...trainer.result };
  } catch (error) {
    trainer.network.dispose();
    throw error;
  } finally {
    trainer.dispose();
  }
}

/** The target of silhouettes of a run that resumes. */
async function storedTarget(run: TrainingRun): Promise<MaskTarget | undefined> {
  return (await run.settings())?.maskTarget as MaskTarget | undefined;
}
