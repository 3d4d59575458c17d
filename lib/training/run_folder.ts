/**
 * A training run in a folder: `settings.json`, `checkpoint_<tag>.safetensors`, `log.txt` and what else it keeps.
 *
 * @module
 */
import { RUN_CONTROL_OPTIONS } from "../core/common_options.ts";
import { type OptionsInput, resolveOptions } from "../core/option.ts";
import { join } from "@std/path";
import { isWriter } from "../core/process_group.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import { hasCheckpoint, loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { hasRun, openRun, readRunSettings, type RunSettings } from "./run_settings.ts";
import type { TrainingRun } from "./training_run.ts";

/** How a run that is kept begins. */
export type RunControl = OptionsInput<typeof RUN_CONTROL_OPTIONS>;

/**
 * A run in a folder. Nothing is read or written before the trainer begins; of several processes one writes.
 *
 * @param folder Folder of the run
 * @param options How it begins; `settings`: what is kept beside the trainer's own settings, such as the mode of
 *   the templates
 */
export function runFolder(
  folder: string,
  { settings: more = {}, ...control }: RunControl & { readonly settings?: RunSettings } = {},
): TrainingRun {
  const { continueTrain, whichEpoch, overwrite } = resolveOptions(RUN_CONTROL_OPTIONS, control);
  return {
    name: folder,
    settings: async () => continueTrain && await hasRun(folder) ? await readRunSettings(folder) : null,
    async begin(settings, free) {
      const mode = await openRun(folder, { ...settings, ...more }, { continueTrain, overwrite, free });
      if (mode === "start") return null;
      const isAsked = whichEpoch !== "latest"; // a missing one is then an error; a run may have no latest one yet
      return isAsked || await hasCheckpoint(folder, "latest")
        ? await loadCheckpoint(folder, whichEpoch)
        : null;
    },
    save: (tag, { arrays, state }) => saveCheckpoint(folder, tag, arrays, state),
    has: (tag) => hasCheckpoint(folder, tag),
    writeArrays: (name, arrays) => writeSafetensors(join(folder, `${name}.safetensors`), arrays),
    readArrays: async (name) => (await readSafetensors(join(folder, `${name}.safetensors`))).arrays,
    async log(line) {
      if (isWriter()) await Deno.writeTextFile(join(folder, "log.txt"), line + "\n", { append: true });
    },
  };
}
