/**
 * Photographs with the files of annotation tools: labelme, Label Studio, CVAT.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { decodeText } from "../io/json_file.ts";
import { findFiles, isImageName, whyNoImage } from "./find_images.ts";
import type { ImageProblem } from "./import_report.ts";
import { IdMaker, type MaskSource, type PhotoLayout, type PhotoSource } from "./photo_source.ts";
import { ImageIndex, plainPath, stemOf } from "./image_names.ts";
import { isCvat, parseCvat } from "./tools/cvat.ts";
import { isLabelStudio, parseLabelStudio } from "./tools/label_studio.ts";
import { isLabelme, parseLabelme } from "./tools/labelme.ts";
import type { ToolImage, ToolShape } from "./tools/tool_image.ts";

/** Fewest values of a polygon: three corners. */
const LEAST_VALUES = 6;

/** The tools whose files are read. */
const TOOLS = [
  { name: "labelme", ending: /\.json$/i, isFile: isLabelme, parse: parseLabelme },
  { name: "Label Studio", ending: /\.json$/i, isFile: isLabelStudio, parse: parseLabelStudio },
  { name: "CVAT", ending: /\.xml$/i, isFile: isCvat, parse: parseCvat },
] as const;

/** A file of a tool. */
export interface ToolFile {
  /** File, relative to the folder. */
  readonly file: string;
  /** Which tool it is of. */
  readonly tool: typeof TOOLS[number];
}

/** Files of annotation tools in a folder. */
export async function findToolAnnotations(folder: string): Promise<ToolFile[]> {
  const found: ToolFile[] = [];
  for (const file of await findFiles(folder)) {
    const candidates = TOOLS.filter(({ ending }) => ending.test(file));
    if (candidates.length === 0) continue;
    const text = decodeText(await Deno.readFile(join(folder, file)));
    const tool = candidates.find(({ isFile }) => isFile(text));
    if (tool) found.push({ file, tool });
  }
  return found;
}

/**
 * Reads the shapes of a category; shapes of one group are one object.
 *
 * @param folder Folder
 * @param category Of several classes only the one of this name is taken
 * @param toolFiles Files of the tools
 * @returns The layout, one source per object
 * @throws {UserError} If a file is damaged, or there are several classes and none has that name
 */
export async function readToolLayout(
  folder: string,
  category: string,
  toolFiles: readonly ToolFile[],
): Promise<PhotoLayout> {
  const files = await findFiles(folder), index = new ImageIndex(files.filter(isImageName));
  const problems: ImageProblem[] = [], images = await readImages(folder, toolFiles, problems);
  const label = wantedLabel(images.flatMap(({ image }) => image.shapes), category, folder);
  const ids = new IdMaker(), sources: PhotoSource[] = [];
  for (const { file, image: annotated } of images) {
    const beside = dirname(file) === "." ? "" : `${dirname(file)}/`;
    const name = plainPath(annotated.name), image = imageOf(index, name, beside);
    const own = annotated.shapes.filter((shape) => label === null || shape.label.toLowerCase() === label);
    const objects = objectsOf(own.filter(isWhole)), unread = own.filter((shape) => !isWhole(shape));
    problems.push(...(annotated.problems ?? []).map((value) => droppedAnnotation(file, value)));
    const stem = stemOf(image ?? name).replace(/^images\//, "");
    const common = { image: image ?? name, parts: null, statedSize: annotated.size, camera: null };
    objects.forEach((mask, k) =>
      sources.push({ ...common, id: ids.make(objects.length > 1 ? `${stem}_${k}` : stem), mask })
    );
    if (objects.length > 0) problems.push(...unread.map((shape) => unreadShape(file, name, shape)));
    else if (unread.length > 0) {
      const unmarked = `its ${unread[0].label} is marked by a ${unread[0].kind}, which is ${
        whyUnread(unread[0])
      }`;
      sources.push({ ...common, id: ids.make(stem), mask: null, unmarked });
    }
  }
  const used = new Set([...toolFiles.map(({ file }) => file), ...sources.map(({ image }) => image)]);
  const tools = [...new Set(toolFiles.map(({ tool }) => tool.name))];
  return {
    description: `annotations of ${tools.join(" and ")}`,
    sources,
    partNames: new Map(),
    problems,
    ignored: files.filter((file) => !used.has(file)).map((file) => ({
      file,
      reason: isImageName(file) ? `no annotation of ${category} names it` : whyNoImage(file),
    })),
  };
}

/** The file of an image; exports put a random word before the names of files that were uploaded. */
function imageOf(index: ImageIndex, name: string, beside: string): string | null {
  const folders = [beside, `${beside}images/`, "", "images/"];
  return index.find(name, folders) ??
    index.find(name.replace(/([^/]*)$/, (base) => base.replace(/^[0-9a-f]{6,}-/, "")), folders);
}

/** Masks of objects: polygons of one group together, others one by one. */
function objectsOf(shapes: readonly ToolShape[]): MaskSource[] {
  const groups = Map.groupBy(
    shapes.map((shape, k) => ({
      ...shape,
      key: shape.group ?? `alone ${k}`,
    })),
    ({ key }) => key,
  );
  return [...groups.values()].flatMap((members): MaskSource[] => {
    const masks = members.map(({ mask }) => mask!);
    const polygons = masks.filter((mask) => mask.kind === "polygons");
    const { inShares = false } = polygons[0] ?? {};
    const joined = polygons.length > 1
      ? [{ kind: "polygons" as const, polygons: polygons.flatMap(({ polygons }) => polygons), inShares }]
      : polygons;
    return [...joined, ...masks.filter((mask) => mask.kind === "runs")];
  });
}

/** Reads the files; one that cannot be read is told where others can. */
async function readImages(
  folder: string,
  toolFiles: readonly ToolFile[],
  problems: ImageProblem[],
): Promise<{ file: string; image: ToolImage }[]> {
  const images: { file: string; image: ToolImage }[] = [];
  let first: UserError | undefined;
  for (const { file, tool } of toolFiles) {
    const place = join(folder, file);
    try {
      const read = await tool.parse(decodeText(await Deno.readFile(place)), place);
      images.push(...read.map((image) => ({ file, image })));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      first ??= error;
      const value = error.message.replace(`Cannot read the annotations ${place}: `, "");
      problems.push({ file, kind: "bad_annotation", value, advice: "export it again, or remove it" });
    }
  }
  if (images.length === 0 && first) throw first;
  return images;
}

/** Whether a shape encloses something. */
function isWhole({ mask }: ToolShape): boolean {
  if (mask?.kind !== "polygons") return mask !== null;
  return mask.polygons.every((ring) => ring.length >= LEAST_VALUES && ring.every(Number.isFinite));
}

function whyUnread({ mask }: ToolShape): string {
  return mask === null ? "no polygon" : "no polygon of three corners or more";
}

function unreadShape(file: string, image: string, shape: ToolShape): ImageProblem {
  const { label, kind } = shape;
  return {
    ...droppedAnnotation(
      file,
      `a ${label} in ${image} is marked by a ${kind}, which is ${whyUnread(shape)}`,
    ),
    advice: "mark it by a polygon or a mask",
  };
}

function droppedAnnotation(file: string, value: string): ImageProblem {
  return { file, kind: "dropped_annotation", value, advice: "correct it where it was made" };
}

/** The wanted class in lower case; null if all are. */
function wantedLabel(shapes: readonly ToolShape[], category: string, folder: string): string | null {
  const labels = [...new Set(shapes.map(({ label }) => label))];
  const match = labels.find((label) => label.toLowerCase() === category.toLowerCase());
  if (match !== undefined) return match.toLowerCase();
  if (labels.length <= 1) return null;
  throw new UserError(
    `Cannot choose among the classes of ${folder}: none is called ${category}; it has ${
      labels.join(", ")
    }. Rename one ` +
      "or leave one.",
  );
}
