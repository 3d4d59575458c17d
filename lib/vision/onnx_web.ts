/**
 * The optional package that runs models in ONNX's format in browsers: the two of its files that are kept.
 *
 * @module
 */
import { join } from "@std/path";
import { hashFile } from "../backend/native/file_hash.ts";
import { UserError } from "../core/errors.ts";
import { VISION_FOLDER } from "./find_vision_model.ts";

/** The package. */
export const ONNX_WEB = {
  package: "onnxruntime-web",
  version: "1.30.0",
  licence: "MIT",
  /** Bytes that are downloaded, with what it asks for; about. */
  downloaded: 35_000_000,
  /** Folder of the package that holds the files. */
  members: "dist",
  /** Folder of the files among the vision models. */
  folder: "onnxruntime-web-1.30.0",
  /** The program, which browsers import, and the WebAssembly that it loads from beside itself. */
  files: [
    {
      file: "ort.wasm.bundle.min.mjs",
      bytes: 73_054,
      sha256: "11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90",
    },
    {
      file: "ort-wasm-simd-threaded.wasm",
      bytes: 14_239_897,
      sha256: "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2",
    },
  ],
} as const;

/** Bytes of the files. */
export const ONNX_WEB_BYTES: number = ONNX_WEB.files.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * Finds the files.
 *
 * @param folder Folder of vision models
 * @param whole Whether to compare the files with their SHA-256, not just their sizes
 * @returns Their folder; null if they were never fetched
 * @throws {UserError} If a file is not the one that setup keeps
 */
export async function findOnnxWeb(folder: string = VISION_FOLDER, whole = false): Promise<string | null> {
  const place = join(folder, ONNX_WEB.folder);
  if (await Deno.stat(place).catch(() => null) === null) return null;
  for (const { file, bytes, sha256 } of ONNX_WEB.files) {
    const path = join(place, file), size = (await Deno.stat(path).catch(() => null))?.size;
    if (size === bytes && (!whole || await hashFile(path) === sha256)) continue;
    const { package: name, version } = ONNX_WEB;
    throw new UserError(
      `Cannot use ${name} ${version}, which runs models in browsers: ${path} is not the file that setup keeps ` +
        `(${size === undefined ? "there is none" : `${size} bytes`}, that one has ${bytes}${
          size === bytes ? ", another SHA-256" : ""
        }); run \`deno task setup --vision --force\`.`,
    );
  }
  return place;
}
