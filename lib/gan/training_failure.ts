/**
 * Failures of GAN training, and the way back from them.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { hasCheckpoint } from "../training/checkpoint.ts";
import type { GanState } from "./gan_model.ts";
import type { GanJudgement } from "./gan_callbacks.ts";

/** Share of the real pictures' diversity that a generator has shown to have reached, and under which it has collapsed. */
const LIVELY = 0.15, COLLAPSED = 0.05;

/**
 * The error of a run with a value that is no number or far too large.
 *
 * @param folder Folder of the run
 * @param what Name of the value
 * @param value The value
 * @param iteration Step in which it was found
 */
export async function divergedError(
  folder: string,
  what: string,
  value: number,
  iteration: number,
): Promise<UserError> {
  return new UserError(
    `Training of ${folder} has diverged: ${what} is ${value} at iteration ${iteration}. Nothing of it was saved; ` +
      `${await wayBack(folder, ["latest"])}.`,
  );
}

/**
 * Notices a generator whose pictures have become all alike.
 *
 * @param folder Folder of the run
 * @param state Position of the run
 * @param judgement What an evaluation found
 * @returns The largest difference of generated pictures so far
 * @throws {UserError} If it has collapsed
 */
export async function checkCollapse(
  folder: string,
  { bestDiversity = 0, goodEpoch = null, epoch }: GanState,
  { diversity, realDiversity }: GanJudgement,
): Promise<number> {
  if (diversity === undefined || !realDiversity) return bestDiversity;
  const isCollapsed = bestDiversity >= LIVELY * realDiversity && diversity < COLLAPSED * realDiversity;
  if (!isCollapsed) return Math.max(bestDiversity, diversity);
  const tags = [...goodEpoch === null ? [] : [goodEpoch], "best"];
  throw new UserError(
    `Training of ${folder} has collapsed: generated pictures differ by ${
      diversity.toPrecision(3)
    } from each other at ` +
      `epoch ${epoch}, by ${bestDiversity.toPrecision(3)} before, real ones by ${
        realDiversity.toPrecision(3)
      }. ` +
      `Nothing of it was saved as good; ${await wayBack(folder, tags)}.`,
  );
}

/** What to do after a failure, with the first of the checkpoints that is there. */
async function wayBack(folder: string, tags: readonly (string | number)[]): Promise<string> {
  const rates = "lower rates ('lrG', 'lrD')";
  for (const tag of tags) {
    if (!await hasCheckpoint(folder, tag)) continue;
    const from = tag === "latest" ? "" : ` 'whichEpoch: ${tag}'`;
    return `go on from the last good checkpoint with 'continueTrain'${from} and ${rates}`;
  }
  return `there is no checkpoint to go on from yet; start anew with 'overwrite' and ${rates}`;
}
