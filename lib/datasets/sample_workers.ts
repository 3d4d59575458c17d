/**
 * Workers that read samples as they are asked for, in any order.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { WorkerPool } from "../core/worker_pool.ts";
import type { Sample, SampleTask } from "./dataset.ts";
import { SAMPLE_KIND, type SampleAnswer } from "./sample_task.ts";

/** A worker; each does one task at a time. */
type Lane = WorkerPool<SampleTask, SampleAnswer>;

/** Some workers, and a queue of tasks before them. */
export class SampleWorkers {
  readonly #lanes: readonly Lane[];
  readonly #free: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];

  private constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
    this.#free = [...lanes];
  }

  /**
   * Starts workers.
   *
   * @param count How many, from 1
   */
  static async start(count: number): Promise<SampleWorkers> {
    return new SampleWorkers(
      await Promise.all(Array.from({ length: count }, () => WorkerPool.start(SAMPLE_KIND, null, 1))),
    );
  }

  /**
   * Reads a sample as soon as a worker is free; earlier tasks come first.
   *
   * @param task Which one
   * @throws {UserError} If a file is missing, damaged, or no longer fits the record
   */
  async read(task: SampleTask): Promise<Sample> {
    const lane = this.#free.pop() ?? await new Promise<Lane>((resolve) => this.#waiting.push(resolve));
    let answer: SampleAnswer;
    try {
      [answer] = await lane.run(1, () => task);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(lane);
      else this.#free.push(lane);
    }
    if (answer.kind === "sample") return answer.sample;
    const error = answer.name === "UserError" ? new UserError(answer.message) : new Error(answer.message);
    error.name = answer.name;
    throw error;
  }

  /** Ends the workers at once; tasks under way are never answered. */
  close(): void {
    for (const lane of this.#lanes) lane.close();
  }
}
