/** `deno task curves`: the curves of training runs, without TensorBoard. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { CURVES_FLAGS } from "../cli/flags/pipeline.ts";
import { buildCurvePage } from "../lib/report/curve_page.ts";

export const curves = defineCommand({
  name: "curves",
  doc:
    "Draws the curves of one training run, or of several in the same charts, as a page that opens offline.",
  flags: CURVES_FLAGS,
  async run({ name }, { print }) {
    print(`Curves: ${await buildCurvePage(name)}`);
  },
});

if (import.meta.main) await runCommand(curves);
