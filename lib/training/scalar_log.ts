/**
 * Scalars of a run as lines of JSON beside its checkpoints, from which reports draw curves.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFileAtomic } from "../io/atomic_file.ts";

/** Scalars of one step. */
export interface ScalarRow {
  /** Step. */
  readonly step: number;
  /** Values by name. */
  readonly values: Readonly<Record<string, number>>;
}

/** File of a run's scalars. */
export function scalarFile(folder: string): string {
  return join(folder, "scalars.jsonl");
}

/** Appends scalars to a run's file. Each line is written at once, so that a killed run lacks none of its saved steps. */
export class ScalarLog {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Opens the log of a run.
   *
   * @param folder Folder of the run
   * @param startStep Step at which a resumed run starts; 0 starts from scratch. Lines of this step and later are dropped
   */
  static async open(folder: string, startStep: number): Promise<ScalarLog> {
    const kept = startStep > 0 ? (await readScalars(folder)).filter(({ step }) => step < startStep) : [];
    await Deno.mkdir(folder, { recursive: true });
    const text = kept.map((row) => JSON.stringify(row) + "\n").join("");
    await writeFileAtomic(scalarFile(folder), new TextEncoder().encode(text));
    return new ScalarLog(scalarFile(folder));
  }

  /** Adds the scalars of a step; values that are not finite are left out. */
  add(step: number, values: Readonly<Record<string, number>>): void {
    const finite = Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
    Deno.writeTextFileSync(this.#path, JSON.stringify({ step, values: finite }) + "\n", { append: true });
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
