/**
 * The log of a pipeline: when each stage began, what it said, and how it ended.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { StoppedError } from "../core/errors.ts";
import { outputFolder } from "../core/paths.ts";
import type { CallbacksOf } from "./pipeline.ts";

/** File of a pipeline's log. */
export function logFile(name: string): string {
  return join(outputFolder(name), "log.txt");
}

/** A log that lines are appended to, each with the time. */
export class PipelineLog {
  readonly #path: string;

  /** Opens the log of a run; an existing one goes on. */
  constructor(name: string) {
    this.#path = logFile(name);
    Deno.mkdirSync(dirname(this.#path), { recursive: true });
  }

  /** Adds a line about a stage. */
  add(stage: string, text: string): void {
    const time = new Date().toISOString().slice(0, 19).replace("T", " ");
    Deno.writeTextFileSync(this.#path, `${time}  ${stage}: ${text}\n`, { append: true });
  }

  /** Adds how a stage failed, with the place in the code. */
  addError(stage: string, error: unknown): void {
    if (error instanceof StoppedError) this.add(stage, "stopped");
    else this.add(stage, error instanceof Error ? error.stack ?? error.message : String(error));
  }

  /** Callbacks whose messages are logged too. */
  watch(callbacksOf: CallbacksOf): CallbacksOf {
    return (stage) => {
      const callbacks = callbacksOf(stage);
      return {
        ...callbacks,
        onMessage: (sentence) => {
          this.add(stage, sentence);
          callbacks.onMessage?.(sentence);
        },
      };
    };
  }
}
