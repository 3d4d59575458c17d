/** `deno task curves`: the curves of training runs, without TensorBoard. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { FOLDER_NAME } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { buildCurvePage } from "../lib/report/curve_page.ts";

export const curves = defineCommand({
  name: "curves",
  doc:
    "Draws the curves of one training run, or of several in the same charts, as a page that opens offline.",
  options: {
    name: option.list({
      doc: "Runs, separated by commas; the page lies in the folder of the first.",
      pattern: FOLDER_NAME,
      required: true,
    }),
  },
  async run({ name }, { print }) {
    print(`Curves: ${await buildCurvePage(name)}`);
  },
});

if (import.meta.main) await runCommand(curves);
