/**
 * Telling how a folder of photographs is laid out.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { ANNOTATIONS_FILE, readCocoLayout } from "./coco_layout.ts";
import { isFolder } from "./find_pictures.ts";
import { readFolderLayout } from "./folder_layout.ts";
import { PROBLEM_KINDS } from "./import_report.ts";
import type { PhotoLayout } from "./photo_source.ts";

const UNDERSTOOD = [
  "What is understood:",
  "  PNG cut-outs, whose alpha channel is the mask, in the folder or in images/",
  "  pictures in images/ (or in the folder) and masks of the same names in masks/",
  `  pictures in images/ (or in the folder) and ${ANNOTATIONS_FILE} in COCO's form`,
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
    throw new UserError(`Cannot read photographs from ${folder}: there is no such folder`);
  }
  const annotated = await Deno.stat(join(folder, ANNOTATIONS_FILE)).then(() => true, () => false);
  const layout = annotated ? await readCocoLayout(folder, category) : await readFolderLayout(folder);
  if (layout.sources.length === 0 && !layout.problems.some(({ kind }) => PROBLEM_KINDS[kind])) {
    throw new UserError(
      annotated
        ? `Cannot read photographs from ${folder}: ${ANNOTATIONS_FILE} has no annotations of ${category}`
        : `Cannot read photographs from ${folder}: there are no pictures in it.\n${UNDERSTOOD}`,
    );
  }
  return layout;
}
