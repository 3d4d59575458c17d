/**
 * A process that answers the requests of the training bench.
 *
 * @module
 */
import { TextLineStream } from "./peers/text_lines.ts";
import type { WorkloadAnswer, WorkloadRequest } from "./train_workloads.ts";

const FOLDER = import.meta.dirname!;

/** One side of a comparison. */
export class Side {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;

  private constructor(command: string, args: string[]) {
    this.#process = new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "inherit" })
      .spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#lines = this.#process.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
  }

  /** Our side. */
  static ours(): Side {
    return new Side(Deno.execPath(), ["run", "-A", "--no-check", `${FOLDER}/train_worker.ts`]);
  }

  /** PyTorch's side. */
  static pyTorch(python: string): Side {
    return new Side(python, [`${FOLDER}/peers/train_torch.py`]);
  }

  /** Runs a workload and waits for its times. */
  async ask(request: WorkloadRequest): Promise<WorkloadAnswer> {
    await this.#writer.write(new TextEncoder().encode(JSON.stringify(request) + "\n"));
    const { value } = await this.#lines.read();
    if (value === undefined) throw new Error(`Cannot measure ${JSON.stringify(request)}: the process ended`);
    return JSON.parse(value);
  }

  /** Ends the process. */
  async close(): Promise<void> {
    await this.#writer.close();
    await this.#process.status;
  }
}

/** Whether this Python has PyTorch. */
export async function hasPyTorch(python: string): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(python, { args: ["-c", "import torch"], stderr: "null" })
      .output();
    return success;
  } catch {
    return false;
  }
}
