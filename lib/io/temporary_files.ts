/**
 * Temporary files of processes that were killed while they wrote.
 *
 * @module
 */
import { join } from "@std/path";
import { isWriter } from "../core/process_group.ts";

/** Names of `writeFileAtomic`'s temporary files: target, process, number. */
const TEMPORARY = /\.(\d+)-\d+\.partial$/;

/**
 * Removes the temporary files of other processes below a folder. Only for folders that one process at a time works on,
 * such as that of a run.
 *
 * @param folder The folder; if it is not there, nothing is done
 * @returns Number of files that were removed
 */
export async function removeTemporaryFiles(folder: string): Promise<number> {
  if (!isWriter()) return 0;
  let removed = 0;
  try {
    for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (isDirectory) removed += await removeTemporaryFiles(path);
      const process = TEMPORARY.exec(name)?.[1];
      if (!isFile || process === undefined || Number(process) === Deno.pid) continue;
      await Deno.remove(path);
      removed++;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
  }
  return removed;
}
