/**
 * The threads that host operations are shared among: as many as TensorFlow has for one operation, on the native backend;
 * elsewhere the caller's only.
 *
 * @module
 */
import { type TeamKind, type TeamPart, ThreadTeam } from "./threads/thread_team.ts";
import { activeNativeBackend } from "./native/active.ts";

let count = 1;
const teams = new Map<string, ThreadTeam<never>>();

/**
 * Sets the number of threads, and ends those that wait if it is another one; `useBackend` calls it.
 *
 * @param threads Number of threads with the caller's, from 1
 */
export function setHostThreads(threads: number): void {
  if (threads === count) return;
  count = threads;
  for (const team of teams.values()) team.close();
  teams.clear();
}

/** Number of threads of a host operation on the active backend. */
export function hostThreads(): number {
  return activeNativeBackend() === null ? 1 : count;
}

/**
 * The team that does one kind of work, for the active backend.
 *
 * @param kind What it does
 */
export function hostTeam<Part extends TeamPart>(kind: TeamKind<Part>): ThreadTeam<Part> {
  const threads = hostThreads(), key = `${threads} ${kind.module}`;
  let team = teams.get(key) as ThreadTeam<Part> | undefined;
  if (team === undefined || team.isClosed) {
    teams.set(key, team = new ThreadTeam(kind, threads));
  }
  return team;
}
