/**
 * Templates, and how files hold them; free of files, so that it runs in browsers too.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { parseSafetensors, type SafetensorsFile } from "../io/safetensors_bytes.ts";

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
 * Templates from the bytes of their file, as `readTemplates` reads them from a path.
 *
 * @param bytes Content of a file of templates
 * @param category Category to use where the file names none
 * @throws {UserError} If it does not hold templates
 */
export function parseTemplates(bytes: Uint8Array<ArrayBuffer>, category: string): Template[] {
  const source = `templates of ${category}`;
  return templatesOf(parseSafetensors(bytes, source), source, category);
}

/**
 * The templates of a file that was read.
 *
 * Files without `part_labels` or without names are taken too: their templates have no parts.
 *
 * @param file Arrays `vertices` `[T, 962, 3]` and `part_labels` `[T, 962]`
 * @param path Where it comes from, for messages
 * @param category Category to use where the file names none
 * @throws {UserError} If it does not hold templates
 */
export function templatesOf(file: SafetensorsFile, path: string, category: string): Template[] {
  const { arrays: { vertices, part_labels: labels }, metadata } = file;
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
