/**
 * Removal of what an earlier call of a stage left.
 *
 * @module
 */
import { join } from "@std/path";
import { messageOf, UserError } from "../core/errors.ts";

/**
 * Removes the files and folders of some names, and nothing else that may lie in a folder.
 *
 * @param folder The folder; it need not be there
 * @param names Names that are removed
 * @throws {UserError} If one cannot be removed
 */
export async function removeMatching(folder: string, names: RegExp): Promise<void> {
  for (const name of namesIn(folder).filter((name) => names.test(name))) {
    const path = join(folder, name);
    await Deno.remove(path, { recursive: true }).catch((error) => {
      throw new UserError(
        `Cannot replace ${path}: ${messageOf(error)}; check the folder's permissions, or remove it`,
        { cause: error },
      );
    });
  }
}

function namesIn(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
