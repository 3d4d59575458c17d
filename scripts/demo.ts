/** `deno task demo`: the whole flow on a synthetic data set. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { DEMO_FLAGS } from "../cli/flags/pipeline.ts";
import { prepareBackend } from "../cli/prepare_backend.ts";
import { tableLines } from "../cli/table.ts";
import { runDemo } from "../demo/demo.ts";

export const demo = defineCommand({
  name: "demo",
  doc: "Makes a synthetic data set and runs all stages on it: poses, reconstruction, GAN, export, report.",
  flags: DEMO_FLAGS,
  async run(flags, context) {
    const { callbacks, print } = context;
    const backend = await prepareBackend(flags, context);
    const { quick, seed, numWorkers: workers = null } = flags;
    const { rows, files } = await runDemo({ quick, seed, workers, backend }, callbacks);
    tableLines(rows).forEach(print);
    print(`Report: ${files.report}`);
  },
});

if (import.meta.main) await runCommand(demo);
