/**
 * Whether there is a file.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";

/**
 * Whether a file or folder is there.
 *
 * @throws {UserError} If a file stands in the place of a folder
 */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.NotADirectory) {
      throw new UserError(
        `Cannot use ${path}: a folder of this path is a file now; rename or remove that file.`,
      );
    }
    throw error;
  }
}
