/**
 * The mean shape of the objects in many photographs, to begin single ones with.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { agree } from "../core/process_group.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import type { MeanShapeTask } from "./refine_task.ts";

/** A photograph that shows which template. */
export interface MeanShapeRow {
  /** Row of the photograph's pose. */
  readonly row: number;
  /** Number of its template. */
  readonly template: number;
}

/** Photographs of a template from which its mean shape is made at most, and at least. */
const MOST_ROWS = 128, LEAST_ROWS = 3;

/** Some photographs of each template, evenly spread; none of templates with too few. */
export function chooseMeanShapeRows(templateOf: readonly number[], templates: number): MeanShapeRow[] {
  return Array.from({ length: templates }, (_, template) => {
    const rows = [...templateOf.keys()].filter((row) => templateOf[row] === template);
    if (rows.length < LEAST_ROWS) return [];
    const count = Math.min(MOST_ROWS, rows.length);
    return Array.from(
      { length: count },
      (_, k) => ({ row: rows[Math.floor(k * rows.length / count)], template }),
    );
  }).flat();
}

/** How mean shapes are made. */
export interface MeanShapeWork {
  /** Photographs that shapes are fitted to. */
  readonly rows: readonly MeanShapeRow[];
  /** Rounds, each from the mean of the one before. */
  readonly rounds: number;
  /** Folder in which finished rounds are kept. */
  readonly folder: string;
  /** Fits the start shapes to the masks of the rows; in the order of the rows. */
  fit(tasks: readonly Pick<MeanShapeTask, "start" | "template">[], round: number): Promise<Float32Array[]>;
}

/**
 * Makes mean shapes: in each round all shapes are fitted from the mean shapes of the round before. A finished round is
 * read from its file.
 *
 * @param templates Shapes to begin with, each `[V, 3]`
 * @param work Photographs, rounds, and how shapes are fitted
 * @returns Mean shape of each template; the template itself where it has too few photographs
 */
export async function meanShapes(
  templates: readonly Float32Array[],
  { rows, rounds, folder, fit }: MeanShapeWork,
): Promise<Float32Array[]> {
  let shapes = [...templates];
  for (let round = 0; round < rounds && rows.length > 0; round++) {
    const file = join(folder, `mean_${round}.safetensors`);
    const done = await agree(() => readShapes(file, templates));
    if (done) {
      shapes = done;
      continue;
    }
    const starts = shapes,
      fitted = await fit(rows.map(({ template }) => ({ start: starts[template], template })), round);
    shapes = shapes.map((shape, t) => {
      const own = fitted.filter((_, i) => rows[i].template === t);
      return own.length > 0 ? meanOf(own) : shape;
    });
    await agree(() => writeShapes(file, shapes));
  }
  return shapes;
}

function meanOf(shapes: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(shapes[0].length);
  for (const shape of shapes) for (let i = 0; i < sum.length; i++) sum[i] += shape[i];
  return Float32Array.from(sum, (value) => value / shapes.length);
}

async function writeShapes(path: string, shapes: readonly Float32Array[]): Promise<void> {
  const data = Float32Array.from(shapes.flatMap((shape) => Array.from(shape)));
  await writeSafetensors(path, { vertices: { data, shape: [shapes.length, shapes[0].length / 3, 3] } });
}

/** Shapes of a finished round; null if there are none, or the file is damaged. */
async function readShapes(path: string, templates: readonly Float32Array[]): Promise<Float32Array[] | null> {
  try {
    const data = (await readSafetensors(path)).arrays.vertices?.data, length = templates[0].length;
    if (!(data instanceof Float32Array) || data.length !== templates.length * length) return null;
    return templates.map((_, t) => data.slice(t * length, (t + 1) * length));
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
