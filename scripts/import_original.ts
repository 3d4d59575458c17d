/** `deno task import_original`: takes over the original's cache and checkpoints, or gives ours back in its files. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { tableLines } from "../cli/table.ts";
import { UsageError, UserError } from "../lib/core/errors.ts";
import { IMPORT_ORIGINAL_OPTIONS, importOriginal as takeOver } from "../original/import/import_original.ts";
import { exportOriginal } from "../original/import/export_original.ts";

export const importOriginal = defineCommand({
  name: "import_original",
  doc:
    "Turns the original's cache and checkpoints into ours without executing anything, or the reverse with --export.",
  options: IMPORT_ORIGINAL_OPTIONS,
  async run({ from, export: to, datasets, overwrite }, { callbacks, print }) {
    if (from === undefined && to === undefined) {
      throw new UsageError("give either --from DIR or --export DIR");
    }
    if (to !== undefined && datasets.length === 0) throw new UsageError("--export needs --datasets NAME,...");
    const entries = from !== undefined
      ? await takeOver(from, { datasets, overwrite }, callbacks("import_original"))
      : (await Promise.all(datasets.map((name) => exportOriginal(to!, name, callbacks(name))))).flat();
    const failures = entries.filter(({ isFailure }) => isFailure);
    tableLines(entries.map(({ from, to, note }) => [from, to ?? "left", note])).forEach(print);
    if (failures.length > 0 && failures.length === entries.length) {
      throw new UserError(`Nothing was taken over: ${failures[0].note}`);
    }
  },
});

if (import.meta.main) await runCommand(importOriginal);
