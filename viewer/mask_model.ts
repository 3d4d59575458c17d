/**
 * The model that makes masks in the page: that of the manifest, or one that a person opens. Nothing is loaded before the
 * first photograph.
 *
 * @module
 */
import { UserError } from "../lib/core/errors.ts";
import { type WorkerKind, WorkerPool } from "../lib/core/worker_pool.ts";
import type { BackgroundRemoval } from "../lib/datasets/background_removal/plain_background.ts";
import type { ByteImage } from "../lib/io/byte_image.ts";
import { refuseForeign } from "../lib/io/foreign_content.ts";
import type { ViewerVision } from "./server/manifest.ts";
import { fetchBytes } from "./fetch_bytes.ts";
import { addressOf } from "./manifest.ts";
import type { MaskSetup, MaskTask } from "./mask_task.ts";

/** How far the work is. */
export interface MaskProgress {
  /** What is done, in a sentence. */
  readonly doing: string;
  /** Share of the work, 0 to 1. */
  readonly share: number;
}

/** Share of the work that is loading. */
const LOADING = 0.4;

/** Makes masks by a model. */
export class MaskModel {
  readonly #vision: ViewerVision | null;
  #own: { title: string; bytes: Uint8Array<ArrayBuffer> } | null = null;
  #setup: MaskSetup | null = null; // what was loaded
  #pool: WorkerPool<MaskTask, BackgroundRemoval> | null = null;

  /** @param vision What the manifest offers */
  constructor(vision: ViewerVision | null) {
    this.#vision = vision;
  }

  /** What the model is called that is taken; null without one. */
  get title(): string | null {
    return this.#own?.title ?? this.#vision?.model?.title ?? null;
  }

  /** Why no model can be run here, and what to do; null if one can. */
  get lack(): string | null {
    return this.#vision !== null
      ? null
      : "No model can be run, as onnxruntime-web is not beside this page: " +
        "run deno task setup --vision and make the page again with deno task view --create.";
  }

  /**
   * Takes a model of one's own from now on.
   *
   * @throws {UserError} If there is nothing to run it with, or it is no such file
   */
  async open(file: File): Promise<void> {
    if (this.lack !== null) throw new UserError(this.lack);
    const bytes = new Uint8Array(await file.arrayBuffer());
    refuseForeign(bytes, file.name);
    this.#forget();
    this.#own = { title: file.name, bytes };
  }

  /**
   * Finds the main object; loads what is needed when it is needed.
   *
   * @param image The photograph, `[H, W, C]`
   * @param signal Stops it
   * @param onProgress Told how far it is
   * @throws {UserError} If the model cannot be loaded or run
   */
  async find(
    image: ByteImage,
    signal: AbortSignal,
    onProgress: (progress: MaskProgress) => void,
  ): Promise<BackgroundRemoval> {
    const { title } = this;
    try {
      this.#setup ??= await this.#load(signal, onProgress);
      onProgress({ doing: `Starting the model ${title} …`, share: LOADING });
      this.#pool ??= await startWorker(this.#setup);
      signal.throwIfAborted();
      const doing = `The model ${title} looks for the object …`;
      onProgress({ doing, share: LOADING + 0.1 });
      const onReport = (_: number, share: unknown) =>
        onProgress({ doing: "Following its contour by colours …", share: Number(share) });
      const [found] = await this.#pool.run(1, () => ({ image }), { signal, onReport });
      return found;
    } catch (error) {
      this.#pool?.close();
      this.#pool = null; // a worker that was stopped or failed is started again
      throw error;
    }
  }

  /** Loads the runtime and the model, which stay in memory. */
  async #load(signal: AbortSignal, onProgress: (progress: MaskProgress) => void): Promise<MaskSetup> {
    const vision = this.#vision, title = this.title ?? "", offered = this.#own ? null : vision?.model;
    if (vision === null) throw new UserError(this.lack ?? "");
    const total = vision.bytes + (offered?.bytes ?? 0);
    const doing = `Loading ${offered ? `the model ${title} and ` : ""}what runs it, ${
      (total / 1e6).toFixed(0)
    } MB, once …`;
    let loaded = 0;
    const onBytes = (count: number) =>
      onProgress({ doing, share: LOADING * Math.min(1, (loaded += count) / total) });
    onBytes(0);
    const place = (file: string) => new URL(addressOf(file), document.baseURI);
    const [wasm, model] = await Promise.all([
      fetchBytes(place(vision.wasm), onBytes, signal),
      this.#own?.bytes ?? fetchBytes(place(vision.model!.file), onBytes, signal),
    ]);
    return { program: place(vision.program).href, wasm, title, model };
  }

  #forget(): void {
    this.#pool?.close();
    this.#pool = this.#setup = null;
  }
}

async function startWorker(setup: MaskSetup): Promise<WorkerPool<MaskTask, BackgroundRemoval>> {
  const createRunner: WorkerKind<MaskSetup, MaskTask, BackgroundRemoval>["createRunner"] = () => {
    throw new TypeError("Cannot run models in the page itself");
  };
  const worker = new URL("mask_worker.js", document.baseURI);
  return await WorkerPool.start({ module: worker, worker, createRunner }, setup, 1);
}
