/**
 * Which samples of a batch this process computes.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { processGroup } from "../core/process_group.ts";

/** Consecutive samples of a batch. */
export interface BatchShare {
  /** First sample. */
  readonly start: number;
  /** Number of samples, B over the number of processes. */
  readonly length: number;
}

/**
 * The samples of a batch that this process computes; all of them if it is alone.
 *
 * @param batchSize Samples in a batch of all processes, B
 * @throws {UserError} If the processes would not have equally many
 */
export function batchShare(batchSize: number): BatchShare {
  const { rank, size } = processGroup();
  if (batchSize % size !== 0) {
    throw new UserError(
      `Cannot train with ${size} processes: 'batchSize' counts the samples of all of them and must be a multiple of ` +
        `${size}, current value is ${batchSize}.`,
    );
  }
  const length = batchSize / size;
  return { start: rank * length, length };
}

/** The part of a batch's rows that this process has. */
export function shareOf<T>(rows: readonly T[]): T[] {
  const { start, length } = batchShare(rows.length);
  return rows.slice(start, start + length);
}
