/**
 * The lines that the render bench prints: `name  measured  bound  ok|short`.
 *
 * @module
 */

/** One figure and what it is held against. */
export interface Line {
  /** What was measured. */
  readonly name: string;
  /** The figure; null where it could not be measured. */
  readonly measured: number | null;
  /** What it is held against; null for nothing. */
  readonly bound: number | null;
  /** Whether the bound is met; null without one. */
  readonly ok: boolean | null;
}

/** How a figure is held against its bound. */
export type Rule = "at least" | "at most" | { readonly within: number };

/** Collects and prints lines. */
export class Report {
  /** All lines so far. */
  readonly lines: Line[] = [];
  readonly #print: (line: string) => void;

  /** Starts without lines. */
  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Prints what is no figure. */
  note(text: string): void {
    this.#print(`# ${text}`);
  }

  /**
   * Adds and prints a line.
   *
   * @param name What was measured
   * @param measured The figure
   * @param bound What it is held against
   * @param rule How
   */
  add(name: string, measured: number | null, bound: number | null = null, rule: Rule = "at least"): void {
    const ok = bound === null || measured === null ? null : holds(measured, bound, rule);
    this.lines.push({ name, measured, bound, ok });
    const figure = (value: number | null) => value === null ? "-" : Number(value.toPrecision(5)).toString();
    const verdict = ok === null ? "-" : ok ? "ok" : "short";
    this.#print(
      `${name.padEnd(34)}  ${figure(measured).padStart(10)}  ${figure(bound).padStart(10)}  ${verdict}`,
    );
  }
}

function holds(measured: number, bound: number, rule: Rule): boolean {
  if (rule === "at least") return measured >= bound;
  if (rule === "at most") return measured <= bound;
  return Math.abs(measured - bound) <= rule.within;
}
