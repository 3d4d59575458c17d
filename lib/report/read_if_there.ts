/**
 * Files that a report shows where they are.
 *
 * @module
 */
import { exists } from "../io/exists.ts";

/** What `read` returns for a file, or null if there is no such file. */
export async function readIfThere<T>(path: string, read: (path: string) => Promise<T>): Promise<T | null> {
  return await exists(path) ? await read(path) : null;
}
