/** `deno task check_data`: what a folder of photographs holds, and what is wrong with it. */
import { basename, resolve } from "@std/path";
import { defineCommand, runCommand } from "../cli/command.ts";
import { masksOf } from "../cli/mask_source.ts";
import { tableLines } from "../cli/table.ts";
import { UsageError } from "../lib/core/errors.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import {
  CHECK_DATA_OPTIONS,
  checkDataset,
  checkPhotographs,
  UnusableDataError,
} from "../lib/pipeline/check_data.ts";

export const checkData = defineCommand({
  name: "check_data",
  doc: "Checks photographs, tells what is wrong with which, and draws an image grid; changes nothing.",
  options: CHECK_DATA_OPTIONS,
  async run({ images, dataset, category, limit, seed, sheet, json, ...masks }, { callbacks, print }) {
    if (images === undefined && dataset === undefined) {
      throw new UsageError("give either --images FOLDER or --dataset NAME");
    }
    const name = masks.name ?? dataset ?? basename(resolve(images!)).replaceAll(/[^\p{L}\p{N}_.-]/gu, "_");
    const request = { name, category, limit, seed, sheet, ...masksOf(masks) };
    const check = images !== undefined
      ? checkPhotographs(images, request, callbacks("check_data"))
      : checkDataset({ ...request, name: dataset! }, callbacks("check_data"));
    const result = await check.catch(async (error) => {
      if (json && error instanceof UnusableDataError) await writeJsonAtomic(json, error.listing);
      throw error;
    });
    if (json) await writeJsonAtomic(json, result.listing);
    tableLines([...result.problems, ...result.facts]).forEach(print);
    result.warnings.forEach((warning) => print(`warning: ${warning}`));
    print(`image grid: ${result.sheet}`);
  },
});

if (import.meta.main) await runCommand(checkData);
