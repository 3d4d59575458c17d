/**
 * The mean shape of the objects in many photographs, to begin single ones with.
 *
 * @module
 */
import { agree } from "../core/process_group.ts";
import type { MeanShapeTask } from "./refine_task.ts";
import type { RefinedStore } from "./refined_store.ts";

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
  /** Keeps finished rounds. */
  readonly store: Pick<RefinedStore, "readMeanShapes" | "writeMeanShapes">;
  /** Fits the start shapes to the masks of the rows; in the order of the rows. */
  fit(tasks: readonly Pick<MeanShapeTask, "start" | "template">[], round: number): Promise<Float32Array[]>;
}

/**
 * Makes mean shapes: in each round all shapes are fitted from the mean shapes of the round before. A finished round is
 * taken from the store.
 *
 * @param templates Shapes to begin with, each `[V, 3]`
 * @param work Photographs, rounds, and how shapes are fitted
 * @returns Mean shape of each template; the template itself where it has too few photographs
 */
export async function meanShapes(
  templates: readonly Float32Array[],
  { rows, rounds, store, fit }: MeanShapeWork,
): Promise<Float32Array[]> {
  let shapes = [...templates];
  for (let round = 0; round < rounds && rows.length > 0; round++) {
    const done = await agree(() => store.readMeanShapes(round, templates.length, templates[0].length));
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
    await agree(() => store.writeMeanShapes(round, shapes));
  }
  return shapes;
}

function meanOf(shapes: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(shapes[0].length);
  for (const shape of shapes) for (let i = 0; i < sum.length; i++) sum[i] += shape[i];
  return Float32Array.from(sum, (value) => value / shapes.length);
}
