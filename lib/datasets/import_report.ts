/**
 * What the import of photographs found, as data and as rows of tables.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";

/** What can be wrong with a picture: `true` if it cannot be used then, else it is only reported. */
export const PROBLEM_KINDS = {
  unreadable: true,
  no_mask: true,
  empty_mask: true,
  full_mask: true,
  size_mismatch: true,
  bad_annotation: true,
  touches_border: false,
  small: false,
  fragmented: false,
  no_parts: false,
  unused_camera: false,
  unused_file: false,
  near_duplicate: false,
  bad_part: false,
  cut_out: false,
  uneven_background: false,
} as const;

/** One problem of one picture. */
export interface PictureProblem {
  /** File, relative to the folder. */
  readonly file: string;
  /** What is wrong. */
  readonly kind: keyof typeof PROBLEM_KINDS;
  /** What was found, in words. */
  readonly value: string;
  /** What to do about it. */
  readonly advice: string;
}

/** What an import found. */
export interface ImportReport {
  /** Name of the data set. */
  readonly name: string;
  /** Category. */
  readonly category: string;
  /** Folder of the photographs. */
  readonly folder: string;
  /** Layout of the folder, in words. */
  readonly layout: string;
  /** Objects that the folder holds. */
  readonly found: number;
  /** Objects that were looked at: `found`, or fewer by a limit. */
  readonly checked: number;
  /** Objects that can be used. */
  readonly used: number;
  /** Objects with a mask and a known camera. */
  readonly withPose: number;
  /** Parts by label: the share of used objects that show each, and whether it gets a channel. */
  readonly parts: readonly { readonly name: string; readonly frequency: number; readonly kept: boolean }[];
  /** Problems, in the order of the files. */
  readonly problems: readonly PictureProblem[];
  /** Least and largest longest side of the objects' boxes, in pixels; null if none can be used. */
  readonly sides: readonly [least: number, median: number, largest: number] | null;
  /** Sentences on the whole, where training would make little sense. */
  readonly warnings: readonly string[];
}

/** Problems that make their picture unusable. */
export function fatalProblems(report: ImportReport): PictureProblem[] {
  return report.problems.filter((problem) => PROBLEM_KINDS[problem.kind]);
}

/** The error of an import that met unusable pictures: the first few, and what to do. */
export function unusablePicturesError(report: ImportReport): UserError {
  const fatal = fatalProblems(report);
  const shown = fatal.slice(0, 5).map(({ file, value, advice }) => `  ${file}: ${value}; ${advice}`);
  const more = fatal.length > shown.length ? [`  and ${fatal.length - shown.length} more`] : [];
  return new UserError([
    `Cannot use ${fatal.length} of ${report.checked} pictures of ${report.folder}:`,
    ...shown,
    ...more,
    report.used > 0
      ? "Correct them, or leave them out with --skip_invalid."
      : "Correct them; not one picture can be used as it is.",
  ].join("\n"));
}

/** Rows of the tables that `check_data` prints. */
export interface DatasetSummary {
  /** Facts about the whole: name and value. */
  readonly facts: readonly (readonly [string, string])[];
  /** Headings of `problems`. */
  readonly headings: readonly string[];
  /** One row per problem; cut-outs that nothing is wrong with are only counted. */
  readonly problems: readonly (readonly string[])[];
}

/** A report as rows of tables. */
export function datasetSummary(report: ImportReport): DatasetSummary {
  const counts = new Map<string, number>();
  for (const { kind } of report.problems) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = report.parts.map(({ name, frequency, kept }) =>
    `${name} ${(100 * frequency).toFixed(0)} %${kept ? "" : " (too rare, left out)"}`
  );
  return {
    facts: [
      ["data set", `${report.name} (${report.category})`],
      ["folder", report.folder],
      ["layout", report.layout],
      ["objects", `${report.found} found, ${report.checked} checked, ${report.used} usable`],
      ...(report.sides ? [["object sides", sidesText(report.sides)] as const] : []),
      ["parts", parts.length > 0 ? parts.join(", ") : "none: poses are chosen by silhouettes alone"],
      ["known poses", `${report.withPose}`],
      ...[...counts].map(([kind, count]): [string, string] => [kind.replaceAll("_", " "), `${count}`]),
    ],
    headings: ["file", "problem", "found", "what to do"],
    problems: report.problems.filter(({ kind }) => kind !== "cut_out").map((
      { file, kind, value, advice },
    ) => [
      file,
      PROBLEM_KINDS[kind] ? kind.replaceAll("_", " ") : `${kind.replaceAll("_", " ")} (only a note)`,
      value,
      advice,
    ]),
  };
}

function sidesText([least, median, largest]: readonly [number, number, number]): string {
  return `${least} to ${largest} pixels, half of them above ${median}`;
}
