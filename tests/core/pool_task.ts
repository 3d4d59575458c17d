/** What the workers of the pool's tests do. */
import type { WorkerKind } from "../../lib/core/worker_pool.ts";

export interface TestShared {
  readonly table: Float64Array;
  readonly failSetup?: string;
}

export interface TestTask {
  readonly index: number;
  readonly fail?: string;
  readonly hang?: boolean;
  /** Never gives the thread back, once it has reported. */
  readonly spin?: boolean;
  /** Throws outside of the task, a moment later. */
  readonly failLater?: string;
  /** Answers what cannot be sent. */
  readonly odd?: boolean;
}

export function createRunner(
  { table, failSetup }: TestShared,
): (task: TestTask, report: (report: unknown) => void) => Promise<number> | number {
  if (failSetup !== undefined) throw new Error(failSetup);
  return ({ index, fail, hang, spin, failLater, odd }, report) => {
    if (fail !== undefined) throw new RangeError(fail);
    if (spin || hang) report("busy");
    while (spin);
    if (odd) return (() => index) as unknown as number;
    if (failLater !== undefined) {
      setTimeout(() => {
        throw new Error(failLater);
      });
    }
    if (hang) return new Promise(() => {});
    return 2 * table[index];
  };
}

export const TEST_KIND: WorkerKind<TestShared, TestTask, number> = {
  module: new URL(import.meta.url),
  createRunner,
};
