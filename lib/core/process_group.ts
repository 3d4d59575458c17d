/**
 * The processes that work on one job together, as far as code that knows nothing of messages needs to know.
 *
 * @module
 */

/** One process among those of a job. */
export interface ProcessGroup {
  /** Number of this process, from 0. */
  readonly rank: number;
  /** Number of processes. */
  readonly size: number;
  /** Number of processes on this machine. */
  readonly localSize: number;
  /**
   * Hands a value to all processes; all of them call it at the same place.
   *
   * @param own Anything that can be cloned
   * @returns The values of all processes, by rank
   */
  exchange<T>(own: T): T[];
}

/** A process that works alone. */
export const ALONE: ProcessGroup = { rank: 0, size: 1, localSize: 1, exchange: (own) => [own] };

let current: ProcessGroup = ALONE;

/** The group that this process is in. */
export function processGroup(): ProcessGroup {
  return current;
}

/** Sets the group; workers are not told and count as alone. */
export function setProcessGroup(group: ProcessGroup): void {
  current = group;
}

/** Whether this process writes the files of the job: one does. */
export function isWriter(): boolean {
  return current.rank === 0;
}

/** Whether this process works alone. */
export function isAlone(): boolean {
  return current.size === 1;
}

/**
 * What the first process finds, for all: so that none of them decides by files which another one has changed since.
 *
 * @param find Called in the first process only
 */
export async function agree<T>(find: () => Promise<T>): Promise<T> {
  if (isAlone()) return await find();
  const own = isWriter() ? { found: await find() } : null;
  return (current.exchange(own)[0] as { found: T }).found;
}

/** Whether any process of the group says so. */
export function anyProcess(says: boolean): boolean {
  return isAlone() ? says : current.exchange(says).includes(true);
}
