/**
 * Where the files and folders lie that flags name.
 *
 * @module
 */
import { isAbsolute, join } from "@std/path";
import type { FlagTable } from "./flag_table.ts";

/**
 * Finds what flags name: a path that leads nowhere from the project's folder, in which tasks run, is taken from the folder
 * that the command was typed in. Names that hold a comma are put together again.
 *
 * @param values Values of options by field
 * @param table The flags
 * @returns The values, paths as they can be opened
 */
export async function findInputs<T extends object>(values: T, table: FlagTable): Promise<T> {
  const found = { ...values } as Record<string, unknown>;
  for (const { field: key, reads, neutral } of Object.values(table)) {
    const value = found[key];
    if (!reads || neutral) continue;
    if (typeof value === "string") found[key] = await findInput(value);
    if (Array.isArray(value)) found[key] = await Promise.all((await joinNames(value)).map(findInput));
  }
  return found as T;
}

/** Finds one file or folder, see {@link findInputs}. */
export async function findInput(path: string): Promise<string> {
  const typedIn = Deno.env.get("INIT_CWD") ?? Deno.cwd();
  if (typedIn === Deno.cwd() || isAbsolute(path) || await exists(path)) return path;
  return join(typedIn, path); // which the message names if there is nothing, either
}

/** Parts of a list that are files only when they are put together with their comma. */
async function joinNames(parts: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (let start = 0; start < parts.length;) {
    let end = start + 1;
    for (let last = parts.length; last > end; last--) {
      if (await isThere(parts.slice(start, last).join(","))) end = last;
    }
    names.push(parts.slice(start, end).join(","));
    start = end;
  }
  return names;
}

async function isThere(path: string): Promise<boolean> {
  return await exists(await findInput(path));
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
