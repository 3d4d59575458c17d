/**
 * Makes the built-in templates anew, byte for byte, and the picture of them.
 *
 *     deno run -A scripts/make_templates.ts [FOLDER] [PICTURE]
 *
 * @module
 */
import { ProgressReporter } from "../cli/progress.ts";
import { writePng } from "../lib/io/image_file.ts";
import { makeTemplates } from "../lib/remeshing/make_templates.ts";
import { drawContactSheet } from "../lib/templates/template_sheet.ts";

const [folder = "lib/templates/data", picture = "docs/pictures/templates.png"] = Deno.args;
const reporter = new ProgressReporter("templates");
const classes = await makeTemplates(folder, {}, { onProgress: (progress) => reporter.update(progress) });
reporter.stop();
const sheet = drawContactSheet(Object.values(classes).map((built) => built.map((one) => one.template)), 150);
await writePng(picture, sheet);
for (const [category, built] of Object.entries(classes)) {
  for (const { template: { name }, figures: { iou, lowestIou, chamfer } } of built) {
    console.log(
      `${category} ${name}: IoU ${iou.toFixed(3)} (${lowestIou.toFixed(3)}), Chamfer ${chamfer.toFixed(4)}`,
    );
  }
}
