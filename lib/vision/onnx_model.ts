/**
 * Models in files of ONNX's format that take one image, run by the optional package onnxruntime-node.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { refuseForeign } from "../io/foreign_content.ts";
import { type ImageModel, type ImageModelOptions, openImageModel } from "./image_model.ts";
import { loadOnnxRuntime } from "./onnx_runtime.ts";

/**
 * Loads a model.
 *
 * @param path File
 * @param options How it is run; `fetch`: whether the package that runs models may be downloaded where it is not
 *   there, false by default
 * @returns The model
 * @throws {UserError} If the package cannot be had, or the file is missing, damaged or takes something other than a
 * image of floats
 */
export async function loadOnnxModel(
  path: string,
  { fetch = false, ...settings }: ImageModelOptions & { readonly fetch?: boolean } = {},
): Promise<ImageModel> {
  const head = await readHead(path).catch((cause) => {
    throw new UserError(`Cannot load the model ${path}: there is no such file`, { cause });
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
