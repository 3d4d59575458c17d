/**
 * What commands ask of runs that are there already.
 *
 * @module
 */
import { UserError } from "../lib/core/errors.ts";
import { UNKNOWN_DATASET } from "../lib/gan/gan_settings.ts";
import { ganFolder, reconstructionFolder } from "../lib/core/paths.ts";
import {
  hasRun,
  readRunSettings,
  type RunSettings,
  settingsDifference,
} from "../lib/training/run_settings.ts";

/** Which kind of run. */
export type RunStage = "reconstruction" | "gan";

const TASKS = { reconstruction: "reconstruct", gan: "train_gan" } as const;

/** Settings of a run; empty if there is none yet. */
export async function storedSettings(stage: RunStage, name: string): Promise<RunSettings> {
  const folder = folderOf(stage, name);
  return await hasRun(folder) ? await readRunSettings(folder) : {};
}

/**
 * Makes sure that a run is there, and that given settings are the ones that it was trained with.
 *
 * @param stage Which kind of run
 * @param name Its name
 * @param given Settings of now by name in camelCase; undefined ones are not compared
 * @throws {UserError} If there is no run of that name, or a setting differs
 */
export async function requireRun(
  stage: RunStage,
  name: string,
  given: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const folder = folderOf(stage, name);
  if (!await hasRun(folder)) {
    const others = await runNames(stage);
    const found = others.length > 0 ? `; the runs there are: ${others.join(", ")}` : "";
    throw new UserError(
      `There is no run "${name}" (${folder}): train it first with deno task ${
        TASKS[stage]
      } --name ${name}${found}.`,
    );
  }
  const stored = await readRunSettings(folder);
  const entries = Object.entries(given).filter(([setting, value]) =>
    value !== undefined && !(setting === "dataset" && stored.dataset === UNKNOWN_DATASET)
  );
  const difference = settingsDifference(folder, stored, Object.fromEntries(entries));
  if (difference === null) return;
  throw new UserError(
    `Cannot use the run "${name}": ${difference}; leave the flag out, or name another run.`,
  );
}

function folderOf(stage: RunStage, name: string): string {
  return stage === "gan" ? ganFolder(name) : reconstructionFolder(name);
}

async function runNames(stage: RunStage): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folderOf(stage, "."))) {
      if (isDirectory && await hasRun(folderOf(stage, name))) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}
