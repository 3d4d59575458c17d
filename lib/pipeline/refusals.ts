/**
 * What a pipeline refuses, whether it runs or only tells what it would do.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import type { StageName } from "./pipeline_stages.ts";
import type { StageInputs, StageRecord } from "./stage_record.ts";

/** The reconstruction's norms need a batch of two. */
const LEAST_PHOTOGRAPHS = 2;

/**
 * Makes sure that there are photographs enough.
 *
 * @throws {UserError} If there are fewer than two
 */
export function checkCount(images: string, used: number): void {
  if (used >= LEAST_PHOTOGRAPHS) return;
  throw new UserError(
    `Cannot run the pipeline on ${images}: it needs at least ${LEAST_PHOTOGRAPHS} usable photographs, ` +
      `current value is ${used}; some dozens give a result worth looking at.`,
  );
}

/** A stage was wanted alone, and one that it rests on is to be done before. */
export class OutOfDateError extends UserError {}

/**
 * Makes sure that a stage before the only one that is wanted is up to date, as it is not run in passing.
 *
 * @throws {UserError} If it is not
 */
export async function checkUpToDate(
  record: StageRecord,
  stage: StageInputs,
  only: StageName,
): Promise<void> {
  if (await record.startOf(stage) === "skip") return;
  throw new OutOfDateError(
    `Cannot run ${only} only: ${stage.name}, on which it rests, is not up to date; run the pipeline without 'only' first.`,
  );
}
