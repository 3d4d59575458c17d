/**
 * Folders that a stage fills with one file a photograph: what they were made from is noted, so that files of two origins
 * never mix.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { agree } from "../core/process_group.ts";
import { writeJsonAtomic } from "./atomic_file.ts";
import { readJson } from "./json_file.ts";
import { exists } from "./exists.ts";
import { removeTemporaryFiles } from "./temporary_files.ts";
import { removeMatching } from "./remove_matching.ts";

/** Origin of a folder's files: settings by name, and check sums of what they depend on. */
export type Origin = Readonly<Record<string, string | number>>;

/** What kind of files lie in a folder. */
export interface StageFiles {
  /** What they are, for messages. */
  readonly what: string;
  /** Names of the files and folders that the stage makes. */
  readonly names: RegExp;
}

const ORIGIN = v.record(v.string(), v.union([v.string(), v.number()]));

/**
 * Notes what files are to be made from if there are none, checks it if there are. Of several processes one does so.
 *
 * @param folder Folder of the files
 * @param origin Origin of the files to be made
 * @param files What kind of files they are
 * @param overwrite Whether files of another origin are removed
 * @throws {UserError} If the folder holds files of another origin, which may not be replaced
 */
export function beginStage(
  folder: string,
  origin: Origin,
  files: StageFiles,
  overwrite: boolean,
): Promise<void> {
  return agree(async () => {
    await openFolder(folder, origin, files, overwrite);
    await removeTemporaryFiles(folder);
  });
}

async function openFolder(
  folder: string,
  origin: Origin,
  { what, names }: StageFiles,
  overwrite: boolean,
): Promise<void> {
  const stored = await readOrigin(folder, what);
  if (stored !== null) {
    const fields = [...new Set([...Object.keys(origin), ...Object.keys(stored)])];
    const different = fields.find((name) => stored[name] !== origin[name]);
    if (different === undefined) return;
    if (!overwrite) {
      throw new UserError(
        `Cannot add to ${folder}: its ${different} is ${stored[different] ?? "not noted"}, current value is ${
          origin[different] ?? "none"
        }; give 'overwrite' to make all files from scratch.`,
      );
    }
  }
  await removeMatching(folder, names);
  await writeJsonAtomic(originFile(folder), origin);
}

/** Where a folder notes what its files were made from. */
export function originFile(folder: string): string {
  return join(folder, "settings.json");
}

/**
 * What the files of a folder were made from; null if there are none.
 *
 * @param folder Folder of the files
 * @param what What its files are, for messages
 */
export async function readOrigin(folder: string, what: string): Promise<Origin | null> {
  const path = originFile(folder);
  return await exists(path) ? await readJson(path, ORIGIN, `settings of the ${what}`) : null;
}

/** Check sum (FNV-1a over 32-bit words) of arrays, as 8 hexadecimal digits. */
export function checkSum(arrays: Iterable<Float32Array | Int32Array>): string {
  let hash = 0x811c9dc5;
  for (const { buffer, byteOffset, length } of arrays) {
    for (const word of new Uint32Array(buffer, byteOffset, length)) {
      hash = Math.imul(hash ^ word, 0x01000193) >>> 0;
      hash = (hash ^ (hash >>> 15)) >>> 0;
    }
  }
  return hash.toString(16).padStart(8, "0");
}
