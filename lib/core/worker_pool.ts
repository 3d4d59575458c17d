/**
 * A pool of workers that takes tasks one at a time and returns results by task number, so that the result of a job does
 * not depend on how many workers did it.
 *
 * @module
 */
import type { TypedArray } from "./arrays.ts";
import { ALONE, processGroup, setProcessGroup } from "./process_group.ts";
import { throwIfStopped } from "./progress.ts";
import { ClosedError, errorFrom } from "./errors.ts";
import type { PoolMessage, RunnerFactory, WorkerAnswer } from "./worker_server.ts";

/** What a pool's workers do: the module that they import, and the same function for use without workers. */
export interface WorkerKind<Shared, Task, Result> {
  /** The module that exports `createRunner` under this name. */
  readonly module: URL;
  /** A worker that calls `serveTasks(createRunner)`, where workers cannot import the module, such as in bundles. */
  readonly worker?: URL;
  /** Makes the function that does one task. */
  readonly createRunner: RunnerFactory<Shared, Task, Result>;
}

/** Options of `WorkerPool.run`. */
export interface RunTasksOptions<Result> {
  /**
   * Called for each finished task, in the order in which they finish; awaited before that worker's next task. Where several
   * processes share the tasks, in their own order, when a round of them is done and handed on.
   */
  onResult?: (index: number, result: Result) => void | Promise<void>;
  /** Called with what a task reports on its way. */
  onReport?: (index: number, report: unknown) => void;
  /** Stops the job: the workers are ended at once and `run` throws `StoppedError`. */
  signal?: AbortSignal;
  /** Name of the job in the sentence of `StoppedError`. */
  what?: string;
  /**
   * Whether the processes of a job do a share of the tasks each, and all of them get all results: all processes must make
   * this call then, with the same tasks, and nothing else together meanwhile.
   */
  shared?: boolean;
  /**
   * Whether the results are kept and returned. If not, `onResult` takes them, the list that is returned is empty, and memory
   * does not grow with the number of tasks.
   */
  keep?: boolean;
}

/** Tasks of each process in a round, where several share them. */
const TASKS_A_ROUND = 16;

/** Does one task somewhere. */
interface Lane<Task, Result> {
  run(task: Task, onReport: (report: unknown) => void): Promise<Result>;
  close(): void;
}

/** Number of workers used where nothing else is asked for: one per core, shared among the processes of a job. */
export function defaultWorkerCount(): number {
  return Math.max(1, Math.floor((navigator.hardwareConcurrency ?? 1) / processGroup().localSize));
}

/** Copies an array to memory that workers read without a copy of their own. */
export function shareArray<T extends TypedArray>(array: T): T {
  const Type = array.constructor as new (buffer: SharedArrayBuffer) => T;
  const shared = new Type(new SharedArrayBuffer(array.byteLength));
  (shared as { set(values: ArrayLike<unknown>): void }).set(array);
  return shared;
}

/**
 * Workers of one kind with common data.
 *
 * @example
 * ```ts
 * const pool = await WorkerPool.start(kind, { faces: shareArray(faces) }, 4);
 * try {
 *   const results = await pool.run(100, (index) => ({ index }));
 * } finally {
 *   pool.close();
 * }
 * ```
 */
export class WorkerPool<Task, Result> {
  readonly #lanes: Lane<Task, Result>[];
  #closed = false;
  #busy = false;

  private constructor(lanes: Lane<Task, Result>[]) {
    this.#lanes = lanes;
  }

  /**
   * Starts workers and hands them the common data.
   *
   * @param kind What the workers do
   * @param shared Common data: copied once to each worker, arrays over a `SharedArrayBuffer` not at all
   * @param workers Number of workers, from 0; with 0 the tasks run in the calling thread
   * @throws {RangeError} If `workers` is not an integer from 0
   */
  static async start<Shared, Task, Result>(
    kind: WorkerKind<Shared, Task, Result>,
    shared: Shared,
    workers: number = defaultWorkerCount(),
  ): Promise<WorkerPool<Task, Result>> {
    if (!Number.isInteger(workers) || workers < 0) {
      throw new RangeError(
        `Cannot start a pool: workers must be an integer from 0, current value is ${workers}`,
      );
    }
    if (workers === 0) return new WorkerPool([ownThread(kind.createRunner, shared)]);
    const started = await Promise.allSettled(
      Array.from({ length: workers }, () => startWorker(kind, shared)),
    );
    const lanes = started.flatMap((outcome) => outcome.status === "fulfilled" ? [outcome.value] : []);
    const failed = started.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) {
      for (const lane of lanes) lane.close();
      throw failed.reason;
    }
    return new WorkerPool(lanes);
  }

  /**
   * Does `count` tasks. A free worker gets the next task; while workers are busy one task is prepared ahead.
   *
   * @param count Number of tasks
   * @param taskOf Makes task `index`; may be asynchronous (reading an image)
   * @param options Callbacks and signal
   * @returns Results by task number, where they are kept
   * @throws {ClosedError} If the pool is closed
   * @throws {StoppedError} If the signal was aborted
   * @throws What a task or a callback threw; the pool is closed then
   */
  async run(
    count: number,
    taskOf: (index: number) => Task | Promise<Task>,
    options: RunTasksOptions<Result> = {},
  ): Promise<Result[]> {
    if (this.#closed) throw new ClosedError("Cannot run tasks: the pool is closed");
    if (this.#busy) throw new TypeError("Cannot run tasks: the pool is busy");
    const { signal, what = "The job" } = options;
    this.#busy = true;
    const stop = deferred<never>();
    stop.promise.catch(() => {});
    const onAbort = () => stop.reject(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    try {
      throwIfStopped(signal, what);
      const work = options.shared && processGroup().size > 1
        ? this.#share(count, taskOf, options)
        : this.#work(count, taskOf, options);
      return await Promise.race([work, stop.promise]);
    } catch (error) {
      this.close();
      throwIfStopped(signal, what);
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#busy = false;
    }
  }

  /** Ends the workers at once. */
  close(): void {
    this.#closed = true;
    for (const lane of this.#lanes) lane.close();
  }

  /** Rounds of tasks of which each process does its share, then hands on the results. */
  async #share(
    count: number,
    taskOf: (index: number) => Task | Promise<Task>,
    { onResult, signal, keep = true }: RunTasksOptions<Result>,
  ): Promise<Result[]> {
    const group = processGroup(), { rank, size, exchange } = group;
    const results: Result[] = [];
    const round = size * Math.max(TASKS_A_ROUND, this.#lanes.length);
    for (let first = 0; first < count && !this.#closed && !signal?.aborted; first += round) {
      const length = Math.max(0, Math.ceil((Math.min(round, count - first) - rank) / size));
      setProcessGroup(ALONE); // a task shares nothing, whether a worker does it or this thread
      const own = await this.#work(length, (k) => taskOf(first + k * size + rank), { signal })
        .finally(() => setProcessGroup(group));
      if (signal?.aborted) break; // the results of this round are not complete
      const shares = exchange(own);
      for (let index = first; index < Math.min(first + round, count); index++) {
        const result = shares[(index - first) % size][Math.floor((index - first) / size)];
        if (keep) results.push(result);
        await onResult?.(index, result);
      }
    }
    return results;
  }

  async #work(
    count: number,
    taskOf: (index: number) => Task | Promise<Task>,
    { onResult, onReport, signal, keep = true }: RunTasksOptions<Result>,
  ): Promise<Result[]> {
    const results: Result[] = keep ? new Array<Result>(count) : [];
    const tasks = preparedAhead(count, taskOf);
    await Promise.all(this.#lanes.map(async (lane) => {
      for (let next = tasks(); next !== undefined && !this.#closed && !signal?.aborted; next = tasks()) {
        const task = await next.task;
        if (this.#closed) return;
        const { index } = next, result = await lane.run(task, (report) => onReport?.(index, report));
        if (keep) results[index] = result;
        await onResult?.(index, result);
      }
    }));
    return results;
  }
}

/** A promise with what settles it. */
interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void, reject!: (reason: unknown) => void;
  const promise = new Promise<T>((...settle) => [resolve, reject] = settle);
  return { promise, resolve, reject };
}

/** Hands out tasks in order; the task after the one that is handed out is already being made. */
function preparedAhead<Task>(count: number, taskOf: (index: number) => Task | Promise<Task>) {
  let made = 0;
  const make = () => {
    if (made >= count) return undefined;
    const index = made++;
    const task = (async () => await taskOf(index))();
    task.catch(() => {}); // awaited by whoever takes it
    return { index, task };
  };
  let ahead: ReturnType<typeof make>;
  return () => {
    const next = ahead ?? make();
    ahead = make();
    return next;
  };
}

function ownThread<Shared, Task, Result>(
  createRunner: RunnerFactory<Shared, Task, Result>,
  shared: Shared,
): Lane<Task, Result> {
  const runner = createRunner(shared);
  return {
    async run(task, onReport) {
      await new Promise((resolve) => setTimeout(resolve)); // lets signals and timers through
      return await runner(task, onReport);
    },
    close() {},
  };
}

async function startWorker<Shared, Task, Result>(
  { module, worker: own }: WorkerKind<Shared, Task, Result>,
  shared: Shared,
): Promise<Lane<Task, Result>> {
  const worker = new Worker(own ?? new URL("./task_worker.ts", import.meta.url), { type: "module" });
  let pending: Deferred<Result | undefined> | undefined;
  let tell: ((report: unknown) => void) | undefined; // where reports of the task that runs go
  let broken: Error | undefined; // what ended the worker, for the next task if none was running
  worker.onmessage = ({ data }: MessageEvent<WorkerAnswer<Result>>) => {
    if (data.kind === "report") tell?.(data.report);
    else if (data.kind === "error") pending?.reject(errorFrom(data));
    else pending?.resolve(data.kind === "result" ? data.result : undefined);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    broken = new Error(event.message);
    pending?.reject(broken);
  };
  const ask = (message: PoolMessage<Shared, Task>) => {
    pending = deferred();
    if (broken) pending.reject(broken);
    else worker.postMessage(message);
    return pending.promise;
  };
  try {
    await ask({ kind: "setup", module: module.href, shared });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    run(task, onReport) {
      tell = onReport;
      return ask({ kind: "task", task }) as Promise<Result>;
    },
    close: () => worker.terminate(),
  };
}
