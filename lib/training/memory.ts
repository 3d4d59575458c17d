/**
 * Whether a batch fits into the machine's memory, and what to say when it did not.
 *
 * @module
 */
import { messageOf, UserError } from "../core/errors.ts";

/** How errors of allocation read in the backends. */
const OUT_OF_MEMORY =
  /\bOOM\b|out of memory|ResourceExhausted|RESOURCE_EXHAUSTED|memory access out of bounds|bad_alloc|Array buffer allocation failed|Cannot enlarge memory|Invalid typed array length/i;

/** A batch and what it needs. */
export interface BatchNeed {
  /** Samples in a batch. */
  readonly batchSize: number;
  /** Bytes that a step holds for each sample at the least. */
  readonly bytesPerSample: number;
  /** Memory of the machine in bytes; null if it is not known. */
  readonly memory: number | null;
}

/**
 * Refuses a batch that cannot fit.
 *
 * @throws {UserError} If the machine's memory is smaller than what a step needs at the least
 */
export function checkBatchMemory({ batchSize, bytesPerSample, memory }: BatchNeed): void {
  if (memory === null || batchSize * bytesPerSample <= memory) return;
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  const fitting = Math.floor(memory / bytesPerSample / 2);
  const advice = fitting >= 2
    ? `try 'batchSize: ${fitting}', or a smaller 'preset'`
    : "take a smaller 'preset' or 'imageResolution'";
  throw new UserError(
    `Cannot train with 'batchSize: ${batchSize}': a step needs more than ${
      gigabytes(batchSize * bytesPerSample)
    } GB ` +
      `of memory, this machine has ${gigabytes(memory)} GB; ${advice}.`,
  );
}

/** Memory of the machine in bytes; null if it may not be asked for. */
export function machineMemory(): number | null {
  try {
    return Deno.systemMemoryInfo().total;
  } catch { // not permitted
    return null;
  }
}

/**
 * What a step threw, as a sentence that says what to do if the memory was not enough.
 *
 * @param error What was thrown
 * @param batchSize Samples in a batch
 */
export function explainMemoryError(error: unknown, batchSize: number): unknown {
  if (error instanceof UserError || !OUT_OF_MEMORY.test(messageOf(error))) return error;
  const [reason] = messageOf(error).split("\n");
  return new UserError(
    `A training step with 'batchSize: ${batchSize}' does not fit into the memory (${
      reason.slice(0, 160)
    }). Resume with ` +
      "'continueTrain' and a smaller 'batchSize', or take a smaller 'preset'; other programs may hold memory too.",
    { cause: error },
  );
}
