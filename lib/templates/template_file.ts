/**
 * Files of templates.
 *
 * @module
 */
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import { type Template, TEMPLATE_VERTICES, templatesOf } from "./template_bytes.ts";

export { type Template, TEMPLATE_VERTICES } from "./template_bytes.ts";

/**
 * Writes the templates of one category; the bytes depend only on the templates.
 *
 * @param path Target file
 * @param templates One template or more, of one category and with the same part names
 * @throws {TypeError} If there is none, or they do not belong together
 */
export async function writeTemplates(path: string, templates: readonly Template[]): Promise<void> {
  const [first] = templates;
  if (first === undefined) throw new TypeError("Cannot write templates: current value is an empty list");
  const vertices = new Float32Array(templates.length * TEMPLATE_VERTICES * 3); // [T, V, 3]
  const partLabels = new Uint8Array(templates.length * TEMPLATE_VERTICES); // [T, V]
  templates.forEach((template, t) => {
    if (template.category !== first.category || `${template.partNames}` !== `${first.partNames}`) {
      throw new TypeError(
        `Cannot write templates of different categories or parts to one file: current values are ${first.category} ` +
          `(${first.partNames}) and ${template.category} (${template.partNames})`,
      );
    }
    vertices.set(template.vertices, t * TEMPLATE_VERTICES * 3);
    partLabels.set(template.partLabels, t * TEMPLATE_VERTICES);
  });
  await writeSafetensors(path, {
    vertices: { data: vertices, shape: [templates.length, TEMPLATE_VERTICES, 3] },
    part_labels: { data: partLabels, shape: [templates.length, TEMPLATE_VERTICES] },
  }, {
    category: first.category,
    names: JSON.stringify(templates.map((template) => template.name)),
    part_names: JSON.stringify(first.partNames),
  });
}

/**
 * Reads a file of templates.
 *
 * Files without `part_labels` or without names are taken too: their templates have no parts.
 *
 * @param path File of `vertices` `[T, 962, 3]` and `part_labels` `[T, 962]`
 * @param category Category to use where the file names none
 * @throws {UserError} If the file is missing or does not hold templates
 */
export async function readTemplates(path: string, category: string): Promise<Template[]> {
  return templatesOf(await readSafetensors(path), path, category);
}
