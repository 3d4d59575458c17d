/**
 * The stages of a pipeline that train networks, as long as its sizes say.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { type Mode, posesFile } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { readPoseEstimates } from "../pose/files.ts";
import { planFromIterations } from "../training/schedules.ts";
import type { PipelineRequest } from "./pipeline_request.ts";
import { runReconstruction } from "./reconstruct.ts";
import type { StageResult, StageStart } from "./stage_record.ts";
import { runGan } from "./train_gan.ts";

/** Trains the reconstruction. */
export async function reconstructStage(
  { name, mode, seed, sizes }: PipelineRequest,
  start: Exclude<StageStart, "skip">,
  callbacks: StageCallbacks,
): Promise<StageResult> {
  const plan = await planFor(name, mode, sizes.reconstructionBatch, 2, sizes.reconstructionIterations);
  const { state, measured } = await runReconstruction({
    ...{ name, measure: true },
    dataset: name,
    mode,
    preset: sizes.preset,
    batchSize: plan.batchSize,
    epochs: plan.epochs,
    lrDecayEvery: Math.ceil(plan.epochs / 3),
    checkpointFreq: plan.epochs,
    saveFreq: Math.ceil(plan.epochs / 10),
    imageFreq: plan.epochs,
    lr: sizes.reconstructionRate,
    seed,
    continueTrain: start === "resume",
    overwrite: start === "scratch",
  }, callbacks);
  return { iterations: state.iteration, iou: measured!.iou, colour: measured!.colour };
}

/** Trains the GAN. */
export async function ganStage(
  { name, mode, seed, sizes }: PipelineRequest,
  start: Exclude<StageStart, "skip">,
  callbacks: StageCallbacks,
): Promise<StageResult> {
  const plan = await planFor(name, mode, sizes.ganBatch, 1, sizes.ganIterations);
  const sixth = Math.ceil(plan.epochs / 6);
  const { iterations, bestDistance } = await runGan({
    name,
    dataset: name,
    mode,
    preset: sizes.preset,
    batchSize: plan.batchSize,
    epochs: plan.epochs,
    checkpointFreq: sixth,
    evaluateFreq: sixth,
    saveFreq: Math.ceil(plan.epochs / 12),
    lrG: sizes.ganRates[0],
    lrD: sizes.ganRates[1],
    gRunningAverageAlpha: sizes.ganEmaDecay,
    seed,
    continueTrain: start === "resume",
    overwrite: true,
  }, callbacks);
  return { iterations, bestDistance };
}

/** A batch that the posed photographs can fill, and the epochs that give about so many iterations. */
async function planFor(name: string, mode: Mode, wanted: number, least: number, iterations: number) {
  const posed = (await readPoseEstimates(posesFile(name, mode))).indices.length;
  if (posed < least) {
    throw new UserError(
      `Cannot train on ${name}: ${least} posed photographs are needed, current value is ${posed}; the poses of the ` +
        "others do not fit their masks. Add photographs, or check the masks and the template.",
    );
  }
  const batchSize = Math.min(wanted, posed), perEpoch = Math.floor(posed / batchSize);
  const { epochs } = planFromIterations(posed, batchSize, Math.max(iterations, perEpoch));
  return { batchSize, epochs };
}
