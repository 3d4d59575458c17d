/**
 * Detection with its files: images in, a list of objects with masks and parts out.
 *
 * @module
 */
import { FOLDER_NAME, overwrite, skipInvalid } from "../../lib/core/common_options.ts";
import { option, type OptionsInput, type OptionsOutput } from "../../lib/core/option.ts";
import { DETECTOR_OPTIONS } from "./detector.ts";
import { join, resolve } from "@std/path";
import { messageOf, UserError } from "../../lib/core/errors.ts";
import { detectionsFile } from "../../lib/core/paths.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import { chooseObjects, type ChosenObject } from "./choose_objects.ts";
import type { Box } from "../../lib/datasets/crop.ts";
import { type FindObjects, isClass } from "../../lib/datasets/detect/instance.ts";
import { readFolderLayout } from "../../lib/datasets/folder_layout.ts";
import { CLASS_NAMES, DATASET_CLASSES, DEFAULT_DATASETS } from "../datasets/catalog.ts";
import { type DetectedPart, type Detection, writeDetections } from "../datasets/detections_file.ts";
import type { FilterReason } from "../datasets/filters.ts";
import { type ListedImage, listImages } from "../datasets/image_lists.ts";
import { type FoundPart, readFoundParts } from "../datasets/part_detections.ts";
import { writeJsonAtomic } from "../../lib/io/atomic_file.ts";
import { readByteImage } from "../../lib/io/image_file.ts";
import { encodeRle, runsToText } from "../../lib/io/rle.ts";
import { checkResultFile } from "../../lib/pipeline/result_file.ts";

/** Options of the task `detect`. */
export const DETECT_OPTIONS = {
  datasets: option.list({
    doc: "Data sets: names, or all, imagenet, p3d; with 'images' the one name of yours.",
    pattern: FOLDER_NAME,
    required: true,
  }),
  images: option.text({
    reads: true,
    doc: "Folder of photographs; the data set's own folder if left out.",
  }),
  category: option.text({
    flag: "template",
    doc: "Class that is wanted; that of the data set if left out.",
  }),
  model: option.text({ reads: true, doc: "Segmentation model in ONNX's format.", excludes: ["results"] }),
  ...DETECTOR_OPTIONS,
  results: option.text({ reads: true, doc: "COCO results of another tool, in place of a model." }),
  annotations: option.text({
    reads: true,
    doc: "The annotations with images and categories that the results are for.",
  }),
  threshold: option.number({
    flag: "detection_threshold",
    doc: "Least score; auto is 0.9, and 0 of cub.",
    minimum: 0,
    maximum: 1,
    auto: null,
  }),
  filters: option.choice({
    doc: "Leave out small, cut off and touching objects; auto does so for the original's data sets but cub.",
    choices: ["auto", "on", "off"],
    default: "auto",
  }),
  skipInvalid,
  overwrite,
} as const;

/** What objects are found in. */
export interface DetectRequest
  extends
    Pick<OptionsOutput<typeof DETECT_OPTIONS>, "threshold">,
    Pick<OptionsInput<typeof DETECT_OPTIONS>, "skipInvalid" | "overwrite"> {
  /** Name of the data set. */
  readonly dataset: string;
  /** Folder of photographs; null for the images of the data set's own folders. */
  readonly images: string | null;
  /** Class that is wanted; null for that of a known data set. */
  readonly category: string | null;
  /** Leave out small, cut off and touching objects; null for the original's data sets but `cub`. */
  readonly filters: boolean | null;
}

/** What came of it. */
export interface DetectReport {
  /** Name of the data set. */
  readonly dataset: string;
  /** Class. */
  readonly category: string;
  /** Images that were looked at. */
  readonly images: number;
  /** Objects that were kept. */
  readonly objects: number;
  /** Images in which nothing of the class was found. */
  readonly withoutObject: number;
  /** Objects left out, by why. */
  readonly dropped: Readonly<Partial<Record<FilterReason, number>>>;
  /** Parts by name: share of the objects that show each. */
  readonly parts: Readonly<Record<string, number>>;
  /** Images that could not be read, with the reason. */
  readonly invalid: readonly (readonly [file: string, reason: string])[];
  /** The list of objects. */
  readonly file: string;
}

/** Names of data sets that a group stands for. */
export function datasetsOf(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (name === "all") return [...DEFAULT_DATASETS, "p3d_car", "p3d_airplane"];
    if (name === "imagenet") return DEFAULT_DATASETS.filter((dataset) => dataset.startsWith("imagenet_"));
    return name === "p3d" ? ["p3d_car", "p3d_airplane"] : [name];
  });
}

/**
 * Finds the objects of a data set and writes `cache/<name>/detections.npy`, and what was left out beside it.
 *
 * @param request Which images
 * @param find What finds objects
 * @param callbacks Progress in images
 * @returns Counts
 * @throws {UserError} If images are missing or cannot be read, nothing is found, or the list exists
 */
export async function runDetection(
  request: DetectRequest,
  find: FindObjects,
  callbacks: StageCallbacks = {},
): Promise<DetectReport> {
  const { dataset, overwrite = false } = request;
  const known = Object.hasOwn(DATASET_CLASSES, dataset) ? DATASET_CLASSES[dataset] : null;
  const category = request.category ?? known;
  if (category === null) {
    throw new UserError(`Cannot tell the class of the data set ${dataset}: give it with 'category'`);
  }
  const file = detectionsFile(dataset);
  await checkResultFile(file, overwrite);
  const threshold = request.threshold ?? (dataset === "cub" ? 0 : 0.9);
  const options = {
    className: category,
    onlyBest: dataset === "cub",
    filters: request.filters ?? (known !== null && dataset !== "cub"),
  };
  const images = request.images === null ? await listImages(dataset) : await listFolder(request.images);
  const found = await findAll(
    images,
    find,
    { ...options, threshold, skipInvalid: request.skipInvalid },
    callbacks,
  );
  const objects = found.flatMap(({ kept }) => kept).length;
  if (objects === 0) {
    throw new UserError(
      `No ${category} was found in ${images.length} images of ${dataset}: ${whyNothing(found, threshold)}`,
    );
  }
  const frequencies = partFrequencies(found.flatMap(({ kept }) => kept));
  await writeDetections(file, detectionsOf(found, category, frequencies));
  const report: DetectReport = {
    dataset,
    category,
    images: images.length,
    objects,
    withoutObject: found.filter(({ invalid, seen }) => invalid === null && !seen).length,
    dropped: sumOf(found.map(({ dropped }) => dropped)),
    parts: Object.fromEntries([...frequencies].map(([, { name, frequency }]) => [name, frequency])),
    invalid: found.flatMap(({ path, invalid }) => invalid === null ? [] : [[path, invalid] as const]),
    file,
  };
  await writeJsonAtomic(file.replace(/\.npy$/, ".json"), report);
  return report;
}

/** Why no object was found, and what to do. */
function whyNothing(found: readonly FoundInImage[], threshold: number): string {
  if (found.every(({ isKnown }) => !isKnown)) {
    return `the results name none of them, such as ${
      found[0]?.path
    }; compare the names of images (file_name)`;
  }
  const others = [...new Set(found.flatMap(({ classes }) => classes))];
  const advice = `check 'threshold' (${threshold}) and 'labels', and that the model knows this class`;
  return others.length > 0 ? `found were ${others.slice(0, 8).join(", ")}; ${advice}` : advice;
}

/** An object whose masks are run lengths, which need little memory. */
interface KeptObject {
  readonly score: number;
  readonly box: Box;
  readonly runs: string;
  readonly parts: readonly Omit<DetectedPart, "frequency">[];
}

/** What was found in an image. */
interface FoundInImage {
  readonly path: string;
  readonly height: number;
  readonly width: number;
  readonly kept: readonly KeptObject[];
  readonly seen: boolean;
  /** Whether the source of objects knows the image. */
  readonly isKnown: boolean;
  /** Classes that were found in it. */
  readonly classes: readonly string[];
  readonly dropped: Readonly<Partial<Record<FilterReason, number>>>;
  readonly invalid: string | null;
}

async function findAll(
  images: readonly ListedImage[],
  find: FindObjects,
  options: {
    className: string;
    onlyBest: boolean;
    filters: boolean;
    threshold: number;
    skipInvalid?: boolean;
  },
  callbacks: StageCallbacks,
): Promise<FoundInImage[]> {
  const found: FoundInImage[] = [], names = images.map(({ imagePath }) => imagePath);
  for (const { imagePath: path, partsPath } of images) {
    throwIfStopped(callbacks.signal, "Detection");
    try {
      const image = await readByteImage(path);
      const { height, width } = image;
      const answer = await find(path, image, options.threshold, names), instances = answer ?? [];
      const { kept, dropped } = chooseObjects(
        instances,
        await partsIfThere(partsPath, height, width),
        height,
        width,
        options,
      );
      const seen = instances.some((instance) => isClass(instance, options.className));
      const classes = instances.map(({ className }) => className);
      found.push({
        path,
        height,
        width,
        kept: kept.map((chosen) => withRuns(chosen, height, width)),
        seen,
        isKnown: answer !== null,
        classes,
        dropped,
        invalid: null,
      });
    } catch (error) {
      if (!options.skipInvalid || !(error instanceof UserError)) throw error;
      found.push({
        path,
        height: 0,
        width: 0,
        kept: [],
        seen: false,
        isKnown: true,
        classes: [],
        dropped: {},
        invalid: messageOf(error),
      });
    }
    callbacks.onProgress?.({ done: found.length, total: images.length });
  }
  return found;
}

function withRuns({ object, parts }: ChosenObject, height: number, width: number): KeptObject {
  const { score, box, mask } = object;
  const runs = runsToText(encodeRle(mask, height, width));
  return { score, box, runs, parts: parts.map(({ mask: _, ...part }) => part) };
}

async function partsIfThere(path: string, height: number, width: number): Promise<FoundPart[]> {
  const isThere = path !== "" && await Deno.stat(path).then(() => true, () => false);
  return isThere ? await readFoundParts(path, height, width) : [];
}

async function listFolder(folder: string): Promise<ListedImage[]> {
  const { sources } = await readFolderLayout(folder);
  if (sources.length === 0) {
    throw new UserError(`Cannot detect objects in ${resolve(folder)}: there are no images in it`);
  }
  return sources.map(({ image }) => ({ imagePath: join(folder, image), partsPath: "" }));
}

/** Share of the objects that show each part at least once, by its number at the detector. */
function partFrequencies(objects: readonly KeptObject[]): Map<number, { name: string; frequency: number }> {
  const shown = objects.flatMap(({ parts }) => [
    ...new Map(parts.map(({ detectorClass, name }) => [detectorClass, name])),
  ]);
  return new Map([...Map.groupBy(shown, ([number]) => number)].map(([number, members]) => [
    number,
    { name: members[0][1], frequency: members.length / objects.length },
  ]));
}

function detectionsOf(
  found: readonly FoundInImage[],
  category: string,
  frequencies: ReadonlyMap<number, { readonly frequency: number }>,
): Detection[] {
  const objects = found.flatMap((image) => image.kept.map((kept) => ({ ...image, ...kept })));
  const place = (CLASS_NAMES as readonly string[]).indexOf(category);
  return objects.map(({ path, height, width, score, box, runs, parts }, id) => ({
    id,
    className: category,
    classId: place < 0 ? CLASS_NAMES.length : place, // the original knows no others
    height,
    width,
    imagePath: path,
    score,
    box,
    runs,
    parts: parts.map((part) => ({ ...part, frequency: frequencies.get(part.detectorClass)!.frequency })),
  }));
}

function sumOf(parts: readonly Readonly<Partial<Record<FilterReason, number>>>[]) {
  const sums: Partial<Record<FilterReason, number>> = {};
  for (const part of parts) {
    for (const [reason, count] of Object.entries(part) as [FilterReason, number][]) {
      sums[reason] = (sums[reason] ?? 0) + count;
    }
  }
  return sums;
}
