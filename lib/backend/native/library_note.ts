/**
 * The note `library.json` in `cache/native/`: which library the native backend opens, and how its files looked.
 *
 * @module
 */
import * as v from "valibot";
import { messageOf, UserError } from "../../core/errors.ts";

/** Folder of the native library, relative to the project's folder. */
export const NATIVE_FOLDER = "cache/native";

/** One library file as it was when it was noted: size, SHA-256 (unpacked files only), time of change in ms. */
const fileSchema = v.object({
  name: v.string(),
  bytes: v.number(),
  sha256: v.nullable(v.string()),
  modified: v.nullable(v.number()),
});

const noteSchema = v.object({
  source: v.picklist(["wheel", "python"]),
  version: v.string(),
  folder: v.string(),
  files: v.pipe(v.array(fileSchema), v.minLength(1)),
});

/** Where the library lies (`folder`: relative to the note, or absolute) and its files, the one to open first. */
export interface LibraryNote extends v.InferOutput<typeof noteSchema> {}

const notePath = (nativeFolder: string): string => `${nativeFolder}/library.json`;

/**
 * Reads the note.
 *
 * @returns The note, or null if there is none
 * @throws {UserError} If the note cannot be understood
 */
export async function readLibraryNote(nativeFolder: string): Promise<LibraryNote | null> {
  const path = notePath(nativeFolder);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  try {
    return v.parse(noteSchema, JSON.parse(text));
  } catch (error) {
    throw new UserError(
      `Cannot read ${path}: ${messageOf(error)}; run \`deno task setup --force\` to make it again.`,
    );
  }
}

/** Writes the note under a temporary name and renames it. */
export async function writeLibraryNote(nativeFolder: string, note: LibraryNote): Promise<void> {
  const path = notePath(nativeFolder), temporary = `${path}.${Deno.pid}.partial`;
  await Deno.writeTextFile(temporary, JSON.stringify(note, null, 2) + "\n");
  await Deno.rename(temporary, path);
}
