/**
 * Opening one of the original's data sets from its list of detections.
 *
 * @module
 */
import { basename } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { detectionsFile } from "../../lib/core/paths.ts";
import type { Quaternion } from "../../lib/rendering/quaternion.ts";
import type { Dataset, SampleRecord } from "../../lib/datasets/dataset.ts";
import { IdMaker } from "../../lib/datasets/photo_source.ts";
import { datasetOfRecords } from "../../lib/datasets/records_dataset.ts";
import { ALL_CLASSES, CLASS_NAMES, DATASET_CLASSES, DEFAULT_DATASETS } from "./catalog.ts";
import { type Detection, readDetections } from "./detections_file.ts";
import { annotationFiles, readTrueRotations } from "./ground_truth.ts";
import { missingFilesError, neededFiles } from "./needed_files.ts";
import { partClasses } from "./part_classes.ts";

/** Whether a name is that of one of the original's data sets, or has a list of detections. */
export async function isOriginalDataset(name: string): Promise<boolean> {
  return name === ALL_CLASSES || Object.hasOwn(DATASET_CLASSES, name) || await isFile(detectionsFile(name));
}

/**
 * Opens a data set of the original: `cub`, `p3d_car`, `p3d_airplane`, `imagenet_<class>`, `all`, or photographs of one's
 * own that went through its detection.
 *
 * @param name Name of the data set
 * @returns The data set, in the order of its list of detections
 * @throws {UserError} If files are missing (telling where each must lie and where it comes from) or damaged
 */
export async function openOriginalDataset(name: string): Promise<Dataset> {
  if (name === ALL_CLASSES) return await openAllClasses();
  const path = detectionsFile(name);
  if (!await isFile(path)) throw await missingFilesError(name);
  const detections = await readDetections(path);
  const category = categoryOf(name, detections, path);
  const { names, ofDetection } = partClasses(detections);
  const rotations = await rotationsOf(name);
  const ids = new IdMaker();
  const records = detections.map((detection, i): SampleRecord => ({
    id: ids.make(basename(detection.imagePath).replace(/\.[^.]*$/, "")),
    imagePath: detection.imagePath,
    maskPath: null,
    maskRuns: detection.runs,
    partsPath: null,
    partRuns: ofDetection[i],
    classIndex: 0,
    width: detection.width,
    height: detection.height,
    box: detection.box,
    truePose: poseOfRotation(rotations?.get(basename(detection.imagePath))),
  }));
  return datasetOfRecords({
    name,
    category,
    classNames: [category],
    partNames: names,
    records,
    partLabels: [],
    ...(Object.hasOwn(DATASET_CLASSES, name) ? { neededFiles: neededFiles(name) } : {}),
  });
}

/** The default data sets of all classes after one another; parts are numbered as they first appear. */
async function openAllClasses(): Promise<Dataset> {
  const missing: string[] = [];
  for (const name of DEFAULT_DATASETS) if (!await isFile(detectionsFile(name))) missing.push(name);
  if (missing.length > 0) throw await missingFilesError(...missing);
  const datasets = await Promise.all(DEFAULT_DATASETS.map((name) => openOriginalDataset(name)));
  const partNames = [...new Set(datasets.flatMap(({ partNames }) => partNames))];
  const ids = new IdMaker();
  const records = datasets.flatMap((dataset, classIndex) =>
    dataset.records.map((record): SampleRecord => ({
      ...record,
      id: ids.make(record.id),
      classIndex,
      partRuns: record.partRuns?.map((found) => ({
        ...found,
        part: partNames.indexOf(dataset.partNames[found.part]),
      })),
    }))
  );
  return datasetOfRecords({
    name: ALL_CLASSES,
    category: ALL_CLASSES,
    classNames: CLASS_NAMES,
    members: DEFAULT_DATASETS,
    partNames,
    classParts: datasets.map((dataset) => dataset.partNames.map((part) => partNames.indexOf(part))),
    records,
    partLabels: [],
  });
}

/** The class that all detections have; of a known data set it must be the known one. */
function categoryOf(name: string, detections: readonly Detection[], path: string): string {
  if (detections.length === 0) {
    throw new UserError(`Cannot open the data set ${name}: ${path} lists no objects`);
  }
  const wanted = Object.hasOwn(DATASET_CLASSES, name) ? DATASET_CLASSES[name] : detections[0].className;
  const other = detections.find(({ className }) => className !== wanted);
  if (other) {
    throw new UserError(
      `Cannot open the data set ${name}: all objects of ${path} must be of class ${wanted}, ` +
        `object ${other.id} is of class ${other.className}`,
    );
  }
  return wanted;
}

async function rotationsOf(name: string): Promise<Map<string, Quaternion> | null> {
  const files = annotationFiles(name);
  if (!files || !await isFile(files.images) || !await isFile(files.cameras)) return null;
  return await readTrueRotations(files);
}

/** A pose of which only the rotation is known. */
function poseOfRotation(rotation: Quaternion | undefined): SampleRecord["truePose"] {
  return rotation ? { rotation, scale: NaN, translation: [NaN, NaN], perspective: NaN } : null;
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}
