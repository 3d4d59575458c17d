/**
 * Renderers for Python, as a process that is asked round by round.
 *
 * @module
 */
import { TextLineStream } from "./text_lines.ts";

/** A running peer: one line of JSON in, one out. */
export class PythonPeer<Request, Answer> {
  readonly #name: string;
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;

  private constructor(name: string, process: Deno.ChildProcess) {
    this.#name = name;
    this.#process = process;
    this.#writer = process.stdin.getWriter();
    this.#lines = process.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
      .getReader();
  }

  /**
   * Starts a peer where Python and it are installed and may be run.
   *
   * @param name Name of the peer, and how it is installed
   * @param script File of this folder
   * @param args Its arguments
   * @returns The peer, or why there is none
   */
  static async start<Request, Answer>(
    [name, install]: readonly [name: string, install: string],
    script: string,
    args: readonly string[],
  ): Promise<PythonPeer<Request, Answer> | string> {
    const { state } = await Deno.permissions.query({ name: "run", command: "python3" });
    if (state !== "granted") return "python3 may not be run (--allow-run=python3)";
    const command = new Deno.Command("python3", {
      args: [new URL(`./${script}`, import.meta.url).pathname, ...args],
      env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    });
    try {
      const peer = new PythonPeer<Request, Answer>(name, command.spawn());
      if ((await peer.#lines.read()).done) {
        await peer.stop();
        return `${name} is not installed (${install})`;
      }
      return peer;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "there is no python3";
      throw error;
    }
  }

  /** Asks for one answer. */
  async measure(request: Request): Promise<Answer> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    const { value, done } = await this.#lines.read();
    if (done) throw new Error(`The peer ${this.#name} ended in the middle of a round`);
    return JSON.parse(value);
  }

  /** Ends the peer. */
  async stop(): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#process.status;
  }
}
