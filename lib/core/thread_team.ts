/**
 * A team of threads that do one piece of work together while the caller waits: for work of milliseconds inside a
 * synchronous call, on memory that all of them read and write where it is. `WorkerPool` is for longer tasks.
 *
 * @module
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { errorFrom } from "./errors.ts";

/** A part of a piece of work; other fields are copied to the thread that does it. */
export interface TeamPart {
  /** Memory that the part reads and writes, handed on by address: parts that run at once must not write to the same. */
  readonly arrays: readonly Float32Array[];
}

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

/** A thread counts as lost only after that many waits in which it did nothing: a program that was halted has one long wait. */
const WAITS = 20;
/** And only after this many times the time that the caller took for its own share. */
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
  #helpers: readonly Helper[] | null = null;
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
      throw new Error(`Cannot finish a piece of work: one of ${this.size} threads gave no answer`);
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

/** What a thread starts with. */
export interface ThreadSetup {
  /** Address of the kind's module. */
  readonly module: string;
  /** Shares come in, descriptions of errors go out. */
  readonly port: MessagePort;
  /** Shared memory at {@linkcode LEFT} and {@linkcode FAILED}. */
  readonly cells: Int32Array;
}

/** Cell that says how many parts the thread has still to do, of which its own start is the first; or {@linkcode END}. */
export const LEFT = 0;
/** Cell that is 1 where the thread sent an error. */
export const FAILED = 1;
/** In place of a number of parts: the thread is to end. */
export const END = -1;

/** Where an array lies. */
export interface MemoryPlace {
  /** Address of the first value. */
  readonly address: bigint;
  /** Number of values. */
  readonly length: number;
}

/** A part on its way to a thread: places in place of arrays. */
export type SentPart = Omit<TeamPart, "arrays"> & { readonly places: readonly MemoryPlace[] };

/** What came of a share. */
type Answer = "done" | "lost" | Error;

/** Starts threads, or none if one of them does not start. */
function startHelpers(module: URL, count: number, patienceMs: number): Helper[] {
  const helpers: Helper[] = [];
  try {
    while (helpers.length < count) helpers.push(new Helper(module));
    if (helpers.every((helper) => helper.join(patienceMs) === "done")) return helpers;
  } catch {
    // threads are not allowed here
  }
  for (const helper of helpers) helper.end();
  return [];
}

/** A thread other than the caller's. */
class Helper {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #cells = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));

  constructor(module: URL) {
    const { port1, port2 } = new MessageChannel(), cells = this.#cells;
    cells[LEFT] = 1;
    this.#port = port1;
    this.#worker = new Worker(new URL("./thread_server.ts", import.meta.url), {
      workerData: { module: module.href, port: port2, cells } satisfies ThreadSetup,
      transferList: [port2],
    });
    this.#worker.on("error", () => {}); // seen as an answer that does not come
    this.#worker.unref();
  }

  /** Hands over parts; `join` must follow. */
  give(parts: readonly TeamPart[]): void {
    if (parts.length === 0) return;
    this.#port.postMessage(
      parts.map(({ arrays, ...part }): SentPart => ({ ...part, places: arrays.map(placeOf) })),
    );
    Atomics.store(this.#cells, LEFT, parts.length);
    Atomics.notify(this.#cells, LEFT);
  }

  /** Waits until all that was given is done. */
  join(patienceMs: number): Answer {
    for (let waits = 0, left = this.#left(); left > 0; left = this.#left()) {
      const outcome = Atomics.wait(this.#cells, LEFT, left, patienceMs / WAITS);
      waits = outcome === "timed-out" ? waits + 1 : 0;
      if (waits > WAITS) return this.#abandon();
    }
    if (Atomics.exchange(this.#cells, FAILED, 0) === 0) return "done";
    return errorFrom(receiveMessageOnPort(this.#port)!.message);
  }

  /** Ends the thread when it has done what it has. */
  end(): void {
    Atomics.store(this.#cells, LEFT, END);
    Atomics.notify(this.#cells, LEFT);
    this.#port.close();
  }

  #left(): number {
    return Atomics.load(this.#cells, LEFT);
  }

  #abandon(): Answer {
    void this.#worker.terminate();
    return "lost";
  }
}

/** Where an array lies; its memory is not one that the collector of JavaScript moves, since it is asked for as a buffer. */
function placeOf(array: Float32Array): MemoryPlace {
  if (array.length === 0) return { address: 0n, length: 0 };
  const start = Deno.UnsafePointer.value(Deno.UnsafePointer.of(array.buffer as ArrayBuffer));
  return { address: BigInt(start) + BigInt(array.byteOffset), length: array.length };
}
