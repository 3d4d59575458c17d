/**
 * Masks of photographs by a model, the way `--masks auto` makes them; run in a worker.
 *
 * @module
 */
import type { BackgroundRemoval } from "../lib/datasets/background_removal/plain_background.ts";
import { maskOfObject } from "../lib/datasets/background_removal/model_mask.ts";
import { ObjectModel } from "../lib/datasets/background_removal/object_model.ts";
import type { ByteImage } from "../lib/io/byte_image.ts";
import { openImageModel } from "../lib/vision/image_model.ts";
import type { OnnxRuntime } from "../lib/vision/onnx_session.ts";

/** What the worker begins with. */
export interface MaskSetup {
  /** Address of the program that runs models. */
  readonly program: string;
  /** Its WebAssembly. */
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** Name of the model, for messages. */
  readonly title: string;
  /** The model's file. */
  readonly model: Uint8Array<ArrayBuffer>;
}

/** A task: the photograph, `[H, W, C]`. */
export interface MaskTask {
  /** The photograph. */
  readonly image: ByteImage;
}

/** Most threads of a model: more gain little. */
const MOST_THREADS = 4;

/** The settings of onnxruntime-web that are used here. */
interface WebRuntime extends OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number; wasmBinary?: ArrayBuffer } };
}

/** Opens the model and makes the function that finds the object of one photograph. */
export async function createRunner(
  { program, wasm, title, model }: MaskSetup,
): Promise<(task: MaskTask, report: (share: number) => void) => Promise<BackgroundRemoval>> {
  const runtime: WebRuntime = await import(program);
  const { wasm: settings } = runtime.env;
  settings.wasmBinary = wasm.buffer;
  const hasThreads = "crossOriginIsolated" in self && self.crossOriginIsolated === true;
  settings.numThreads = hasThreads ? Math.min(MOST_THREADS, navigator.hardwareConcurrency ?? 1) : 1;
  const file = { place: title, source: model, read: () => Promise.resolve(model) };
  const opened = await ObjectModel.open(
    await hashOf(model),
    (options) => openImageModel(runtime, file, options),
  );
  return async ({ image }, report) => {
    const found = await opened.find(image);
    report(0.7);
    return maskOfObject(found, image);
  };
}

/** SHA-256, hexadecimal; "" where pages without https may not compute it. */
async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (!globalThis.crypto?.subtle) return "";
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
