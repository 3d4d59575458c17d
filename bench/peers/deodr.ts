/**
 * The peer DEODR, a CPU renderer with gradients for Python, as a process that is asked round by round.
 *
 * @module
 */
import { TextLineStream } from "./text_lines.ts";

/** One round of the peer. */
export interface PeerRound {
  /** Milliseconds of every image's fastest repeat. */
  readonly ms: readonly number[];
  /** Mean loss. */
  readonly loss: number;
}

/** What a round renders. */
export interface PeerRequest {
  /** Rows and columns. */
  readonly size: number;
  /** The textured image instead of the silhouette. */
  readonly textured: boolean;
  /** Repeats after the one to warm up. */
  readonly repeats: number;
}

/** The running peer. */
export class DeodrPeer {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;

  private constructor(process: Deno.ChildProcess) {
    this.#process = process;
    this.#writer = process.stdin.getWriter();
    this.#lines = process.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
      .getReader();
  }

  /**
   * Starts the peer where Python and it are installed and may be run.
   *
   * @param workload Path of raster_workload.npz
   * @returns The peer, or why there is none
   */
  static async start(workload: string): Promise<DeodrPeer | string> {
    const { state } = await Deno.permissions.query({ name: "run", command: "python3" });
    if (state !== "granted") return "python3 may not be run (--allow-run=python3)";
    const script = new URL("./deodr_peer.py", import.meta.url).pathname;
    const command = new Deno.Command("python3", {
      args: [script, workload],
      env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    });
    try {
      const peer = new DeodrPeer(command.spawn());
      if ((await peer.#lines.read()).done) {
        await peer.stop();
        return "deodr is not installed (pip install deodr trimesh)";
      }
      return peer;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "there is no python3";
      throw error;
    }
  }

  /** One round over all images. */
  async measure(request: PeerRequest): Promise<PeerRound> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    const { value, done } = await this.#lines.read();
    if (done) throw new Error("The peer DEODR ended in the middle of a round");
    return JSON.parse(value);
  }

  /** Ends the peer. */
  async stop(): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#process.status;
  }
}
