/**
 * Photographs with polygons in YOLO's text files: one file for each image, one line for each object, a class number
 * and corners as shares of the image's width and height.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { decodeText } from "../io/json_file.ts";
import { findFiles, isImageName } from "./find_images.ts";
import type { IgnoredFile, ImageProblem } from "./import_report.ts";
import { IdMaker, type PhotoLayout, type PhotoSource } from "./photo_source.ts";
import { nameOf, stemOf } from "./image_names.ts";
import { isNameFile, readClassNames } from "./yolo_names.ts";

/** Folder of the text files. */
const LABELS = "labels";
/** First line of a text file that stands beside its image. */
const POLYGON_LINE = /^\s*\d+(\s+[-+.\deE]+){4,}\s*$/m;

/** One line of a file. */
interface LabelledPolygon {
  readonly classNumber: number;
  readonly polygon: readonly number[];
}

/** Whether a folder has text files with polygons, in labels/ or beside its images. */
export async function isYoloFolder(folder: string): Promise<boolean> {
  const files = await findFiles(folder), labels = labelFiles(files);
  if (labels.some((file) => labelsFolder(file) >= 0)) return true;
  const images = new Set(files.filter(isImageName).map(stemOf));
  const beside = labels.find((file) => images.has(stemOf(file)));
  return beside !== undefined && POLYGON_LINE.test(await readText(folder, beside));
}

/**
 * Reads the images in `images/` (or beside `labels/`, or beside the text files) with the polygons in `labels/`; the same
 * in `train/`, `valid/`, `val/` and `test/`. Classes are named by `data.yaml` or `classes.txt`.
 *
 * @param folder Folder
 * @param category Of several classes only the one of this name is taken
 * @returns The layout, one source per line
 * @throws {UserError} If there are several classes and none has that name
 */
export async function readYoloLayout(folder: string, category: string): Promise<PhotoLayout> {
  const files = await findFiles(folder);
  const { names, file: nameFile } = await readClassNames(folder, files);
  const ids = new IdMaker(), problems: ImageProblem[] = [];
  const labels = new Map(labelFiles(files).map((path) => [labelKey(path), path]));
  const images = files.filter(isImageName).filter((path) => labelsFolder(path) < 0).map(nameOf);
  const unused = new Map(labels);
  const found = [];
  for (const { path: image, key } of images) {
    const label = labels.get(key);
    unused.delete(key);
    found.push({ image, stem: key, labelled: label ? await readPolygons(folder, label) : null });
  }
  const numbers = new Set(found.flatMap(({ labelled }) => (labelled ?? []).flatMap(classOf)));
  const wanted = wantedClass(names, numbers, category, folder, nameFile);
  const unnamed = names.size > 0 ? [...numbers].filter((number) => !names.has(number)) : [];
  if (unnamed.length > 0) {
    problems.push({
      file: nameFile!,
      kind: "dropped_annotation",
      value: `polygons of class ${unnamed.join(", ")} were left out: it names ${names.size} classes`,
      advice: "correct the numbers, or the names",
    });
  }
  const sources: PhotoSource[] = [], withoutObject: IgnoredFile[] = [];
  for (const { image, stem, labelled } of found) {
    if (labelled === null) {
      const unmarked = "there is no file of polygons of the same name";
      sources.push({ ...sourceOf(ids.make(stem), image), mask: null, unmarked });
      continue;
    }
    const wrong = labelled.filter((polygon) => "file" in polygon);
    const polygons = labelled.filter((polygon) =>
      "polygon" in polygon && (wanted === null || polygon.classNumber === wanted)
    ) as LabelledPolygon[];
    if (polygons.length === 0 && wrong.length > 0) {
      sources.push({ ...sourceOf(ids.make(stem), image), mask: null, problem: wrong.shift()! });
    } else if (polygons.length === 0) {
      const reason = `no polygon of ${category} belongs to it`;
      withoutObject.push({ file: image, reason, isUnmarked: true });
    }
    problems.push(...wrong);
    polygons.forEach(({ polygon }, k) => {
      const id = ids.make(polygons.length > 1 ? `${stem}_${k}` : stem);
      sources.push({
        ...sourceOf(id, image),
        mask: { kind: "polygons", polygons: [polygon], inShares: true },
      });
    });
  }
  const ignored = [
    ...[...unused.values()].map((file) => ({ file, reason: "there is no image of the same name" })),
    ...withoutObject,
    ...files.filter((file) => !isImageName(file) && !labels.has(labelKey(file)) && file !== nameFile)
      .map((file) => ({ file, reason: "it is neither an image nor a file of polygons" })),
  ];
  return {
    description: "polygons in YOLO's text files in labels/",
    sources,
    partNames: new Map(),
    problems,
    ignored,
  };
}

function sourceOf(id: string, image: string): Omit<PhotoSource, "mask"> {
  return { id, image, parts: null, statedSize: null, camera: null };
}

function classOf(polygon: LabelledPolygon | ImageProblem): number[] {
  return "classNumber" in polygon ? [polygon.classNumber] : [];
}

/** Text files that may hold polygons. */
function labelFiles(files: readonly string[]): string[] {
  return files.filter((path) => /\.txt$/i.test(path) && !isNameFile(path));
}

/** Place of the folder of text files among the parts of a path; -1 if it lies in none. */
function labelsFolder(path: string): number {
  return path.split("/").slice(0, -1).findIndex((part) => part.toLowerCase() === LABELS);
}

/** What an image of the same name is called, without its folder. */
function labelKey(path: string): string {
  const parts = path.normalize("NFC").split("/"), at = labelsFolder(path);
  return stemOf(parts.filter((_, i) => i !== at).join("/"));
}

async function readText(folder: string, file: string): Promise<string> {
  return decodeText(await Deno.readFile(join(folder, file)));
}

async function readPolygons(folder: string, file: string): Promise<(LabelledPolygon | ImageProblem)[]> {
  const text = await readText(folder, file);
  return text.split(/\r\n|\r|\n/).flatMap((line, i): (LabelledPolygon | ImageProblem)[] => {
    if (line.trim() === "") return [];
    const [first, ...values] = line.trim().split(/\s+/).map(Number);
    const wrong = whyNotAPolygon(first, values);
    if (wrong === null) return [{ classNumber: first, polygon: values }];
    return [{
      file,
      kind: "bad_annotation" as const,
      value: `line ${i + 1} ${wrong}`,
      advice: "correct the line",
    }];
  });
}

function whyNotAPolygon(classNumber: number, values: readonly number[]): string | null {
  if (!Number.isInteger(classNumber) || classNumber < 0) return "does not begin with a class number";
  if (values.length === 4) return "is a box; a polygon of three or more corners is needed";
  if (values.length < 6 || values.length % 2 !== 0) {
    return `has ${values.length} values; corners x y are needed`;
  }
  if (!values.every((value) => value >= -0.01 && value <= 1.01)) {
    return "has corners that are not shares from 0 to 1";
  }
  return null;
}

/** Number of the wanted class; null if all are. */
function wantedClass(
  names: ReadonlyMap<number, string>,
  numbers: ReadonlySet<number>,
  category: string,
  folder: string,
  nameFile: string | null,
): number | null {
  const match = [...names].find(([, name]) => name.toLowerCase() === category.toLowerCase());
  const unnamed = [...numbers].filter((number) => names.size > 0 && !names.has(number));
  if (match && (numbers.has(match[0]) || numbers.size === 0)) return match[0];
  if (match || unnamed.length > 0) {
    const known = [...names].map(([number, name]) => `${number} ${name}`).join(", ");
    throw new UserError(
      `Cannot find ${category} in ${folder}: its polygons are of class ${
        [...numbers].join(", ")
      }, but ${nameFile} names ` +
        `${known}. Correct the numbers, or the names.`,
    );
  }
  if (numbers.size <= 1) return null;
  const known = [...numbers].sort((a, b) => a - b).map((number) => names.get(number) ?? `${number}`).join(
    ", ",
  );
  throw new UserError(
    `Cannot choose among the classes of ${folder}: none is called ${category}; it has ${known}. ` +
      `Name them in classes.txt, one a line, or leave one.`,
  );
}
