/**
 * Which run is meant where none is named.
 *
 * @module
 */
import { ganFolder } from "../core/paths.ts";
import { settingsFile } from "../training/run_settings.ts";

/**
 * Name of the GAN run that was started last; empty if there is none.
 *
 * @param folder Folder of all runs
 */
export async function newestRun(folder: string = ganFolder(".")): Promise<string> {
  let newest = "", latest = -Infinity;
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (!isDirectory) continue;
      const info = await Deno.stat(settingsFile(`${folder}/${name}`)).catch(() => null);
      const time = info?.mtime?.getTime() ?? -Infinity;
      if (time > latest || (time === latest && name < newest)) [newest, latest] = [name, time];
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return newest;
}
