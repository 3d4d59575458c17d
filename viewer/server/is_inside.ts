/**
 * Whether a file lies in a folder, links followed.
 *
 * @module
 */
import { dirname, isAbsolute, relative } from "@std/path";

/**
 * Whether a path leads to a place in a folder. Of a file that is not there yet, the nearest folder above it decides.
 *
 * @param folder An existing folder
 * @param path File or folder
 */
export async function isInside(folder: string, path: string): Promise<boolean> {
  const root = await Deno.realPath(folder);
  for (let place = path;;) {
    const real = await Deno.realPath(place).catch(() => null);
    if (real !== null) {
      const way = relative(root, real);
      return way === "" || (!/^\.\.([/\\]|$)/.test(way) && !isAbsolute(way));
    }
    const above = dirname(place);
    if (above === place) return false;
    place = above;
  }
}
