/**
 * Messages between the processes of a job. One process alone is the default, for which all of this does nothing.
 * Networks import this module, so it imports nothing that browsers lack.
 *
 * @module
 */

/** What the processes of a job do together. All of them call the same functions in the same order. */
export interface Communicator {
  /** Number of this process, from 0. */
  readonly rank: number;
  /** Number of processes. */
  readonly size: number;
  /** Number of this process among those on its machine. */
  readonly localRank: number;
  /** Number of processes on its machine. */
  readonly localSize: number;
  /** Replaces values by their sums over all processes; the sums are the same bits everywhere. */
  allReduce(values: Float32Array): void;
  /**
   * Begins what `allReduce` does, while this process does other things, also calls of this communicator.
   *
   * @param values Left alone until the function that is returned has been called, which waits for the end
   */
  startAllReduce(values: Float32Array): () => void;
  /** Replaces bytes by those of the process `root`; the lengths are the same. */
  broadcast(bytes: Uint8Array, root: number): void;
  /** Returns when all processes have called it. */
  barrier(): void;
  /** Ends all processes at once. */
  abort(code: number): never;
  /** Leaves the job. */
  close(): void;
}

/** One process: sums and broadcasts are what they were before. */
export const SINGLE_PROCESS: Communicator = {
  rank: 0,
  size: 1,
  localRank: 0,
  localSize: 1,
  allReduce() {},
  startAllReduce: () => () => {},
  broadcast() {},
  barrier() {},
  abort: (code) => Deno.exit(code),
  close() {},
};

let current: Communicator = SINGLE_PROCESS;

/** The communicator of this process. */
export function communicator(): Communicator {
  return current;
}

/** Replaces the communicator only; `setCommunicator` also tells the rest of the library. */
export function replaceCommunicator(next: Communicator): void {
  current = next;
}
