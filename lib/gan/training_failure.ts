/**
 * Failures of GAN training, and the way back from them.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import type { CheckpointTag } from "../training/checkpoint.ts";
import type { TrainingRun } from "../training/training_run.ts";
import type { GanState } from "./gan_model.ts";
import type { GanEvaluationResult } from "./gan_callbacks.ts";

/** Share of the real images' diversity that a generator has shown to have reached, and under which it has collapsed. */
const LIVELY = 0.15, COLLAPSED = 0.05;

/**
 * Notices a generator whose images have become all alike.
 *
 * @param run The run
 * @param epoch Epochs finished
 * @param found What evaluations have found before
 * @param result What this one has
 * @returns The largest difference of generated images so far
 * @throws {UserError} If it has collapsed
 */
export async function checkCollapse(
  run: TrainingRun,
  epoch: number,
  { bestDiversity = 0, goodEpoch = null }: Pick<GanState, "bestDiversity" | "goodEpoch">,
  { diversity, realDiversity }: GanEvaluationResult,
): Promise<number> {
  if (diversity === undefined || !realDiversity) return bestDiversity;
  const isCollapsed = bestDiversity >= LIVELY * realDiversity && diversity < COLLAPSED * realDiversity;
  if (!isCollapsed) return Math.max(bestDiversity, diversity);
  const [now, before, real] = [diversity, bestDiversity, realDiversity].map((value) => value.toPrecision(3));
  throw new UserError(
    `Training of ${run.name} has collapsed: generated images differ by ${now} from each other at epoch ${epoch}, by ` +
      `${before} before, real ones by ${real}. Nothing of it was saved as good; ${await wayBack(run, [
        ...goodEpoch === null ? [] : [goodEpoch],
        "best",
      ])}.`,
  );
}

/** What to do after a failure, with the first of the checkpoints that is there. */
export async function wayBack(run: TrainingRun, tags: readonly CheckpointTag[]): Promise<string> {
  const rates = "lower rates ('lrG', 'lrD')";
  for (const tag of tags) {
    if (!await run.has(tag)) continue;
    const from = tag === "latest" ? "" : ` 'whichEpoch: ${tag}'`;
    return `resume from the last good checkpoint with 'continueTrain'${from} and ${rates}`;
  }
  return `there is no checkpoint to resume from yet; start from scratch with 'overwrite' and ${rates}`;
}
