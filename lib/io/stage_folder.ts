/**
 * Folders that a stage fills with one file a photograph: what they were made from is noted, so that files of two origins
 * never mix.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { writeJsonAtomic } from "./atomic_file.ts";
import { readJson } from "./json_file.ts";
import { exists } from "./exists.ts";
import { removeMatching } from "./remove_matching.ts";

/** Origin of a folder's files: settings by name, and check sums of what they depend on. */
export type Origin = Readonly<Record<string, string | number>>;

/** What kind of folder is opened. */
export interface StageFolder {
  /** What its files are, for messages. */
  readonly what: string;
  /** Names of the files and folders that the stage makes. */
  readonly files: RegExp;
  /** Whether files of another origin are removed. */
  readonly overwrite: boolean;
}

const ORIGIN = v.record(v.string(), v.union([v.string(), v.number()]));

/**
 * Opens a folder: notes the origin if it is new, checks it if there are files already.
 *
 * @param folder Folder of the files
 * @param origin Origin of the files to be made
 * @param kind What kind of folder it is
 * @throws {UserError} If the folder holds files of another origin
 */
export async function openStageFolder(folder: string, origin: Origin, kind: StageFolder): Promise<void> {
  const stored = await readOrigin(folder, kind.what);
  if (stored !== null) {
    const names = [...new Set([...Object.keys(origin), ...Object.keys(stored)])];
    const different = names.find((name) => stored[name] !== origin[name]);
    if (different === undefined) return;
    if (!kind.overwrite) {
      throw new UserError(
        `Cannot add to ${folder}: its ${different} is ${stored[different] ?? "not noted"}, current value is ${
          origin[different] ?? "none"
        }; ` +
          `give 'overwrite' to make all files anew.`,
      );
    }
  }
  await removeMatching(folder, kind.files);
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
