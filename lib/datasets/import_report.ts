/**
 * What the import of photographs found, as data and as rows of tables.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import type { Box } from "./crop.ts";

/** What can be wrong with an image, the worst first: `true` if it cannot be used then, else it is only reported. */
export const PROBLEM_KINDS = {
  unreadable: true,
  no_mask: true,
  empty_mask: true,
  full_mask: true,
  size_mismatch: true,
  bad_annotation: true,
  inverted_mask: false,
  turned_photograph: false,
  cut_out_mask: false,
  covers_border: false,
  crowd: false,
  dropped_annotation: false,
  stray_pixels: false,
  fragmented: false,
  bad_part: false,
  uneven_background: false,
  copy: false,
  touches_border: false,
  unused_camera: false,
  small: false,
  no_parts: false,
  cut_out: false,
} as const;

/** A kind of problem. */
export type ProblemKind = keyof typeof PROBLEM_KINDS;

/** One problem of one image. */
export interface ImageProblem {
  /** File, relative to the folder. */
  readonly file: string;
  /** What is wrong. */
  readonly kind: ProblemKind;
  /** What was found, in words. */
  readonly value: string;
  /** What to do about it. */
  readonly advice: string;
}

/** A file that an import does not use. */
export interface IgnoredFile {
  /** File, relative to the folder. */
  readonly file: string;
  /** Why, in words. */
  readonly reason: string;
  /** The reason of several files, where `reason` names files. */
  readonly commonReason?: string;
  /** Whether it is a photograph in which no object of the category is marked. */
  readonly isUnmarked?: boolean;
}

/** What was found of one object in one photograph. */
export interface CheckedImage {
  /** Photograph, relative to the folder. */
  readonly file: string;
  /** Whether it can be used. */
  readonly used: boolean;
  /** Pixels of the object in the photograph as shown; null if it cannot be used. */
  readonly area: number | null;
  /** Pixels of the photograph; null if it cannot be used. */
  readonly pixels: number | null;
  /** Tight box; null if it cannot be used. */
  readonly box: Box | null;
  /** Kinds of its problems. */
  readonly problems: readonly ProblemKind[];
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
  readonly problems: readonly ImageProblem[];
  /** Objects that were looked at, in their order. */
  readonly images: readonly CheckedImage[];
  /** Files that are not used, and why. */
  readonly ignored: readonly IgnoredFile[];
  /** Least and largest longest side of the objects' boxes, in pixels; null if none can be used. */
  readonly sides: readonly [least: number, median: number, largest: number] | null;
  /** Sentences on the whole, where training would make little sense. */
  readonly warnings: readonly string[];
}

/** Problems that make their image unusable. */
export function fatalProblems(report: ImportReport): ImageProblem[] {
  return report.problems.filter((problem) => PROBLEM_KINDS[problem.kind]);
}

/** The error of an import that met unusable images: the first few, and what to do. */
export function unusableImagesError(report: ImportReport): UserError {
  const fatal = fatalProblems(report);
  const shown = fatal.slice(0, 5).map(({ file, value, advice }) => `  ${file}: ${value}; ${advice}`);
  const more = fatal.length > shown.length ? [`  and ${fatal.length - shown.length} more`] : [];
  return new UserError([
    `Cannot use ${fatal.length} of ${Math.max(report.checked, fatal.length)} images of ${report.folder}:`,
    ...shown,
    ...more,
    report.used > 0
      ? "Correct them, or leave them out with 'skipInvalid'."
      : "Correct them; not one image can be used as it is.",
  ].join("\n"));
}

/** Files that are named in a line on problems, and reasons that are told of one kind. */
const NAMED_FILES = 3, NAMED_REASONS = 6;

/** Rows of the tables that `check_data` prints. */
export interface DatasetSummary {
  /** Facts about the whole: name and value. */
  readonly facts: readonly (readonly [string, string])[];
  /** One row for each kind of problem and reason, the worst first; removed backgrounds without a doubt are only counted. */
  readonly problems: readonly (readonly string[])[];
}

/** A report as rows of tables. */
export function datasetSummary(report: ImportReport): DatasetSummary {
  const parts = report.parts.map(({ name, frequency, kept }) =>
    `${name} ${(100 * frequency).toFixed(0)} %${kept ? "" : " (too rare, left out)"}`
  );
  const { found, checked, used, withPose } = report, limited = checked < found ? `, ${checked} checked` : "";
  return {
    facts: [
      ["data set", `${report.name} (${report.category}) of ${report.folder}: ${report.layout}`],
      [
        "objects",
        `${found} found${limited}, ${used} usable${report.sides ? `; ${sidesText(report.sides)}` : ""}`,
      ],
      ["parts", parts.length > 0 ? parts.join(", ") : "none: poses are chosen by silhouettes alone"],
      ...(withPose > 0 ? [["known poses", `${withPose}`] as const] : []),
      ...ignoredFacts(report.ignored),
    ],
    problems: problemRows(report.problems),
  };
}

/** One row for each kind of problem and what is wrong: how many, an example, and what to do. */
function problemRows(problems: readonly ImageProblem[]): string[][] {
  const kinds = Object.keys(PROBLEM_KINDS) as ProblemKind[];
  const groups = Map.groupBy(problems, ({ kind }) => kind);
  return kinds.flatMap((kind) => {
    const reasons = Map.groupBy(groups.get(kind) ?? [], ({ value }) => generalValue(value));
    const most = [...reasons.values()].sort((a, b) => b.length - a.length), rest = most.slice(NAMED_REASONS);
    const weight = PROBLEM_KINDS[kind] ? "cannot be used" : "note";
    const rows = most.slice(0, NAMED_REASONS).map((members) => {
      const [{ value, advice }] = members, files = filesText(members.map(({ file }) => file));
      return [`${kind.replaceAll("_", " ")}: ${members.length} (${weight})`, `${files}: ${value}; ${advice}`];
    });
    const others = rest.flat().map(({ file }) => file);
    return rest.length === 0 ? rows : [
      ...rows,
      [
        `${kind.replaceAll("_", " ")}: ${others.length} (${weight})`,
        `${filesText(others)}: for ${rest.length} other reasons`,
      ],
    ];
  });
}

/** What is wrong without numbers and names, so that the same is said alike of all files. */
function generalValue(value: string): string {
  return value.replace(/\S*[\d/]\S*|\S+\.\w+/g, "#");
}

/** Why files are not used, one row for each reason. */
function ignoredFacts(ignored: readonly IgnoredFile[]): [string, string][] {
  return [...Map.groupBy(ignored, ({ reason, commonReason }) => commonReason ?? reason)].map((
    [reason, members],
  ) => [
    "not used",
    `${members.length} ${members.length === 1 ? "file" : "files"} (${
      filesText(members.map(({ file }) => file))
    }): ${reason}`,
  ]);
}

function filesText(files: readonly string[]): string {
  const unique = [...new Set(files)], shown = unique.slice(0, NAMED_FILES).join(", ");
  return unique.length > NAMED_FILES ? `${shown} and ${unique.length - NAMED_FILES} more` : shown;
}

function sidesText([least, median, largest]: readonly [number, number, number]): string {
  return least === largest
    ? `${least} pixels a side`
    : `${least} to ${largest} pixels a side, half of them above ${median}`;
}
