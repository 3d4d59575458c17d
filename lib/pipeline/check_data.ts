/**
 * Checking photographs before anything is made of them.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { correctionsFile, outputFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { contactSheet } from "../datasets/contact_sheet.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { inspectPhotographs } from "../datasets/import_photographs.ts";
import {
  datasetSummary,
  fatalProblems,
  type ImportReport,
  unusablePicturesError,
} from "../datasets/import_report.ts";
import { mapConcurrently } from "../datasets/map_concurrently.ts";
import { datasetOf, openDataset } from "../datasets/open_dataset.ts";
import { DATASET_CLASSES } from "../datasets/original/catalog.ts";
import { neededFiles } from "../datasets/original/needed_files.ts";
import { writePng } from "../io/image_file.ts";
import { describeCorrections, readPoseCorrections, strayCorrections } from "../pose/pose_corrections.ts";

/** Which photographs are checked. */
export interface CheckDataRequest {
  /** Name that the data set would have. */
  readonly name: string;
  /** Category that is wanted of annotations with several. */
  readonly category: string;
  /** Number of photographs to look at; 0 for all. */
  readonly limit?: number;
  /** Seed of that choice. */
  readonly seed?: number;
  /** Where masks come from: `given` ones only if left out, or cut out where there is none (`auto`). */
  readonly masks?: "given" | "auto";
  /** File of the contact sheet; `output/<name>/contact_sheet.png` if left out. */
  readonly sheet?: string;
}

/** What a check found. */
export interface CheckDataResult {
  /** Names and values of facts. */
  readonly facts: readonly (readonly string[])[];
  /** One row for each problem, headings first; empty without problems. */
  readonly problems: readonly (readonly string[])[];
  /** Sentences on the whole. */
  readonly warnings: readonly string[];
  /** The contact sheet. */
  readonly sheet: string;
  /** Everything, as data; null of a data set that was opened by its name. */
  readonly report: ImportReport | null;
}

/**
 * Checks the photographs of a folder in any known layout and draws a contact sheet.
 *
 * @param folder Folder of the photographs
 * @param request What to look at
 * @param callbacks Progress in pictures
 * @returns Tables and warnings
 * @throws {UserError} If there are no pictures in a known layout, or none can be used
 */
export async function checkPhotographs(
  folder: string,
  request: CheckDataRequest,
  callbacks: StageCallbacks = {},
): Promise<CheckDataResult> {
  const { name, category, limit = 0, seed = 1, masks = "given" } = request;
  const { report, description } = await inspectPhotographs(
    folder,
    { name, category, limit, seed, masks },
    callbacks,
  );
  if (!description) throw unusablePicturesError(report);
  const sheet = request.sheet ?? join(outputFolder(name), "contact_sheet.png");
  const doubted = new Set(
    report.problems.filter(({ kind }) => kind === "uneven_background").map(({ file }) => file),
  );
  const framed = description.records.filter(({ imagePath }) => doubted.has(imagePath)).map(({ id }) => id);
  await writePng(sheet, await contactSheet(datasetOf(description), { framed }));
  const { facts, headings, problems } = datasetSummary(report), unusable = fatalProblems(report).length;
  const advice = unusable === 0 ? [] : [
    `${unusable} of ${report.checked} objects cannot be used: correct them, or leave them out with --skip_invalid of ` +
    "the pipeline.",
  ];
  const corrected = await correctionsOf(datasetOf(description));
  return {
    facts: [...facts, ...corrected.facts],
    problems: problems.length > 0 ? [headings, ...problems] : [],
    warnings: [...advice, ...report.warnings, ...corrected.warnings],
    sheet,
    report,
  };
}

/**
 * Checks a data set that can be opened by its name: which of its files are there, and whether its pictures can be read.
 *
 * @param request Name, and how many pictures to look at
 * @param callbacks Progress in pictures
 * @returns Tables and warnings
 * @throws {UserError} If it cannot be opened, or no picture can be read
 */
export async function checkDataset(
  request: CheckDataRequest,
  callbacks: StageCallbacks = {},
): Promise<CheckDataResult> {
  const { name, limit = 0 } = request;
  const dataset = await openDataset(name);
  const count = limit > 0 ? Math.min(limit, dataset.length) : dataset.length;
  const problems = await unreadable(dataset, count, callbacks);
  if (problems.length === count) {
    throw new UserError(`No picture of the data set ${name} can be used; the first one: ${problems[0][2]}`);
  }
  const readable = new Set(problems.map(([id]) => id));
  const records = dataset.records.slice(0, count).filter(({ id }) => !readable.has(id));
  const sheet = request.sheet ?? join(outputFolder(name), "contact_sheet.png");
  await writePng(sheet, await contactSheet({ ...dataset, records, length: records.length }));
  const corrected = await correctionsOf(dataset);
  const withPose = dataset.records.filter(({ truePose }) => truePose).length;
  return {
    facts: [
      ["data set", `${name} (${dataset.category})`],
      ["objects", `${dataset.length} found, ${count} checked, ${count - problems.length} usable`],
      ["classes", dataset.classNames.join(", ")],
      ["parts", dataset.partNames.join(", ") || "none: poses are chosen by silhouettes alone"],
      ["known rotations", `${withPose}`],
      ...corrected.facts,
      ...await fileRows(dataset),
    ],
    problems: problems.length > 0 ? [["object", "problem", "found"], ...problems] : [],
    warnings: corrected.warnings,
    sheet,
    report: null,
  };
}

/** What a person said about the poses of a data set, and of photographs that it does not hold. */
async function correctionsOf(dataset: Dataset): Promise<{ facts: string[][]; warnings: string[] }> {
  const corrections = await readPoseCorrections(dataset.name), told = describeCorrections(corrections);
  const stray = strayCorrections(corrections, dataset), path = correctionsFile(dataset.name);
  return {
    facts: told === null ? [] : [["corrections", `${told} (${path})`]],
    warnings: stray.length === 0 ? [] : [
      `${path} names ${stray.length} photographs that are not there, such as ${
        stray[0]
      }: they have no effect.`,
    ],
  };
}

async function unreadable(dataset: Dataset, count: number, callbacks: StageCallbacks): Promise<string[][]> {
  let done = 0;
  const indices = Array.from({ length: count }, (_, i) => i);
  const rows = await mapConcurrently(indices, 4, async (i) => {
    const found = await dataset.sample(i, 32).then(() => null, (error) => {
      if (!(error instanceof UserError)) throw error;
      return [dataset.records[i].id, "unreadable", error.message];
    });
    callbacks.onProgress?.({ done: ++done, total: count });
    return found;
  });
  return rows.filter((row) => row !== null);
}

/** The files of one of the original's data sets. */
async function fileRows({ name }: Dataset): Promise<string[][]> {
  if (!Object.hasOwn(DATASET_CLASSES, name)) return [];
  return await Promise.all(
    neededFiles(name).map(async ({ path, need }) => {
      const there = await Deno.stat(path).then(() => "there", () => `missing (for ${need})`);
      return [path, there];
    }),
  );
}
