/**
 * Scalars of a run as lines of JSON beside its checkpoints, from which reports draw curves.
 *
 * @module
 */
import { join } from "@std/path";

/** Scalars of one step. */
export interface ScalarRow {
  /** Step. */
  readonly step: number;
  /** Values by name. */
  readonly values: Readonly<Record<string, number>>;
}

const LINES_KEPT = 50;

/** File of a run's scalars. */
export function scalarFile(folder: string): string {
  return join(folder, "scalars.jsonl");
}

/** Appends scalars to a run's file; lines are written in groups of 50 and at the end. */
export class ScalarLog {
  readonly #path: string;
  #lines: string[] = [];

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Opens the log of a run.
   *
   * @param folder Folder of the run
   * @param startStep Step at which a resumed run goes on; 0 starts anew. Later lines are dropped
   */
  static async open(folder: string, startStep: number): Promise<ScalarLog> {
    const kept = startStep > 0 ? (await readScalars(folder)).filter(({ step }) => step < startStep) : [];
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(scalarFile(folder), kept.map((row) => JSON.stringify(row) + "\n").join(""));
    return new ScalarLog(scalarFile(folder));
  }

  /** Adds the scalars of a step; values that are not finite are left out. */
  add(step: number, values: Readonly<Record<string, number>>): void {
    const finite = Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
    this.#lines.push(JSON.stringify({ step, values: finite }) + "\n");
    if (this.#lines.length >= LINES_KEPT) this.flush();
  }

  /** Writes what is not written yet. */
  flush(): void {
    if (this.#lines.length === 0) return;
    Deno.writeTextFileSync(this.#path, this.#lines.join(""), { append: true });
    this.#lines = [];
  }
}

/** Scalars of a run; none if it has no file. A last line that was cut short by a kill is left out. */
export async function readScalars(folder: string): Promise<ScalarRow[]> {
  const text = await Deno.readTextFile(scalarFile(folder)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  return text.split("\n").filter((line) => line.endsWith("}}")).map((line) => JSON.parse(line));
}

/** The curve of one scalar. */
export function curveOf(rows: readonly ScalarRow[], name: string): { steps: number[]; values: number[] } {
  const found = rows.filter(({ values }) => values[name] !== undefined);
  return { steps: found.map(({ step }) => step), values: found.map(({ values }) => values[name]) };
}
