/**
 * Files that a report shows where they are.
 *
 * @module
 */

/** What `read` returns for a file, or null if there is no such file. */
export async function readIfThere<T>(path: string, read: (path: string) => Promise<T>): Promise<T | null> {
  return await isThere(path) ? await read(path) : null;
}

/** Whether a file or folder is there. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
