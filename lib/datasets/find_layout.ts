/**
 * Telling how a folder of photographs is laid out.
 *
 * @module
 */
import { resolve } from "@std/path";
import { UserError } from "../core/errors.ts";
import { ANNOTATIONS_FILE, findAnnotations, readCocoLayout } from "./coco_layout.ts";
import { findToolAnnotations, readToolLayout } from "./tool_layout.ts";
import { isUnreadImage } from "./find_images.ts";
import { readFolderLayout } from "./folder_layout.ts";
import { PROBLEM_KINDS } from "./import_report.ts";
import type { PhotoLayout } from "./photo_source.ts";
import { isYoloFolder, readYoloLayout } from "./yolo_layout.ts";

const UNDERSTOOD = [
  "What is understood:",
  "  RGBA images (PNG), whose alpha channel is the mask, in the folder or in images/",
  "  images in images/ (or in the folder) and masks of the same names in masks/, or beside them as NAME_mask.png",
  `  images in images/ (or in the folder) and ${ANNOTATIONS_FILE} in COCO's form, under any name`,
  "  images in images/ and polygons in labels/ as YOLO's text files (class x1 y1 x2 y2 …)",
  "  images with JSON files of labelme, or an export of Label Studio (JSON) or CVAT (XML)",
].join("\n");

/** Why a layout has no photographs that could be used. */
function whyNone(
  { problems, ignored = [] }: PhotoLayout,
  files: readonly string[],
  category: string,
): string {
  const [problem] = problems;
  if (files.length > 0) {
    const why = problem ? ` that can be used: ${problem.value}; ${problem.advice}` : "";
    return `${files.join(", ")} has no annotations of ${category}${why}`;
  }
  const unread = ignored.find(({ file }) => isUnreadImage(file));
  if (unread) return `there are no photographs in it that are read; ${unread.file}: ${unread.reason}`;
  const unmarked = ignored.find(({ isUnmarked }) => isUnmarked);
  if (unmarked) return `none of its images can be used; ${unmarked.file}: ${unmarked.reason}`;
  return `there are no images in it.\n${UNDERSTOOD}`;
}

/**
 * Reads a folder of photographs in whichever of the known layouts it is.
 *
 * @param folder Folder
 * @param category Category that is wanted of annotations with several
 * @returns The layout, with one source or more
 * @throws {UserError} If there is no such folder, or no images in a known layout in it
 */
export async function findLayout(folder: string, category: string): Promise<PhotoLayout> {
  const { isDirectory } = await Deno.stat(folder).catch((cause) => {
    throw new UserError(`Cannot read photographs from ${resolve(folder)}: there is no such folder`, {
      cause,
    });
  });
  if (!isDirectory) {
    throw new UserError(
      `Cannot read photographs from ${resolve(folder)}: it is a file; give the folder that it lies in`,
    );
  }
  const annotations = await findAnnotations(folder);
  const ofTools = annotations.length > 0 ? [] : await findToolAnnotations(folder);
  const layout = annotations.length > 0
    ? await readCocoLayout(folder, category, annotations)
    : ofTools.length > 0
    ? await readToolLayout(folder, category, ofTools)
    : await isYoloFolder(folder)
    ? await readYoloLayout(folder, category)
    : await readFolderLayout(folder);
  if (layout.sources.length === 0 && !layout.problems.some(({ kind }) => PROBLEM_KINDS[kind])) {
    const files = annotations.length > 0 ? annotations : ofTools.map(({ file }) => file);
    throw new UserError(
      `Cannot read photographs from ${resolve(folder)}: ${whyNone(layout, files, category)}`,
    );
  }
  return layout;
}
