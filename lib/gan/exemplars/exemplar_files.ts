/**
 * The file of a run's exemplars.
 *
 * @module
 */
import { join } from "@std/path";
import { readSafetensors } from "../../io/safetensors.ts";
import { type Exemplars, exemplarsOf } from "./exemplars.ts";

const FILE = "exemplars.safetensors";

/**
 * Reads the exemplars of a run.
 *
 * @param folder Folder of the run
 * @throws {UserError} If the file is missing or damaged
 */
export async function readExemplars(folder: string): Promise<Exemplars> {
  const path = join(folder, FILE);
  return exemplarsOf((await readSafetensors(path)).arrays, path);
}
