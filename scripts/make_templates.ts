/**
 * Makes the built-in templates anew, byte for byte: `deno run -A scripts/make_templates.ts [FOLDER] [CATEGORY ...]`.
 *
 * @module
 */
import { makeTemplates } from "../lib/templates/make_templates.ts";

const [folder = "lib/templates/data", ...categories] = Deno.args;
const paths = await makeTemplates(folder, categories.length > 0 ? categories : undefined);
for (const path of paths) console.log(path);
