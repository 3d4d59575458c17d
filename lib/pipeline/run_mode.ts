/**
 * The mode of a training run: by flag, by its stored settings, by its name.
 *
 * @module
 */
import { resolveMode } from "../core/mode.ts";
import { ganFolder, type Mode, reconstructionFolder } from "../core/paths.ts";
import { hasRun, readRunSettings } from "../training/run_settings.ts";

/**
 * Decides a run's mode.
 *
 * @param name Name of the run
 * @param stage Which run of that name
 * @param flag The `--mode` flag
 * @param fallback Mode where nothing says one
 * @param onMessage Told when the flag overrules the name
 * @throws {UserError} If nothing says the mode
 */
export async function resolveRunMode(
  name: string,
  stage: "reconstruction" | "gan",
  flag: string | undefined,
  fallback?: Mode,
  onMessage?: (sentence: string) => void,
): Promise<Mode> {
  const folder = stage === "gan" ? ganFolder(name) : reconstructionFolder(name);
  const stored = await hasRun(folder) ? (await readRunSettings(folder)).mode as Mode | undefined : undefined;
  return resolveMode({ name, flag, stored, fallback }, onMessage);
}
