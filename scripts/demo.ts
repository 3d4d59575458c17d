/** `deno task demo`: the whole flow on a synthetic data set. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { prepareBackend } from "../cli/prepare_backend.ts";
import { tableLines } from "../cli/table.ts";
import { DEMO_OPTIONS, runDemo } from "../demo/demo.ts";
import { BACKEND_OPTIONS } from "../lib/backend/options.ts";

export const demo = defineCommand({
  name: "demo",
  doc: "Makes a synthetic data set and runs all stages on it: poses, reconstruction, GAN, export, report.",
  options: { ...DEMO_OPTIONS, ...BACKEND_OPTIONS },
  async run(values, context) {
    const { callbacks, print } = context;
    const backend = await prepareBackend(values, context);
    const { rows, files } = await runDemo({ ...values, backend }, callbacks);
    tableLines(rows).forEach(print);
    print(`Report: ${files.report}`);
  },
});

if (import.meta.main) await runCommand(demo);
