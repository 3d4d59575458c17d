/**
 * Makes the built-in templates anew, byte for byte, and the picture of them.
 *
 *     deno run -A scripts/make_templates.ts [FOLDER] [PICTURE]
 *
 * @module
 */
import { writePng } from "../lib/io/image_file.ts";
import { makeTemplates } from "../lib/templates/make_templates.ts";
import { readTemplates } from "../lib/templates/template_file.ts";
import { drawTemplateSheet } from "../lib/templates/template_sheet.ts";

const [folder = "lib/templates/data", picture = "docs/pictures/templates.png"] = Deno.args;
const paths = await makeTemplates(folder);
const templates = await Promise.all(paths.map((path) => readTemplates(path, "")));
await writePng(picture, drawTemplateSheet(templates.flat(), 240));
for (const path of [...paths, picture]) console.log(path);
