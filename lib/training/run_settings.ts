/**
 * The settings of a run, kept as `settings.json` beside its checkpoints.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { agree } from "../core/process_group.ts";
import { writeJsonAtomic } from "../io/atomic_file.ts";
import { removeTemporaryFiles } from "../io/temporary_files.ts";
import { readJson } from "../io/json_file.ts";
import { exists } from "../io/exists.ts";

/** Settings by name in camelCase; anything that JSON holds. */
export type RunSettings = Readonly<Record<string, unknown>>;

/** What settings were before runs stored them, by stage. */
const BEFORE_STORED: Readonly<Record<string, RunSettings>> = {
  reconstruction: { maskTarget: "plain" },
  gan: { heldOut: 0 },
};

/** File of a run's settings. */
export function settingsFile(folder: string): string {
  return join(folder, "settings.json");
}

/** Writes the settings of a run, atomically. */
export async function writeRunSettings(folder: string, settings: RunSettings): Promise<void> {
  await writeJsonAtomic(settingsFile(folder), settings);
}

/**
 * Reads the settings of a run. Settings that an older run did not store have the value that they had then.
 *
 * @throws {UserError} If the file is missing or is not a JSON object
 */
export async function readRunSettings(folder: string): Promise<Record<string, unknown>> {
  const schema = v.record(v.string(), v.unknown());
  const settings = await readJson(settingsFile(folder), schema, "settings of the run");
  const unsaid = Object.entries(BEFORE_STORED[String(settings.stage)] ?? {}).filter(([name]) =>
    !(name in settings)
  );
  return { ...settings, ...Object.fromEntries(unsaid) }; // in the order of the file, which is written again
}

/** Whether a folder holds a run. */
export async function hasRun(folder: string): Promise<boolean> {
  return await exists(settingsFile(folder));
}

/**
 * Compares given settings with the stored ones of a resumed run.
 *
 * @param folder Folder of the run, for the message
 * @param stored Settings of the run
 * @param given Settings of now
 * @param free Names that may differ
 * @throws {UserError} If a setting differs: with flag, stored and given value
 */
export function checkRunSettings(
  folder: string,
  stored: RunSettings,
  given: RunSettings,
  free: readonly string[],
): void {
  const difference = settingsDifference(folder, stored, given, free);
  if (difference === null) return;
  throw new UserError(
    `Cannot resume the run in ${folder}: ${difference}; give the stored value, or start a run of another name.`,
  );
}

/**
 * The first setting that differs from the stored ones, in words: name, stored and given value; null if none does.
 *
 * @param folder Folder of the run
 * @param stored Settings of the run
 * @param given Settings of now
 * @param free Names that may differ
 */
export function settingsDifference(
  folder: string,
  stored: RunSettings,
  given: RunSettings,
  free: readonly string[] = [],
): string | null {
  for (const [name, value] of Object.entries(given)) {
    if (free.includes(name) || !(name in stored)) continue;
    const before = JSON.stringify(stored[name]), now = JSON.stringify(value ?? null);
    if (before === now) continue;
    return `'${name}' is ${before} in ${settingsFile(folder)}, current value is ${now}`;
  }
  return null;
}

/**
 * Decides whether a run starts or is resumed.
 *
 * @param folder Folder of the run
 * @param settings Settings of now
 * @param options `continueTrain` resumes, `overwrite` starts from scratch, `free` may differ from the stored ones
 * @returns "resume" if there is a run and it is resumed, else "start"; either way the settings of now are stored
 * @throws {UserError} If there is a run and neither is wanted, or if settings differ
 */
export function openRun(
  folder: string,
  settings: RunSettings,
  options: { continueTrain: boolean; overwrite: boolean; free: readonly string[] },
): Promise<"start" | "resume"> {
  return agree(async () => {
    if (await hasRun(folder)) {
      if (options.continueTrain) {
        const stored = await readRunSettings(folder);
        checkRunSettings(folder, stored, settings, options.free);
        await removeTemporaryFiles(folder);
        await writeRunSettings(folder, { ...stored, ...settings });
        return "resume";
      }
      if (!options.overwrite) {
        throw new UserError(
          `Cannot start a run in ${folder}: there is one already; resume it ('continueTrain'), ` +
            `replace it ('overwrite') or take another name.`,
        );
      }
      await Deno.remove(folder, { recursive: true });
    }
    await writeRunSettings(folder, settings);
    return "start";
  });
}
