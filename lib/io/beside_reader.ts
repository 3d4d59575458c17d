/**
 * Files that a mesh names, which must lie in its folder.
 *
 * @module
 */
import { dirname, join, resolve } from "@std/path";
import { sizeText } from "../core/number_text.ts";
import type { ReadBeside } from "./gltf_document.ts";

/** Largest file that is read, bytes. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * Reads files by the names that a mesh has for them.
 *
 * @param path Path of the mesh
 * @returns The reader; it throws a `SyntaxError` for what is missing, too large or outside of the folder
 */
export function besideReader(path: string): ReadBeside {
  const folder = dirname(path);
  return async (uri) => {
    const file = join(folder, uri);
    if (/^[a-z][a-z0-9+.-]*:/i.test(uri) || !resolve(file).startsWith(resolve(folder) + "/")) {
      throw new SyntaxError(
        `its data lies outside of its folder (${uri.slice(0, 80)}): export it as one GLB file`,
      );
    }
    const { size } = await Deno.stat(file).catch(() => {
      throw new SyntaxError(`its data is to lie in ${file}, where there is no such file`);
    });
    if (size > MAX_FILE_BYTES) {
      throw new SyntaxError(`its data ${file} has more than ${sizeText(MAX_FILE_BYTES)}`);
    }
    return await Deno.readFile(file);
  };
}
