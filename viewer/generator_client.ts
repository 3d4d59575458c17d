/**
 * The page's side of the generator's worker.
 *
 * @module
 */
import type { ViewerGenerator } from "./server/manifest.ts";
import type { SampleMessage, WorkerMessage, WorkerRequest } from "./messages.ts";

/** A generator that runs in a worker. */
export class GeneratorClient {
  readonly #worker = new Worker("generator_worker.js", { type: "module" });
  readonly #waiting = new Map<number, PromiseWithResolvers<SampleMessage>>();
  #ready = Promise.withResolvers<string>();
  #requests = 0;

  /**
   * Starts the worker and has it load the weights.
   *
   * @param generator The generator of the manifest
   * @param onLoading Told the share of the weights that is there
   */
  constructor(generator: ViewerGenerator, onLoading: (share: number) => void) {
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => this.#take(data, onLoading);
    this.#worker.onerror = (event) =>
      this.#fail(null, event.message || "the generator's program cannot be loaded");
    this.#send({ kind: "load", generator, base: new URL("./", location.href).href });
  }

  /** Resolves when samples can be made, with what computes them. */
  get ready(): Promise<string> {
    return this.#ready.promise;
  }

  /**
   * Makes an object.
   *
   * @param latent Latent code, `[Z]`
   * @param classIndex Class; used with class conditioning only
   */
  generate(latent: Float32Array, classIndex: number): Promise<SampleMessage> {
    const id = this.#requests++, answer = Promise.withResolvers<SampleMessage>();
    this.#waiting.set(id, answer);
    this.#send({ kind: "generate", id, latent, classIndex });
    return answer.promise;
  }

  #send(request: WorkerRequest): void {
    this.#worker.postMessage(request);
  }

  #take(message: WorkerMessage, onLoading: (share: number) => void): void {
    if (message.kind === "loading") onLoading(message.share);
    else if (message.kind === "ready") this.#ready.resolve(message.backend);
    else if (message.kind === "problem") this.#fail(message.id, message.message);
    else {
      this.#waiting.get(message.id)?.resolve(message);
      this.#waiting.delete(message.id);
    }
  }

  #fail(id: number | null, reason: string): void {
    const error = new Error(`The generator does not work here: ${reason}`);
    if (id === null) this.#ready.reject(error);
    for (const [key, answer] of this.#waiting) {
      if (id !== null && key !== id) continue;
      answer.reject(error);
      this.#waiting.delete(key);
    }
  }
}
