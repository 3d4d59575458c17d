/**
 * Opening models of main objects in files.
 *
 * @module
 */
import { hashFile } from "../../backend/native/file_hash.ts";
import { loadOnnxModel } from "../../vision/onnx_model.ts";
import { VISION_MODELS } from "../../vision/vision_model.ts";
import { ObjectModel, type ObjectModelOptions } from "./object_model.ts";

/**
 * Opens a model, see {@link ObjectModel.open}.
 *
 * @param path File in ONNX's format
 * @param options How images are brought to it
 * @throws {UserError} If the file or the package that runs it is missing or cannot be used
 */
export async function openObjectModel(path: string, options: ObjectModelOptions = {}): Promise<ObjectModel> {
  const size = (await Deno.stat(path).catch(() => null))?.size;
  const mayBeKnown = VISION_MODELS.some(({ bytes }) => bytes === size);
  const sha256 = mayBeKnown ? await hashFile(path) : "";
  return await ObjectModel.open(sha256, (settings) => loadOnnxModel(path, settings), options);
}
