/** `deno task clean`: what earlier work left on the disk, and its removal. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { tableLines } from "../cli/table.ts";
import {
  chooseStored,
  CLEAN_OPTIONS,
  listStored,
  removeStored,
  type StoredFiles,
} from "../lib/pipeline/clean.ts";
import { sizeText } from "../lib/core/number_text.ts";
import { UsageError } from "../lib/core/errors.ts";

export const clean = defineCommand({
  name: "clean",
  doc: "Lists the files of all runs and data sets with their sizes; removes those of one name with --yes.",
  options: CLEAN_OPTIONS,
  async run({ name, kinds, numberedOnly, yes }, { print }) {
    if (name === undefined) {
      if (yes) throw new UsageError("--yes needs --name: files are removed one run or data set at a time");
      return printTable(await listStored(), print);
    }
    const chosen = await chooseStored({ name, kinds, numberedOnly });
    printTable(chosen, print);
    if (chosen.length === 0) return;
    if (!yes) return print("Nothing was removed: add --yes to remove these files.");
    await removeStored(chosen);
    print("These files were removed.");
  },
});

function printTable(files: readonly StoredFiles[], print: (line: string) => void): void {
  if (files.length === 0) return print("Nothing is stored.");
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = files.map(({ name, kind, path, bytes }) => [name, kind, sizeText(bytes), path]);
  tableLines([["name", "kind", "size", "where"], ...rows, ["in all", "", sizeText(total)]]).forEach(print);
}

if (import.meta.main) await runCommand(clean);
