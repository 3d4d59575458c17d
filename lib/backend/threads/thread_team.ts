/**
 * A team of threads that do one piece of work together while the caller waits: for work of milliseconds inside a
 * synchronous call, on memory that all of them read and write where it is. `WorkerPool` is for longer tasks.
 *
 * @module
 */
import { ClosedError } from "../../core/errors.ts";
import { HelperThread, type TeamPart } from "./helper_thread.ts";
import { LostThreadError } from "./lost_thread_error.ts";

export type { TeamPart } from "./helper_thread.ts";

/** What a team does. */
export interface TeamKind<Part extends TeamPart> {
  /** The module that exports `createRunner` under this name; it should import little, since each thread loads it. */
  readonly module: URL;
  /** Makes what does one part, once in each thread: it may keep state, but no arrays. */
  readonly createRunner: () => (part: Part) => void;
}

/** A thread counts as lost only after this many times the time that the caller took for its own share. */
const TIMES_OWN_SHARE = 20;

/**
 * Threads of one kind, of which the caller is one.
 *
 * Threads start when there are parts for them. They do not keep the process alive. Where they cannot be started, the caller
 * does all parts.
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
  readonly #helpers: HelperThread[] = [];
  #size: number;
  #closed = false;

  /**
   * Makes a team; starts no thread yet.
   *
   * @param kind What it does
   * @param threads Number of threads with the caller's, from 1
   * @param options `patienceMs`: milliseconds that a thread may take for a part, or for its start, before it
   *   counts as lost, 60,000 by default
   */
  constructor(
    kind: TeamKind<Part>,
    threads: number,
    { patienceMs = 60_000 }: { readonly patienceMs?: number } = {},
  ) {
    this.#kind = kind;
    this.#runOwn = kind.createRunner();
    this.#size = threads;
    this.#patienceMs = patienceMs;
  }

  /** Threads that were started, with the caller's. */
  get started(): number {
    return 1 + this.#helpers.length;
  }

  /** Whether it was closed, or closed itself since a thread was lost. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /**
   * Does all parts and returns when all are done. Of n threads, part i is always done by thread i mod n, of which the caller's
   * is number 0; each thread does its parts in their order.
   *
   * @param parts The parts
   * @param alone Whether the caller does all of them, for work that is shorter than waking others
   * @throws {ClosedError} If the team is closed
   * @throws {LostThreadError} If a thread gave no answer; the arrays of its parts stay reachable for good
   * @throws What a part threw, in whichever thread; the other parts of that thread may be left undone
   */
  run(parts: readonly Part[], alone = false): void {
    if (this.#closed) throw new ClosedError("Cannot run the parts of a piece of work: the team is closed");
    if (!alone) this.#start(Math.min(parts.length, this.#size));
    if (alone || this.#size === 1) return parts.forEach(this.#runOwn);
    const share = (thread: number) => parts.filter((_, i) => i % this.#size === thread);
    const start = performance.now(), errors: unknown[] = [];
    try {
      this.#helpers.forEach((helper, k) => helper.give(share(k + 1)));
      share(0).forEach(this.#runOwn);
    } catch (error) {
      errors.push(error);
    }
    const patience = Math.max(this.#patienceMs, TIMES_OWN_SHARE * (performance.now() - start));
    const answers = this.#helpers.map((helper) => helper.join(patience)); // all, whatever went wrong: memory is lent
    if (answers.includes("lost")) {
      const lost = `one of ${this.started} threads gave no answer for ${Math.round(patience / 1000)} s`;
      this.close();
      throw new LostThreadError(`Cannot finish a piece of work: ${lost}`);
    }
    errors.push(...answers.filter((answer) => answer !== "done"));
    if (errors.length > 0) throw errors[0];
  }

  /** Starts the first threads, as many as there are parts: a machine may have many more cores. */
  #start(threads: number): void {
    if (threads <= this.started) return;
    const wasAlone = this.started === 1;
    try {
      while (this.started < threads) this.#helpers.push(new HelperThread(this.#kind.module));
      const answers = this.#helpers.map((helper) => helper.join(this.#patienceMs));
      for (const answer of answers) if (answer !== "done") throw answer;
    } catch (cause) {
      this.#endHelpers();
      if (wasAlone) this.#size = 1; // threads are not to be had here
      else {
        this.close(); // what the others kept is gone
        throw new Error(`Cannot start thread ${threads} of a team`, { cause });
      }
    }
  }

  /** Ends the threads; what they kept is gone. */
  close(): void {
    this.#closed = true;
    this.#endHelpers();
  }

  #endHelpers(): void {
    for (const helper of this.#helpers.splice(0)) helper.end();
  }
}
