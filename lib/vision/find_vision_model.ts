/**
 * Where the vision models lie that setup fetched.
 *
 * @module
 */
import { hashFile } from "../backend/native/file_hash.ts";
import { UserError } from "../core/errors.ts";
import type { VisionModel } from "./vision_model.ts";

/** Folder of vision models, relative to the project's folder. */
export const VISION_FOLDER = "cache/vision";

/**
 * Finds a model.
 *
 * @param model Which one
 * @param folder Folder of vision models
 * @param whole Whether to compare the whole file with its SHA-256, not just its size
 * @returns Its path; null if it was never fetched
 * @throws {UserError} If the file is not the one that setup keeps
 */
export async function findVisionModel(
  { title, file, bytes, sha256 }: VisionModel,
  folder: string = VISION_FOLDER,
  whole = false,
): Promise<string | null> {
  const path = `${folder}/${file}`;
  const info = await Deno.stat(path).catch(() => null);
  if (info === null) return null;
  if (info.size === bytes && (!whole || await hashFile(path) === sha256)) return path;
  throw new UserError(
    `Cannot use the model ${title} in ${path}: it is not the file that setup keeps (${info.size} bytes, that one has ` +
      `${bytes}${info.size === bytes ? ", another SHA-256" : ""}); run \`deno task setup --vision --force\`.`,
  );
}
