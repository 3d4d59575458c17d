/**
 * Checking photographs before anything is made of them.
 *
 * @module
 */
import { limit, optionalName, seed } from "../core/common_options.ts";
import { option, type OptionsInput, type OptionsOutput } from "../core/option.ts";
import { MASK_OPTIONS } from "../datasets/photograph_options.ts";
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { correctionsFile, outputFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { MaskModelOptions } from "../datasets/background_removal/background_remover.ts";
import { datasetGrid } from "../datasets/dataset_grid.ts";
import type { Dataset, SampleRecord } from "../datasets/dataset.ts";
import { inspectPhotographs } from "../datasets/import_photographs.ts";
import {
  datasetSummary,
  type IgnoredFile,
  type ImportReport,
  unusableImagesError,
} from "../datasets/import_report.ts";
import { mapConcurrently } from "../datasets/map_concurrently.ts";
import { datasetOf, openDataset } from "../datasets/open_dataset.ts";
import { readObjectMask } from "../datasets/read_sample.ts";
import { writePng } from "../io/image_file.ts";
import { describeCorrections, readPoseCorrections, strayCorrections } from "../pose/pose_corrections.ts";

/** Options of the task `check_data`. */
export const CHECK_DATA_OPTIONS = {
  images: option.text({
    reads: true,
    doc:
      "Folder of photographs: cut-outs, photos with masks beside them, COCO JSON, YOLO's polygons, or files of labelme, " +
      "Label Studio or CVAT.",
    excludes: ["dataset"],
  }),
  dataset: optionalName("Data set to check in place of a folder: its name, such as cub."),
  category: option.text({
    flag: "template",
    doc: "Category that is taken of annotations with several.",
    default: "object",
  }),
  name: optionalName("Name for the table and the image grid; that of the folder if left out."),
  ...MASK_OPTIONS,
  limit,
  seed,
  sheet: option.text({
    writes: true,
    doc: "File of the image grid; output/NAME/contact_sheet.png if left out.",
  }),
  json: option.text({
    writes: true,
    doc: "File to write a list of all images and ignored files to, as JSON.",
  }),
} as const;

/** What a check found. */
export interface CheckDataResult {
  /** Names and values of facts. */
  readonly facts: readonly (readonly string[])[];
  /** One row for each kind of problem, the worst first; empty without problems. */
  readonly problems: readonly (readonly string[])[];
  /** Sentences on the whole. */
  readonly warnings: readonly string[];
  /** The image grid. */
  readonly sheet: string;
  /** Each image, and the files that are not used. */
  readonly listing: CheckListing;
  /** Everything, as data; null of a data set that was opened by its name. */
  readonly report: ImportReport | null;
}

/** What `check_data --json` writes. */
export interface CheckListing {
  /** Objects in their photographs. */
  readonly images: readonly ListedImage[];
  /** Files that are not used, and why. */
  readonly ignored: readonly IgnoredFile[];
}

/** An object in its photograph, as `check_data --json` writes it. */
export interface ListedImage {
  /** Photograph, relative to the folder. */
  readonly file: string;
  /** Whether it is used. */
  readonly used: boolean;
  /** Pixels of the object in the photograph as shown; null if it cannot be used. */
  readonly mask_area: number | null;
  /** Share of the photograph that they are; null if it cannot be used. */
  readonly mask_share: number | null;
  /** Left, top, right and bottom of the object in pixels, the ends left out; null if it cannot be used. */
  readonly box: readonly number[] | null;
  /** Kinds of what is wrong with it. */
  readonly problems: readonly string[];
}

/**
 * Checks the photographs of a folder in any known layout and draws an image grid.
 *
 * @param folder Folder of the photographs
 * @param request What to look at; `name`: name that the data set would have; `maskModel`: which model cuts out what
 *   masks are missing for, the one that setup fetched, if it is there
 * @param callbacks Progress in images
 * @returns Tables and warnings
 * @throws {UserError} If there are no images in a known layout, or none can be used
 */
export async function checkPhotographs(
  folder: string,
  request:
    & Pick<OptionsInput<typeof CHECK_DATA_OPTIONS>, "limit" | "seed" | "masks" | "sheet">
    & Pick<OptionsOutput<typeof CHECK_DATA_OPTIONS>, "category">
    & { readonly name: string; readonly maskModel?: MaskModelOptions },
  callbacks: StageCallbacks = {},
): Promise<CheckDataResult> {
  const { report, description } = await inspectPhotographs(folder, request, callbacks);
  if (!description) throw new UnusableDataError(unusableImagesError(report).message, listingOf(report));
  const sheet = request.sheet ?? join(outputFolder(request.name), "contact_sheet.png");
  const doubted = new Set(
    report.problems.filter(({ kind }) => kind === "uneven_background").map(({ file }) => file),
  );
  const framed = description.records.filter(({ imagePath }) => doubted.has(imagePath)).map(({ id }) => id);
  await writePng(sheet, await datasetGrid(datasetOf(description), { framed }));
  const { facts, problems } = datasetSummary(report), unusable = report.checked - report.used;
  const advice = unusable === 0 ? [] : [
    `${unusable} of ${report.checked} objects cannot be used: correct them, or leave them out with 'skipInvalid' of ` +
    "the pipeline.",
  ];
  const corrected = await correctionsOf(datasetOf(description));
  return {
    facts: [...facts, ...corrected.facts],
    problems,
    warnings: [...advice, ...report.warnings, ...corrected.warnings],
    sheet,
    listing: listingOf(report),
    report,
  };
}

/** No image of a folder can be used; why is listed as well. */
export class UnusableDataError extends UserError {
  /** Each image, and the files that are not used. */
  readonly listing: CheckListing;

  /** @param message What a person reads */
  constructor(message: string, listing: CheckListing) {
    super(message);
    this.listing = listing;
  }
}

function listingOf({ images, ignored }: ImportReport): CheckListing {
  return {
    images: images.map(({ file, used, area, pixels, box, problems }) => ({
      ...{
        file,
        used,
        mask_area: area,
        mask_share: area === null || pixels === null ? null : shareOf(area, pixels),
      },
      box: box && [...box],
      problems,
    })),
    ignored,
  };
}

/**
 * Checks a data set that can be opened by its name: which of its files are there, and whether its images can be read.
 *
 * @param request Name, and how many images to look at
 * @param callbacks Progress in images
 * @returns Tables and warnings
 * @throws {UserError} If it cannot be opened, or no image can be read
 */
export async function checkDataset(
  request: Pick<OptionsInput<typeof CHECK_DATA_OPTIONS>, "limit" | "sheet"> & { readonly name: string },
  callbacks: StageCallbacks = {},
): Promise<CheckDataResult> {
  const { name, limit = 0 } = request;
  const dataset = await openDataset(name);
  const count = limit > 0 ? Math.min(limit, dataset.length) : dataset.length;
  const records = dataset.records.slice(0, count);
  const areas = await objectAreas(dataset, records, callbacks);
  const isUsed = (_: unknown, i: number) => typeof areas[i] === "number";
  const used = records.filter(isUsed), failed = areas.filter((area) => typeof area === "string");
  if (used.length === 0) {
    throw new UserError(`No image of the data set ${name} can be used; the first one: ${failed[0]}`);
  }
  const sheet = request.sheet ?? join(outputFolder(name), "contact_sheet.png");
  await writePng(sheet, await datasetGrid({ ...dataset, records: used, length: used.length }));
  const corrected = await correctionsOf(dataset);
  const withPose = dataset.records.filter(({ truePose }) => truePose).length;
  return {
    facts: [
      ["data set", `${name} (${dataset.category})`],
      ["objects", `${dataset.length} found, ${count} checked, ${used.length} usable`],
      ["classes", dataset.classNames.join(", ")],
      ["parts", dataset.partNames.join(", ") || "none: poses are chosen by silhouettes alone"],
      ["known rotations", `${withPose}`],
      ...corrected.facts,
      ...await fileRows(dataset),
    ],
    problems: failed.length > 0 ? [[`unreadable: ${failed.length} (cannot be used)`, failed[0]]] : [],
    warnings: corrected.warnings,
    sheet,
    listing: { images: records.map((record, i) => listedRecord(record, areas[i])), ignored: [] },
    report: null,
  };
}

/** What a person said about the poses of a data set, and of photographs that it does not hold. */
async function correctionsOf(dataset: Dataset): Promise<{ facts: string[][]; warnings: string[] }> {
  const corrections = await readPoseCorrections(correctionsFile(dataset.name)),
    told = describeCorrections(corrections);
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

/** Pixels of each object; a sentence where it cannot be read. */
async function objectAreas(
  dataset: Dataset,
  records: readonly SampleRecord[],
  callbacks: StageCallbacks,
): Promise<(number | string)[]> {
  let done = 0;
  return await mapConcurrently(records, 4, async (record, i) => {
    try {
      await dataset.sample(i, 32); // its parts, too
      return (await readObjectMask(record)).reduce((sum, value) => sum + value, 0);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error.message;
    } finally {
      callbacks.onProgress?.({ done: ++done, total: records.length });
    }
  });
}

function listedRecord({ imagePath, box, width, height }: SampleRecord, area: number | string): ListedImage {
  const used = typeof area === "number";
  return {
    ...{
      file: imagePath,
      used,
      mask_area: used ? area : null,
      mask_share: used ? shareOf(area, width * height) : null,
    },
    box: used ? [...box] : null,
    problems: used ? [] : ["unreadable"],
  };
}

/** A share with four digits. */
function shareOf(area: number, pixels: number): number {
  return Number((area / pixels).toPrecision(4));
}

/** The files that a data set is made of, where it tells them. */
async function fileRows({ neededFiles = [] }: Dataset): Promise<string[][]> {
  return await Promise.all(
    neededFiles.map(async ({ path, need }) => {
      const there = await Deno.stat(path).then(() => "there", () => `missing (for ${need})`);
      return [path, there];
    }),
  );
}
