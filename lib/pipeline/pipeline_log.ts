/**
 * The log of a pipeline: when each stage began, what it said, and how it ended.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { StoppedError } from "../core/errors.ts";
import { outputFolder } from "../core/paths.ts";
import type { CallbacksOf } from "./pipeline_request.ts";

/** File of a pipeline's log. */
export function logFile(name: string): string {
  return join(outputFolder(name), "log.txt");
}

/** A log that lines are appended to, each with the time; work continues where it cannot be written. */
export class PipelineLog {
  readonly #path: string;
  #isWritable = true;

  /** The log of a run; an existing one is appended to. */
  constructor(name: string) {
    this.#path = logFile(name);
  }

  /** Where the log is, or why there is none. */
  get place(): string {
    return this.#isWritable ? this.#path : `none, as ${this.#path} cannot be written`;
  }

  /** Adds a line about a stage. */
  add(stage: string, text: string): void {
    if (!this.#isWritable) return;
    const time = new Date().toISOString().slice(0, 19).replace("T", " ");
    try {
      Deno.mkdirSync(dirname(this.#path), { recursive: true });
      Deno.writeTextFileSync(this.#path, `${time}  ${stage}: ${text}\n`, { append: true });
    } catch {
      this.#isWritable = false;
    }
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
