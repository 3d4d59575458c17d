/**
 * What a folder of pseudo-ground-truth was made from, so that files of two origins never mix.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { writeJsonAtomic } from "../io/atomic_file.ts";
import { readJson } from "../io/json_file.ts";

/** Origin of a folder's files. */
export interface Recipe {
  /** Name of the data set. */
  dataset: string;
  /** Kind of the network. */
  network: string;
  /** Check sum of its weights. */
  weights: string;
  /** Check sum of the poses. */
  poses: string;
  /** Side of the maps, texels. */
  resolution: number;
  /** Side of the projected pictures, pixels. */
  projectionResolution: number;
}

const RECIPE = v.record(v.string(), v.union([v.string(), v.number()]));

/**
 * Opens a folder: writes the recipe if it is new, checks it if there are files already.
 *
 * @param folder Folder of the files
 * @param recipe Origin of the files to be made
 * @param overwrite Whether files of another origin are removed
 * @throws {UserError} If the folder holds files of another origin
 */
export async function openFolder(folder: string, recipe: Recipe, overwrite: boolean): Promise<void> {
  const path = join(folder, "settings.json");
  if (await exists(path)) {
    const stored = await readJson(path, RECIPE, "settings of the pseudo-ground-truth");
    const different = Object.entries(recipe).find(([name, value]) => stored[name] !== value);
    if (!different) return;
    if (!overwrite) {
      const [name, value] = different;
      throw new UserError(
        `Cannot add to ${folder}: its ${name} is ${
          stored[name]
        }, current value is ${value}; give --overwrite to ` +
          `make all files anew.`,
      );
    }
  }
  await removeFiles(folder);
  await writeJsonAtomic(path, recipe);
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

/** Removes the files that this stage makes, and nothing else that may lie in the folder. */
async function removeFiles(folder: string): Promise<void> {
  if (!await exists(folder)) return;
  for await (const { name } of Deno.readDir(folder)) {
    if (/^(\d+\.safetensors|skipped\.json)$/.test(name)) await Deno.remove(join(folder, name));
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
