/**
 * A team of threads that do one piece of work together while the caller waits: for work of milliseconds inside a
 * synchronous call, on memory that all of them read and write where it is. `WorkerPool` is for longer tasks.
 *
 * @module
 */
import { HelperThread, type TeamPart } from "./helper_thread.ts";

export type { TeamPart } from "./helper_thread.ts";

/** What a team does. */
export interface TeamKind<Part extends TeamPart> {
  /** The module that exports `createRunner` under this name; it should import little, since each thread loads it. */
  readonly module: URL;
  /** Makes what does one part, once in each thread: it may keep state, but no arrays. */
  readonly createRunner: () => (part: Part) => void;
}

/** Options of a team. */
export interface TeamOptions {
  /** Milliseconds that a thread may take for a part, or for its start, before it counts as lost. */
  patienceMs?: number;
}

/** Defaults of {@linkcode TeamOptions}. */
export const TEAM_DEFAULTS = { patienceMs: 60_000 } as const satisfies Required<TeamOptions>;

/** A thread counts as lost only after this many times the time that the caller took for its own share. */
const TIMES_OWN_SHARE = 20;

/**
 * Threads of one kind, of which the caller is one.
 *
 * The threads start at the first work that has several parts. They do not keep the process alive. Where they cannot be
 * started, the caller does all parts.
 *
 * @example
 * ```ts
 * const team = new ThreadTeam(kind, 2);
 * team.run(images.map((image) => ({ arrays: [image] })));
 * team.close();
 * ```
 */
export class ThreadTeam<Part extends TeamPart> {
  readonly #kind: TeamKind<Part>;
  readonly #runOwn: (part: Part) => void;
  readonly #patienceMs: number;
  readonly #wanted: number;
  #helpers: readonly HelperThread[] | null = null;
  #closed = false;

  /**
   * Makes a team; starts no thread yet.
   *
   * @param kind What it does
   * @param threads Number of threads with the caller's, from 1
   * @param options Patience
   */
  constructor(kind: TeamKind<Part>, threads: number, options: TeamOptions = {}) {
    this.#kind = kind;
    this.#runOwn = kind.createRunner();
    this.#wanted = threads;
    this.#patienceMs = options.patienceMs ?? TEAM_DEFAULTS.patienceMs;
  }

  /** Threads at work with the caller's: 1 before they start, and where they cannot be started. */
  get size(): number {
    return 1 + (this.#helpers?.length ?? 0);
  }

  /** Whether it was closed, or closed itself since a thread was lost. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /**
   * Does all parts and returns when all are done. Of `size` threads, part i is always done by thread i mod `size`, of which
   * the caller's is number 0; each thread does its parts in their order.
   *
   * @param parts The parts
   * @param alone Whether the caller does all of them, for work that is shorter than waking others
   * @throws {TypeError} If the team is closed
   * @throws What a part threw, in whichever thread; the other parts of that thread may be left undone
   */
  run(parts: readonly Part[], alone = false): void {
    if (this.#closed) throw new TypeError("Cannot run the parts of a piece of work: the team is closed");
    if (alone || parts.length < 2) return parts.forEach(this.#runOwn);
    const helpers = this.#helpers ??= startHelpers(this.#kind.module, this.#wanted - 1, this.#patienceMs);
    const share = (k: number) => parts.filter((_, i) => i % this.size === k);
    const start = performance.now(), errors: unknown[] = [];
    try {
      helpers.forEach((helper, k) => helper.give(share(k + 1)));
      share(0).forEach(this.#runOwn);
    } catch (error) {
      errors.push(error);
    }
    const patience = Math.max(this.#patienceMs, TIMES_OWN_SHARE * (performance.now() - start));
    const answers = helpers.map((helper) => helper.join(patience)); // all of them, whatever went wrong: memory is lent
    if (answers.includes("lost")) {
      this.close();
      const seconds = Math.round(patience / 1000);
      throw new Error(
        `Cannot finish a piece of work: one of ${this.size} threads gave no answer for ${seconds} s`,
      );
    }
    errors.push(...answers.filter((answer) => answer !== "done"));
    if (errors.length > 0) throw errors[0];
  }

  /** Ends the threads; what they kept is gone. */
  close(): void {
    this.#closed = true;
    for (const helper of this.#helpers ?? []) helper.end();
  }
}

/** Starts threads, or none if one of them does not start. */
function startHelpers(module: URL, count: number, patienceMs: number): HelperThread[] {
  const helpers: HelperThread[] = [];
  try {
    while (helpers.length < count) helpers.push(new HelperThread(module));
    if (helpers.every((helper) => helper.join(patienceMs) === "done")) return helpers;
  } catch {
    // threads are not allowed here
  }
  for (const helper of helpers) helper.end();
  return [];
}
