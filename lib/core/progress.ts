/**
 * How long work reports and is stopped: callbacks, so that terminal, notebooks and event files show the same run.
 *
 * @module
 */
import { StoppedError } from "./errors.ts";

/** State of a running job. */
export interface Progress {
  /** Units done so far. */
  readonly done: number;
  /** Units in all. */
  readonly total: number;
  /** What the units are, where they are not counted one by one. */
  readonly unit?: "bytes";
  /** Figures to show beside the bar, such as `{ loss: 0.12 }`. */
  readonly values?: Readonly<Record<string, number>>;
}

/** Callbacks that every stage takes. */
export interface StageCallbacks {
  /** Called now and then with the state of the job. */
  onProgress?: (progress: Progress) => void;
  /** Called with a sentence that a person should read. */
  onMessage?: (sentence: string) => void;
  /** Called with scalars of a step: name to value. */
  onScalars?: (step: number, scalars: Readonly<Record<string, number>>) => void;
  /** When aborted, the job saves its state and throws `StoppedError`. */
  signal?: AbortSignal;
}

/**
 * Throws if a stop was asked for. Long loops call it after saving.
 *
 * @throws {StoppedError} If the signal was aborted
 */
export function throwIfStopped(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw stoppedError(what);
}

/** The error of a job that was stopped. */
export function stoppedError(what: string): StoppedError {
  return new StoppedError(`${what} was stopped; run the same command again to resume.`);
}
