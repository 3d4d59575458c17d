/**
 * Photographs with outlines in YOLO's text files: one file for each picture, one line for each object, a class number
 * and corners as shares of the picture's width and height.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { findPictures, isFolder } from "./find_pictures.ts";
import type { PictureProblem } from "./import_report.ts";
import { IdMaker, type PhotoLayout, type PhotoSource } from "./photo_source.ts";

/** Folders of a split data set, each with images/ and labels/. */
const SPLITS = ["train", "valid", "val", "test"];
/** Files that name the classes. */
const NAME_FILES = ["data.yaml", "data.yml", "dataset.yaml", "classes.txt"];

/** One line of a file. */
interface Outline {
  readonly classNumber: number;
  readonly polygon: readonly number[];
}

/** Whether a folder, or the folder of a split in it, has labels/ with text files. */
export async function isYoloFolder(folder: string): Promise<boolean> {
  return (await labelFolders(folder)).length > 0;
}

/**
 * Reads the pictures in `images/` (or beside `labels/`) with the outlines in `labels/`; the same in `train/`, `valid/`,
 * `val/` and `test/`. Classes are named by `data.yaml` or `classes.txt`.
 *
 * @param folder Folder
 * @param category Of several classes only the one of this name is taken
 * @returns The layout, one source per line
 * @throws {UserError} If there are several classes and none has that name
 */
export async function readYoloLayout(folder: string, category: string): Promise<PhotoLayout> {
  const names = await classNames(folder);
  const ids = new IdMaker();
  const found: { image: string; stem: string; outlines: (Outline | PictureProblem)[] | null }[] = [];
  const problems: PictureProblem[] = [];
  for (const prefix of await labelFolders(folder)) {
    const labels = new Map(
      (await textFiles(join(folder, prefix, "labels"))).map((path) => [stemOf(path), path]),
    );
    const inImages = await isFolder(join(folder, prefix, "images")) ? `${prefix}images/` : prefix;
    for (const path of await findPictures(join(folder, inImages), ["labels"])) {
      const label = labels.get(stemOf(path));
      labels.delete(stemOf(path));
      const outlines = label ? await readOutlines(folder, `${prefix}labels/${label}`) : null;
      found.push({ image: inImages + path, stem: prefix + stemOf(path), outlines });
    }
    for (const label of labels.values()) {
      problems.push({
        file: `${prefix}labels/${label}`,
        kind: "unused_file",
        value: "there is no picture of the same name",
        advice: `put the picture into ${inImages || "the folder"} or remove the file`,
      });
    }
  }
  const numbers = new Set(found.flatMap(({ outlines }) => (outlines ?? []).flatMap(classOf)));
  const wanted = wantedClass(names, numbers, category, folder);
  const sources: PhotoSource[] = [];
  for (const { image, stem, outlines } of found) {
    if (outlines === null) {
      sources.push({ ...sourceOf(ids.make(stem), image), mask: null });
      continue;
    }
    problems.push(...outlines.filter((outline) => "file" in outline));
    const polygons = outlines.filter((outline) =>
      "polygon" in outline && (wanted === null || outline.classNumber === wanted)
    ) as Outline[];
    polygons.forEach(({ polygon }, k) => {
      const id = ids.make(polygons.length > 1 ? `${stem}_${k}` : stem);
      sources.push({
        ...sourceOf(id, image),
        mask: { kind: "polygons", polygons: [polygon], inShares: true },
      });
    });
  }
  return { description: "outlines in YOLO's text files in labels/", sources, partNames: new Map(), problems };
}

function sourceOf(id: string, image: string): Omit<PhotoSource, "mask"> {
  return { id, image, parts: null, statedSize: null, camera: null };
}

function classOf(outline: Outline | PictureProblem): number[] {
  return "classNumber" in outline ? [outline.classNumber] : [];
}

/** Prefixes of the folders that have labels/ with text files: "", or those of splits. */
async function labelFolders(folder: string): Promise<string[]> {
  const prefixes: string[] = [];
  for (const prefix of ["", ...SPLITS.map((split) => `${split}/`)]) {
    if ((await textFiles(join(folder, prefix, "labels"))).length > 0) prefixes.push(prefix);
  }
  return prefixes;
}

/** Text files of a folder and of the folders in it. */
async function textFiles(folder: string): Promise<string[]> {
  if (!await isFolder(folder)) return [];
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) {
      for await (const inner of Deno.readDir(join(folder, name))) {
        if (inner.name.endsWith(".txt")) files.push(`${name}/${inner.name}`);
      }
    } else if (name.endsWith(".txt") && name !== "classes.txt") files.push(name);
  }
  return files.sort();
}

async function readOutlines(folder: string, file: string): Promise<(Outline | PictureProblem)[]> {
  const text = await Deno.readTextFile(join(folder, file));
  return text.split("\n").flatMap((line, i): (Outline | PictureProblem)[] => {
    if (line.trim() === "") return [];
    const [first, ...values] = line.trim().split(/\s+/).map(Number);
    const wrong = whyNotAnOutline(first, values);
    if (wrong === null) return [{ classNumber: first, polygon: values }];
    return [{
      file,
      kind: "bad_annotation" as const,
      value: `line ${i + 1} ${wrong}`,
      advice: "correct the line",
    }];
  });
}

function whyNotAnOutline(classNumber: number, values: readonly number[]): string | null {
  if (!Number.isInteger(classNumber) || classNumber < 0) return "does not begin with a class number";
  if (values.length === 4) return "is a box; an outline of three or more corners is needed";
  if (values.length < 6 || values.length % 2 !== 0) {
    return `has ${values.length} values; corners x y are needed`;
  }
  if (!values.every((value) => value >= -0.01 && value <= 1.01)) {
    return "has corners that are not shares from 0 to 1";
  }
  return null;
}

/** Names of classes by number, from whichever file names them. */
async function classNames(folder: string): Promise<Map<number, string>> {
  for (const name of NAME_FILES) {
    const text = await Deno.readTextFile(join(folder, name)).catch(() => null);
    if (text === null) continue;
    if (name.endsWith(".txt")) {
      return new Map(
        text.split("\n").map((line) => line.trim()).filter((line) => line).map((line, i) => [i, line]),
      );
    }
    return namesOfYaml(text);
  }
  return new Map();
}

/** `names` of a YAML file: a list in brackets, a list with dashes, or numbers with names. */
function namesOfYaml(text: string): Map<number, string> {
  const clean = (name: string) => name.trim().replace(/^(['"])(.*)\1$/, "$2");
  const inBrackets = /^names:\s*\[([^\]]*)\]/m.exec(text);
  if (inBrackets) return new Map(inBrackets[1].split(",").map((name, i) => [i, clean(name)]));
  const block = /^names:\s*\n((?:[ \t]*(?:-|\d+:).*\n?)+)/m.exec(text);
  const lines = block?.[1].split("\n").filter((line) => line.trim()) ?? [];
  return new Map(lines.map((line, i) => {
    const numbered = /^\s*(\d+):(.*)$/.exec(line);
    return numbered ? [Number(numbered[1]), clean(numbered[2])] : [i, clean(line.replace(/^\s*-/, ""))];
  }));
}

/** Number of the wanted class; null if all are. */
function wantedClass(
  names: ReadonlyMap<number, string>,
  numbers: ReadonlySet<number>,
  category: string,
  folder: string,
): number | null {
  const match = [...names].find(([, name]) => name.toLowerCase() === category.toLowerCase());
  if (match) return match[0];
  if (numbers.size <= 1) return null;
  const known = [...numbers].sort((a, b) => a - b).map((number) => names.get(number) ?? `${number}`).join(
    ", ",
  );
  throw new UserError(
    `Cannot choose among the classes of ${folder}: none is called ${category}; it has ${known}. ` +
      `Name them in classes.txt, one a line, or leave one.`,
  );
}

function stemOf(path: string): string {
  return path.replace(/\.[^./]*$/, "");
}
