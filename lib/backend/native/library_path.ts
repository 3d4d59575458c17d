/**
 * Finds the TensorFlow library: `TEXMESH_LIBTENSORFLOW`, else what setup noted in `cache/native/`.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { UserError } from "../../core/errors.ts";
import { hashFile } from "./file_hash.ts";
import { checkLibraryHeader } from "./library_check.ts";
import { type LibraryNote, NATIVE_FOLDER, readLibraryNote, writeLibraryNote } from "./library_note.ts";
import { currentPlatform, libraryFiles } from "./platforms.ts";

/** Environment variable with the path of the library, or of the folder that holds it. */
export const LIBRARY_VARIABLE = "TEXMESH_LIBTENSORFLOW";

/** A library that was found and looks sound. */
export interface LibraryPlace {
  /** Path of the file to open. */
  readonly path: string;
  /** Who named it. */
  readonly source: "environment" | "wheel" | "python";
  /** TensorFlow's version as noted at setup; null if unknown until it is loaded. */
  readonly version: string | null;
}

/**
 * Finds the library and checks its files (headers, sizes, and the SHA-256 of files that changed since setup).
 *
 * @param nativeFolder Folder of setup's note
 * @returns The place, or null if no library was ever set up
 * @throws {UserError} If a library is named but missing, cut short, changed or of another kind
 */
export async function findLibrary(nativeFolder: string = NATIVE_FOLDER): Promise<LibraryPlace | null> {
  const named = Deno.env.get(LIBRARY_VARIABLE);
  if (named) return await fromEnvironment(named);
  const note = await readLibraryNote(nativeFolder);
  if (note === null) return null;
  const folder = note.source === "python" ? note.folder : join(nativeFolder, note.folder);
  await checkNotedFiles(nativeFolder, folder, note);
  return { path: join(folder, note.files[0].name), source: note.source, version: note.version };
}

async function fromEnvironment(named: string): Promise<LibraryPlace> {
  const isFolder = await Deno.stat(named).then((info) => info.isDirectory, () => false);
  const path = isFolder ? join(named, libraryFiles(currentPlatform())[0]) : named;
  const exists = await Deno.stat(path).then(() => true, () => false);
  if (!exists) {
    throw new UserError(
      `Cannot find the TensorFlow library: ${LIBRARY_VARIABLE} is ${named}, and ${path} does not exist. ` +
        `Correct the variable, or unset it and run \`deno task setup\`.`,
    );
  }
  await checkLibraryHeader(path);
  for (const name of libraryFiles(currentPlatform()).slice(1)) { // what it opens itself, if it lies beside it
    const companion = join(dirname(path), name);
    if (await Deno.stat(companion).then(() => true, () => false)) await checkLibraryHeader(companion);
  }
  return { path, source: "environment", version: null };
}

async function checkNotedFiles(nativeFolder: string, folder: string, note: LibraryNote): Promise<void> {
  let touched = false;
  for (const file of note.files) {
    const path = join(folder, file.name);
    await checkLibraryHeader(path);
    const { size, mtime } = await Deno.stat(path);
    const modified = mtime?.getTime() ?? null;
    const sizeIsRight = size === file.bytes;
    if (sizeIsRight && modified === file.modified) continue;
    const sha256 = sizeIsRight && file.sha256 !== null ? await hashFile(path) : file.sha256;
    if (!sizeIsRight || sha256 !== file.sha256) {
      throw new UserError(
        `Cannot use the TensorFlow library ${path}: it is not the file that setup noted (${size} bytes, noted ${file.bytes}` +
          `${
            sizeIsRight ? `, SHA-256 ${sha256}, noted ${file.sha256}` : ""
          }); run \`deno task setup --force\`.`,
      );
    }
    file.modified = modified;
    touched = true;
  }
  // The note saves the next start the hashing; where it cannot be written, the file is hashed again.
  if (touched) await writeLibraryNote(nativeFolder, note).catch(() => {});
}
