/**
 * Messages by MPI.
 *
 * @module
 */
import type { Communicator } from "./communicator.ts";
import { type MpiLibrary, openMpiLibrary } from "./mpi_library.ts";
import type { RankEnvironment } from "./rank_environment.ts";

/** Only the thread that started MPI calls it. */
const THREAD_FUNNELED = 1;
/** Numbers in one call. */
const MAX_COUNT = 2 ** 28;
/** Polls without a pause at first, and the pause between later ones, in milliseconds. */
const EAGER_POLLS = 2000, MESSAGE_POLLS = 20_000, PAUSE_MS = 0.1;
/** How often a process looks whether the one that started it still lives, in milliseconds. */
const WATCH_EVERY_MS = 200;
/** How long a process that ends well waits for the others, in milliseconds. */
const FAREWELL_MS = 5000;

/** A communicator over all processes that mpiexec started. */
export class MpiCommunicator implements Communicator {
  readonly rank: number;
  readonly size: number;
  readonly localRank: number;
  readonly localSize: number;
  readonly #library: MpiLibrary;
  readonly #parent = Deno.ppid;
  readonly #watch: ReturnType<typeof setInterval>;
  readonly #request = new BigInt64Array(1);
  readonly #flag = new Int32Array(1);
  readonly #status = new BigInt64Array(8);
  readonly #sleeper = new Int32Array(new SharedArrayBuffer(4));
  #watched = performance.now();

  /**
   * Joins the job.
   *
   * @param environment Place of this process
   * @throws {UserError} If there is no library
   */
  constructor({ kind, localRank, localSize }: RankEnvironment) {
    this.localRank = localRank;
    this.localSize = localSize;
    this.#library = openMpiLibrary(kind);
    const { functions, world } = this.#library, out = new Int32Array(1);
    this.#check("start", functions.MPI_Init_thread(null, null, THREAD_FUNNELED, out));
    this.#check("tell the rank", functions.MPI_Comm_rank(world, out));
    this.rank = out[0];
    this.#check("tell the number of ranks", functions.MPI_Comm_size(world, out));
    this.size = out[0];
    this.#watch = setInterval(() => this.#leaveIfOrphaned(), WATCH_EVERY_MS);
    Deno.unrefTimer(Number(this.#watch));
  }

  allReduce(values: Float32Array): void {
    this.barrier();
    for (const part of partsOf(values)) {
      this.#startAdding(part, this.#request);
      this.#wait(false);
    }
  }

  startAllReduce(values: Float32Array): () => void {
    const requests = partsOf(values).map((part) => {
      const request = new BigInt64Array(1);
      this.#startAdding(part, request);
      return { part, request }; // the library writes into both until the end
    });
    return () => {
      for (const { request } of requests) this.#wait(true, Infinity, request);
    };
  }

  #startAdding(part: Float32Array<ArrayBuffer>, request: BigInt64Array<ArrayBuffer>): void {
    const { functions, inPlace, float, sum, world } = this.#library;
    this.#check(
      "add values",
      functions.MPI_Iallreduce(inPlace, part, part.length, float, sum, world, request),
    );
  }

  broadcast(bytes: Uint8Array, root: number): void {
    const { functions, byte, world } = this.#library;
    this.barrier();
    for (let start = 0; start < bytes.length; start += MAX_COUNT) {
      const part = bytes.subarray(start, start + MAX_COUNT) as Uint8Array<ArrayBuffer>;
      this.#check(
        "hand on values",
        functions.MPI_Ibcast(part, part.length, byte, root, world, this.#request),
      );
      this.#wait(false);
    }
  }

  barrier(): void {
    const { functions, world } = this.#library;
    this.#check("meet", functions.MPI_Ibarrier(world, this.#request));
    this.#wait(true);
  }

  abort(code: number): never {
    this.#library.functions.MPI_Abort(this.#library.world, code);
    Deno.exit(code);
  }

  close(): void {
    const { functions, world } = this.#library;
    clearInterval(this.#watch);
    this.#check("meet", functions.MPI_Ibarrier(world, this.#request));
    if (!this.#wait(true, FAREWELL_MS)) this.abort(1);
    functions.MPI_Finalize();
  }

  /**
   * Polls until the request is done. Other processes may take long to come to a meeting, so the processor is left to
   * others soon; a message between processes that have met is there at once as a rule.
   *
   * @param isMeeting Whether others may take long
   * @param limitMs Longest time to wait
   * @param request The request
   * @returns Whether the request is done
   */
  #wait(isMeeting: boolean, limitMs = Infinity, request = this.#request): boolean {
    const { functions } = this.#library, started = performance.now();
    for (let polls = 0;; polls++) {
      this.#check("wait", functions.MPI_Test(request, this.#flag, this.#status));
      if (this.#flag[0] !== 0) return true;
      if (polls < (isMeeting ? EAGER_POLLS : MESSAGE_POLLS)) continue;
      Atomics.wait(this.#sleeper, 0, 0, PAUSE_MS);
      if (polls % 100 !== 0) continue;
      const now = performance.now();
      if (now - this.#watched > WATCH_EVERY_MS) this.#leaveIfOrphaned();
      if (now - started > limitMs) return false;
    }
  }

  /** mpiexec ends the processes that it started itself, which may be the shells around this one. */
  #leaveIfOrphaned(): void {
    this.#watched = performance.now();
    if (Deno.ppid === this.#parent) return;
    // deno-lint-ignore no-console -- the last word of a process that ends itself
    console.error(`rank ${this.rank}: another process of this job has ended; this one ends too.`);
    Deno.exit(1);
  }

  #check(what: string, code: number): void {
    if (code !== 0) throw new Error(`Cannot ${what} by MPI: it answers with error ${code}`);
  }
}

/** Values in parts that one call can take. */
function partsOf(values: Float32Array): Float32Array<ArrayBuffer>[] {
  return Array.from(
    { length: Math.ceil(values.length / MAX_COUNT) },
    (_, k) => values.subarray(k * MAX_COUNT, (k + 1) * MAX_COUNT) as Float32Array<ArrayBuffer>,
  );
}
