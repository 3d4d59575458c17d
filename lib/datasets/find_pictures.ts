/**
 * Picture files of a folder.
 *
 * @module
 */
import { join } from "@std/path";

const PICTURE_NAME = /\.(png|jpe?g|webp|tiff?|avif|gif|bmp|hei[cf])$/i;

/**
 * Picture files of a folder and of the folders in it, by the ending of their names; hidden ones are left out.
 *
 * @param folder Folder
 * @param skip Names of folders in it that are not looked into
 * @returns Paths relative to the folder, with "/", in the order of their characters; empty if there is no such folder
 */
export async function findPictures(folder: string, skip: readonly string[] = []): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (entry.name.startsWith(".")) continue;
    if (PICTURE_NAME.test(entry.name) && !entry.isDirectory) found.push(entry.name);
    else if ((entry.isDirectory || entry.isSymlink) && !skip.includes(entry.name)) {
      for (const inner of await entriesOf(join(folder, entry.name))) {
        if (inner.isDirectory || inner.name.startsWith(".") || !PICTURE_NAME.test(inner.name)) continue;
        found.push(`${entry.name}/${inner.name}`);
      }
    }
  }
  return found.sort();
}

/** Whether a path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  return await isFolder(folder) ? await Array.fromAsync(Deno.readDir(folder)) : [];
}
