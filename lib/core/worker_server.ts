/**
 * The worker's side of `WorkerPool`: `task_worker.ts`, or a module of a bundle, calls `serveTasks`.
 *
 * @module
 */
import { describeError, type ErrorDescription } from "./errors.ts";

/** Does one task, and may tell on the way how far it is. */
export type TaskRunner<Task, Result> = (
  task: Task,
  report: (report: unknown) => void,
) => Result | Promise<Result>;

/** Makes the function that does one task, from the data that all tasks have in common. */
export type RunnerFactory<Shared, Task, Result> = (shared: Shared) => TaskRunner<Task, Result>;

/** What the pool sends to a worker. */
export type PoolMessage<Shared, Task> =
  | { readonly kind: "setup"; readonly module: string; readonly shared: Shared }
  | { readonly kind: "task"; readonly task: Task };

/** What a worker answers, once per message, and before that any number of reports. */
export type WorkerAnswer<Result> =
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "report"; readonly report: unknown }
  | ({ readonly kind: "error" } & ErrorDescription);

interface WorkerScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
}

/**
 * Answers the messages of a `WorkerPool`. A worker module consists of its imports and this call.
 *
 * @param createRunner Called once, with the common data and the address of the kind's module; its result is called for each
 * task
 */
export function serveTasks<Shared, Task, Result>(
  createRunner: (
    shared: Shared,
    module: string,
  ) => TaskRunner<Task, Result> | Promise<TaskRunner<Task, Result>>,
): void {
  const scope = self as unknown as WorkerScope;
  let runner: TaskRunner<Task, Result> | undefined;
  const report = (report: unknown) => scope.postMessage({ kind: "report", report });
  const answer = async (message: PoolMessage<Shared, Task>): Promise<WorkerAnswer<Result>> => {
    if (message.kind === "setup") {
      runner = await createRunner(message.shared, message.module);
      return { kind: "ready" };
    }
    if (runner === undefined) throw new TypeError("Cannot do a task before the setup");
    return { kind: "result", result: await runner(message.task, report) };
  };
  scope.onmessage = async ({ data }) => {
    try {
      scope.postMessage(await answer(data));
    } catch (error) {
      scope.postMessage({ kind: "error", ...describeError(error) });
    }
  };
}
