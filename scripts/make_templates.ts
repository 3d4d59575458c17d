/** `deno task make_templates`: makes the built-in templates from scratch, byte for byte, and the image of them. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { json, workers } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { measureLine } from "../cli/measure.ts";
import { UserError } from "../lib/core/errors.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { writePng } from "../lib/io/image_file.ts";
import { changedTemplates, makeTemplates } from "../tools/templates/make_templates.ts";
import { builtInTemplates } from "../lib/templates/load_templates.ts";
import { drawClassGrid } from "../lib/templates/template_grid.ts";

const FOLDER = "lib/templates/data",
  IMAGE = "docs/images/templates.png",
  SCRATCH = "cache/made_templates";
const LEAST_IOU = 0.95;

export const makeBuiltIn = defineCommand({
  name: "make_templates",
  doc: "Makes the built-in templates from scratch, and their image.",
  options: {
    classes: option.list({ doc: "Classes to make; all is all of them.", default: ["all"] }),
    check: option.boolean({
      doc: "Write nothing; fail unless the committed files come out byte for byte.",
      default: false,
    }),
    workers,
    json,
  },
  async run({ classes, check, workers, json }, { callbacks, print }) {
    const categories = classes.filter((category) => category !== "all");
    const folder = check ? SCRATCH : FOLDER;
    const made = await makeTemplates(folder, { categories, workers }, callbacks("templates"));
    const rows = Object.entries(made).flatMap(([category, built]) =>
      built.map(({ template: { name }, figures }) => ({ category, name, ...figures }))
    );
    rows.forEach(({ category, name, iou }) =>
      print(measureLine(`${category} ${name} IoU`, iou, LEAST_IOU, true))
    );
    if (json) await writeJsonAtomic(json, rows);
    if (!check) return await writePng(IMAGE, drawClassGrid(await builtInTemplates(), 150));
    const changed = await changedTemplates(folder, Object.keys(made));
    await Deno.remove(folder, { recursive: true });
    if (changed.length > 0) throw new UserError(`These files come out otherwise: ${changed.join(", ")}.`);
    print(`${Object.keys(made).length} files, the same byte for byte`);
  },
});

if (import.meta.main) await runCommand(makeBuiltIn);
