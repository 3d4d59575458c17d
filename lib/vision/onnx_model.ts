/**
 * Models in files of ONNX's format that take one image, run by the optional package onnxruntime-node.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { refuseForeign } from "../io/foreign_content.ts";
import {
  IMAGE_MODEL_DEFAULTS,
  type ImageModel,
  type ImageModelOptions,
  openImageModel,
} from "./image_model.ts";
import { loadOnnxRuntime } from "./onnx_runtime.ts";

/** Options of {@link loadOnnxModel}. */
export interface OnnxModelOptions extends ImageModelOptions {
  /** Whether the package that runs models may be downloaded where it is not there. */
  fetch?: boolean;
}

/** Defaults of {@link OnnxModelOptions}. */
export const ONNX_MODEL_DEFAULTS = {
  ...IMAGE_MODEL_DEFAULTS,
  fetch: false,
} as const satisfies Required<OnnxModelOptions>;

/**
 * Loads a model.
 *
 * @param path File
 * @param options How it is run
 * @returns The model
 * @throws {UserError} If the package cannot be had, or the file is missing, damaged or takes something other than a
 * image of floats
 */
export async function loadOnnxModel(path: string, options: OnnxModelOptions = {}): Promise<ImageModel> {
  const { fetch, ...settings } = { ...ONNX_MODEL_DEFAULTS, ...options };
  const head = await readHead(path).catch(() => {
    throw new UserError(`Cannot load the model ${path}: there is no such file`);
  });
  refuseForeign(head, path);
  const file = { place: path, source: path, read: () => Deno.readFile(path) };
  return await openImageModel(await loadOnnxRuntime(fetch), file, settings);
}

/** The beginning of a file. */
async function readHead(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const head = new Uint8Array(512);
  return head.subarray(0, await file.read(head) ?? 0);
}
