/**
 * Telling how a folder of photographs is laid out.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { ANNOTATIONS_FILE, findAnnotations, readCocoLayout } from "./coco_layout.ts";
import { isFolder } from "./find_pictures.ts";
import { readFolderLayout } from "./folder_layout.ts";
import { PROBLEM_KINDS } from "./import_report.ts";
import type { PhotoLayout } from "./photo_source.ts";
import { isYoloFolder, readYoloLayout } from "./yolo_layout.ts";

const UNDERSTOOD = [
  "What is understood:",
  "  PNG cut-outs, whose alpha channel is the mask, in the folder or in images/",
  "  pictures in images/ (or in the folder) and masks of the same names in masks/",
  `  pictures in images/ (or in the folder) and ${ANNOTATIONS_FILE} in COCO's form`,
  "  pictures in images/ and outlines in labels/ as YOLO's text files (class x1 y1 x2 y2 …)",
].join("\n");

/**
 * Reads a folder of photographs in whichever of the known layouts it is.
 *
 * @param folder Folder
 * @param category Category that is wanted of annotations with several
 * @returns The layout, with one source or more
 * @throws {UserError} If there is no such folder, or no pictures in a known layout in it
 */
export async function findLayout(folder: string, category: string): Promise<PhotoLayout> {
  if (!await isFolder(folder)) {
    const isFile = await Deno.stat(folder).then((entry) => entry.isFile, () => false);
    throw new UserError(
      `Cannot read photographs from ${folder}: ` +
        (isFile ? "it is a file; give the folder that it lies in" : "there is no such folder"),
    );
  }
  const annotations = await findAnnotations(folder);
  const layout = annotations !== null
    ? await readCocoLayout(folder, category, annotations)
    : await isYoloFolder(folder)
    ? await readYoloLayout(folder, category)
    : await readFolderLayout(folder);
  if (layout.sources.length === 0 && !layout.problems.some(({ kind }) => PROBLEM_KINDS[kind])) {
    throw new UserError(
      annotations !== null
        ? `Cannot read photographs from ${folder}: ${annotations} has no annotations of ${category}`
        : `Cannot read photographs from ${folder}: there are no pictures in it.\n${UNDERSTOOD}`,
    );
  }
  return layout;
}
