/**
 * Templates and the files that hold them.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";

/** A class template on the sphere topology. */
export interface Template {
  /** Name within its category, such as "saloon". */
  readonly name: string;
  /** Class of the object, such as "car". */
  readonly category: string;
  /** Positions in the order of the sphere topology, longest half extent 1, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Index in `partNames` of each vertex's part, `[V]`; all 0 where there are no part names. */
  readonly partLabels: Uint8Array;
  /** Names of the parts; empty for templates without labels. */
  readonly partNames: readonly string[];
}

/** Vertices of the sphere topology, V. */
export const TEMPLATE_VERTICES = 962;

const NAMES = v.array(v.string());

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
  const { arrays: { vertices, part_labels: labels }, metadata } = await readSafetensors(path);
  const count = vertices?.shape[0] ?? 0;
  const expected = `${count},${TEMPLATE_VERTICES},3`;
  if (count === 0 || `${vertices.shape}` !== expected || !(vertices.data instanceof Float32Array)) {
    throw new UserError(
      `Cannot read templates from ${path}: it must hold float32 vertices [T, ${TEMPLATE_VERTICES}, 3], current shape ` +
        `is [${vertices?.shape ?? "none"}]`,
    );
  }
  const partNames = namesOf(metadata.part_names, path, "part_names") ?? [];
  const names = namesOf(metadata.names, path, "names") ??
    Array.from({ length: count }, (_, t) => `${category}${t + 1}`);
  if (names.length !== count) {
    throw new UserError(
      `Cannot read templates from ${path}: it has ${names.length} names for ${count} templates`,
    );
  }
  const partLabels = labels?.data ?? new Uint8Array(count * TEMPLATE_VERTICES); // [T, V]
  const highest = Math.max(0, partNames.length - 1);
  if (
    !(partLabels instanceof Uint8Array) || partLabels.length !== count * TEMPLATE_VERTICES ||
    partLabels.some((label) => label > highest)
  ) {
    throw new UserError(
      `Cannot read templates from ${path}: part_labels must be uint8 [${count}, ${TEMPLATE_VERTICES}] below ` +
        `${highest + 1}, the number of part names`,
    );
  }
  return names.map((name, t) => ({
    name,
    category: metadata.category ?? category,
    vertices: (vertices.data as Float32Array).slice(
      t * TEMPLATE_VERTICES * 3,
      (t + 1) * TEMPLATE_VERTICES * 3,
    ),
    partLabels: partLabels.slice(t * TEMPLATE_VERTICES, (t + 1) * TEMPLATE_VERTICES),
    partNames,
  }));
}

function namesOf(text: string | undefined, path: string, field: string): string[] | undefined {
  if (text === undefined) return undefined;
  try {
    return v.parse(NAMES, JSON.parse(text));
  } catch (error) {
    throw new UserError(
      `Cannot read templates from ${path}: ${field} must be a JSON list of names, got ${text}`,
      {
        cause: error,
      },
    );
  }
}
