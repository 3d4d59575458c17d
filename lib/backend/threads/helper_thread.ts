/**
 * One thread of a `ThreadTeam` beside the caller's, as the caller sees it: what is handed to it, and what comes back.
 * `thread_server.ts` is the other side.
 *
 * @module
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { errorFrom } from "../../core/errors.ts";

/** A part of a piece of work; other fields are copied to the thread that does it. */
export interface TeamPart {
  /** Memory that the part reads and writes, handed on by address: parts that run at once must not write to the same. */
  readonly arrays: readonly Float32Array[];
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

/** A thread counts as lost only after this many waits in which it did nothing: a program that was halted has one long wait. */
const WAITS = 20;

/** What came of a share. */
export type Answer = "done" | "lost" | Error;

/** What lost threads may still write to: it is never given back, as nothing tells when such a thread has ended. */
const lentForGood: Float32Array[] = [];

/** Arrays that threads had when they were lost, which stay reachable for the rest of the process. */
export function arraysOfLostThreads(): readonly Float32Array[] {
  return lentForGood;
}

/** A thread that waits for shares of work. It does not keep the process alive. */
export class HelperThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  #given: readonly TeamPart[] = [];
  readonly #cells = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));

  /**
   * Starts a thread; `join` waits until it is ready.
   *
   * @param module Module that exports `createRunner`
   */
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
    this.#given = parts;
    if (parts.length === 0) return;
    this.#port.postMessage(
      parts.map(({ arrays, ...part }): SentPart => ({ ...part, places: arrays.map(placeOf) })),
    );
    Atomics.store(this.#cells, LEFT, parts.length);
    Atomics.notify(this.#cells, LEFT);
  }

  /**
   * Waits until all that was given is done.
   *
   * @param patienceMs Milliseconds without a finished part after which the thread is taken for lost, and ended
   */
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
    void this.#worker.terminate(); // which it may notice late
    for (const { arrays } of this.#given) lentForGood.push(...arrays);
    return "lost";
  }
}

/** Where an array lies; its memory is not one that the collector of JavaScript moves, since it is asked for as a buffer. */
function placeOf(array: Float32Array): MemoryPlace {
  if (array.length === 0) return { address: 0n, length: 0 };
  const start = Deno.UnsafePointer.value(Deno.UnsafePointer.of(array.buffer as ArrayBuffer));
  return { address: BigInt(start) + BigInt(array.byteOffset), length: array.length };
}
