/**
 * The parity command: all cases of a folder, one line each.
 *
 * @module
 */
import { join } from "@std/path";
import type { BackendName } from "../../lib/backend/options.ts";
import { messageOf, UserError } from "../../lib/core/errors.ts";
import { readNpz } from "../../lib/io/npz.ts";
import { CaseData } from "./case_data.ts";
import type { Check } from "./check.ts";
import { findCases, type FoundCase } from "./find_cases.ts";
import { PARITY_KINDS, type ParityKind } from "./kinds.ts";
import { setParityBackend } from "./network_cases.ts";

/** Result of one case. */
export interface CaseResult {
  /** Folder and name. */
  readonly name: string;
  /** Kind. */
  readonly kind: string;
  /** Largest error as a share of what is allowed; null where it cannot be told (wrong size, NaN, a failure). */
  readonly measured: number | null;
  /** What `measured` may be: 1, and more on backends with looser bounds. */
  readonly bound: number;
  /** Whether the case holds. */
  readonly ok: boolean;
  /** What is worst, or the reason of a failure. */
  readonly worst: string;
}

/** Result of a run. */
export interface ParityReport {
  /** Cases of done kinds. */
  readonly results: readonly CaseResult[];
  /** Number of cases of each pending kind, with the issue. */
  readonly pending: readonly { kind: string; issue: number; cases: number }[];
  /** Files of no known kind, and listed files that are not there. */
  readonly problems: readonly string[];
}

/** Options of `runParity`. */
export interface RunParityOptions {
  /** Kinds or folders to run; all by default. */
  readonly kinds?: readonly string[];
  /** Table of kinds. */
  readonly table?: readonly ParityKind[];
  /** What computes the networks; `auto` is the fastest backend. */
  readonly backend?: BackendName | "auto";
  /** Receives each result as soon as it is there. */
  readonly onResult?: (result: CaseResult) => void;
}

/** How much more than elsewhere WebAssembly may differ: it sums products one after another, where others keep partial sums. */
export const WASM_BOUND = 2;

/**
 * Runs all cases of a folder.
 *
 * @param root The parity folder
 * @param options Which kinds
 * @returns Results, pending kinds and problems
 * @throws {UserError} If the folder cannot be read or a kind is unknown
 */
export async function runParity(root: string, options: RunParityOptions = {}): Promise<ParityReport> {
  const { kinds: wanted = [], table = PARITY_KINDS, backend = "auto", onResult } = options;
  setParityBackend(backend);
  const bound = backend === "wasm" ? WASM_BOUND : 1;
  const isWanted = (kind: ParityKind) =>
    wanted.length === 0 || wanted.includes(kind.name) || wanted.includes(kind.folder);
  for (const name of wanted) {
    if (!table.some((kind) => kind.name === name || kind.folder === name)) {
      throw new UserError(
        `There is no kind ${name} of parity cases; there are ${table.map((kind) => kind.name).join(", ")}.`,
      );
    }
  }
  const { cases, problems } = await findCases(root, table);
  const results: CaseResult[] = [];
  const pending = new Map<ParityKind, number>();
  for (const found of cases) {
    if (!isWanted(found.kind)) continue;
    if (found.run === null) {
      pending.set(found.kind, (pending.get(found.kind) ?? 0) + 1);
      continue;
    }
    const result = await runCase(root, found, bound);
    results.push(result);
    onResult?.(result);
  }
  const folders = new Set(table.filter(isWanted).map((kind) => kind.folder));
  return {
    results,
    pending: Array.from(pending, ([kind, count]) => ({
      kind: kind.name,
      issue: kind.status === "done" ? 0 : kind.status.pending,
      cases: count,
    })),
    problems: wanted.length === 0
      ? problems
      : problems.filter((problem) => folders.has(problem.slice(0, problem.indexOf("/")))),
  };
}

async function runCase(
  root: string,
  { kind, label, name, file, run, entry }: FoundCase,
  bound: number,
): Promise<CaseResult> {
  const base = { name: label, kind: kind.name, bound };
  try {
    const arrays = file === null || kind.everyFile ? {} : await readNpz(join(root, kind.folder, file));
    const checks = await run!(new CaseData(root, kind.folder, name, arrays, entry));
    if (checks.length === 0) return { ...base, measured: null, ok: false, worst: "nothing was compared" };
    const worst = checks.reduce<Check>((a, b) => b.share > a.share ? b : a, checks[0]);
    return {
      ...base,
      measured: Number.isFinite(worst.share) ? worst.share : null,
      ok: worst.share <= bound,
      worst: `${worst.what}: largest error ${worst.error.toPrecision(3)}`,
    };
  } catch (error) {
    return { ...base, measured: null, ok: false, worst: messageOf(error) };
  }
}

/** The line of a case: `name  measured  bound  ok|short`. */
export function resultLine({ name, measured, bound, ok }: CaseResult): string {
  const share = measured === null ? "none" : measured.toPrecision(3);
  return `${name.padEnd(40)}  ${share.padStart(9)}  ${bound}  ${ok ? "ok" : "short"}`;
}

/** Whether everything that is done holds and every file is of a known kind. */
export function isPassed({ results, problems }: ParityReport): boolean {
  return problems.length === 0 && results.every(({ ok }) => ok);
}

/** Closing lines: what is short and why, problems, pending kinds, counts. */
export function summaryLines({ results, pending, problems }: ParityReport): string[] {
  const short = results.filter(({ ok }) => !ok);
  return [
    ...short.map(({ name, worst }) => `short: ${name}, ${worst}`),
    ...problems.map((problem) => `problem: ${problem}`),
    ...pending.map(({ kind, issue, cases }) => `pending: ${kind}, ${cases} cases, issue ${issue}`),
    `${results.length - short.length} ok, ${short.length} short, ${
      pending.reduce((sum, { cases }) => sum + cases, 0)
    } pending, ${problems.length} problems`,
  ];
}
