/**
 * Removal of what may not be there.
 *
 * @module
 */

/**
 * Removes a file, or a folder with all that is in it; nothing happens where there is none.
 *
 * @param path What is removed
 */
export async function removeIfThere(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
