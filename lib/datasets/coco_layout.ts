/**
 * Photographs with annotations in COCO's form.
 *
 * Beyond COCO's fields an annotation may have an image as mask (`mask_file`), an image of part labels (`parts_file`, labels
 * named by `part_categories`), and a `camera`. Categories whose `supercategory` is the object's category, or "part", are
 * parts: their annotations belong to the object of the same image that they lie on.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { type CocoAnnotation, type CocoFile, isCocoFile, readCocoFile } from "./coco_file.ts";
import { findFiles, isImageName, whyNoImage } from "./find_images.ts";
import type { IgnoredFile, ImageProblem } from "./import_report.ts";
import {
  IdMaker,
  type MaskSource,
  type PartSource,
  type PhotoLayout,
  type PhotoSource,
} from "./photo_source.ts";
import { ImageIndex, stemOf } from "./image_names.ts";
import { polygonsOf } from "./polygon_rings.ts";

/** Name of the file that makes a folder a COCO one; other names are found too. */
export const ANNOTATIONS_FILE = "annotations.json";
/** Names that tools give the file. */
const OTHER_FILES = ["_annotations.coco.json", "instances.json", "annotations/instances_default.json"];
/** Super-category of categories that are parts; the object's own name means the same. */
const PART_SUPERCATEGORIES = ["part", "parts"];

/**
 * The files of COCO's annotations in a folder: one of a usual name, else all JSON files of COCO's form, as of splits.
 *
 * @param folder Folder
 * @returns Their paths in the folder
 */
export async function findAnnotations(folder: string): Promise<string[]> {
  const files = (await findFiles(folder)).filter((path) => /\.json$/i.test(path));
  const usual = [ANNOTATIONS_FILE, ...OTHER_FILES].find((name) => files.includes(name));
  if (usual !== undefined) return [usual];
  const found: string[] = [];
  for (const file of files) if (await isCocoFile(join(folder, file))) found.push(file);
  return found;
}

/**
 * Reads the annotations of a folder; its images lie in the folder, in `images/`, or beside the file.
 *
 * @param folder Folder
 * @param category Of several categories only the one of this name is taken
 * @param annotationFiles Its files of annotations
 * @returns The layout, one source per annotation
 * @throws {UserError} If a file does not match COCO's form, or none of its several categories has that name
 */
export async function readCocoLayout(
  folder: string,
  category: string,
  annotationFiles: readonly string[] = [ANNOTATIONS_FILE],
): Promise<PhotoLayout> {
  const files = await findFiles(folder), images = new ImageIndex(files.filter(isImageName));
  const ids = new IdMaker(),
    inImages = files.some((file) => file.startsWith("images/") && isImageName(file));
  const parts = [];
  for (const file of annotationFiles) {
    const coco = await readCocoFile(join(folder, file), file);
    parts.push(readOne(coco, { folder, file, category, images, inImages, ids }));
  }
  const sources = parts.flatMap((part) => part.sources);
  const used = new Set([
    ...annotationFiles,
    ...sources.flatMap((
      { image, mask, parts },
    ) => [image, mask?.kind === "file" ? mask.path : "", parts ?? ""]),
  ]);
  const ignored = files.filter((file) => !used.has(file)).map((file): IgnoredFile => ({
    file,
    reason: isImageName(file) ? `no annotation of ${category} names it` : whyNoImage(file),
  }));
  return {
    description: `COCO annotations in ${annotationFiles.join(", ")}`,
    sources,
    partNames: new Map(parts.flatMap((part) => [...part.partNames])),
    problems: parts.flatMap((part) => part.problems),
    ignored,
  };
}

/** What one file of annotations is read with. */
interface CocoContext {
  readonly folder: string;
  readonly file: string;
  readonly category: string;
  readonly images: ImageIndex;
  readonly inImages: boolean;
  readonly ids: IdMaker;
}

/** Sources of one file of annotations. */
function readOne(
  coco: CocoFile,
  { folder, file, category, images: index, inImages, ids }: CocoContext,
): { sources: PhotoSource[]; problems: ImageProblem[]; partNames: Map<number, string> } {
  const isCategory = new Set([category.toLowerCase(), ...PART_SUPERCATEGORIES]);
  const used = new Set(coco.annotations.map(({ category_id }) => category_id));
  const partCategories = coco.categories.filter(({ name, supercategory: above }) =>
    above && above.toLowerCase() !== name.toLowerCase() && isCategory.has(above.toLowerCase()) &&
    name.toLowerCase() !== category.toLowerCase()
  );
  const labels = new Map(
    partCategories.map(({ id }, k) => [id, Number.isInteger(Number(id)) ? Number(id) : 1 + k]),
  );
  const wanted = wantedCategories(
    coco.categories.filter(({ id }) => !labels.has(id)),
    used,
    category,
    join(folder, file),
  );
  const partsOfImage = Map.groupBy(
    coco.annotations.filter(({ category_id }) => labels.has(category_id!)),
    ({ image_id }) => image_id,
  );
  const own = coco.annotations.filter(({ category_id }) =>
    !labels.has(category_id!) && (wanted === null || category_id == null || wanted.has(category_id))
  );
  const images = Map.groupBy(coco.images, ({ id }) => id), problems = [...coco.problems];
  const annotations = withoutCrowds(withoutDoubles(own, file, problems), file, problems);
  const perImage = Map.groupBy(annotations, ({ image_id }) => image_id);
  const beside = dirname(file) === "." ? "" : `${dirname(file)}/`;
  const where = (name: string) =>
    index.find(name, [beside, `${beside}images/`, "", "images/"]) ?? (inImages ? `images/${name}` : name);
  const sources: PhotoSource[] = [], refused = new Set<string>();
  for (const [k, annotation] of annotations.entries()) {
    const found = images.get(annotation.image_id) ?? [],
      names = new Set(found.map(({ file_name }) => file_name));
    if (names.size === 0) {
      problems.push({
        file,
        kind: "bad_annotation",
        value: `annotation ${annotation.id ?? k} is of image ${annotation.image_id}, which is not in images`,
        advice: "correct image_id or remove the annotation",
      });
    } else if (names.size > 1) sources.push(...ambiguousSources(annotation, [...names], refused, ids, where));
    if (names.size !== 1) continue;
    const { file_name: name, height, width } = found[0];
    const several = perImage.get(annotation.image_id)!.length > 1;
    const image = where(name), stem = stemOf(image.replace(/(^|\/)images\//, "$1"));
    const { source: mask, problem } = maskSourceOf(annotation, file);
    if (problem) problems.push(problem);
    sources.push({
      id: ids.make(several ? `${stem}_${annotation.id ?? k}` : stem),
      image,
      mask,
      unmarked: annotation.segments_info === undefined
        ? "its annotation has no polygon (segmentation is empty)"
        : "its annotation is a panoptic one (segments_info), which is not read",
      parts: annotation.parts_file ?? null,
      ...(labels.size > 0
        ? { partMasks: partSourcesOf(partsOfImage.get(annotation.image_id) ?? [], labels) }
        : {}),
      statedSize: height && width ? [height, width] : null,
      camera: annotation.camera ?? null,
    });
  }
  const partNames = labels.size > 0
    ? partCategories.map(({ id, name }) => [labels.get(id)!, name] as const)
    : coco.part_categories.map(({ id, name }) => [id, name] as const);
  return { sources, problems, partNames: new Map(partNames) };
}

/** Images that share an id, so that it cannot be told which of them an annotation belongs to; each is told once. */
function ambiguousSources(
  { image_id }: CocoAnnotation,
  names: readonly string[],
  refused: Set<string>,
  ids: IdMaker,
  imageOf: (name: string) => string,
): PhotoSource[] {
  return names.filter((name) => !refused.has(name)).map((name): PhotoSource => {
    refused.add(name);
    const value = `image id ${image_id} stands for several images: ${names.join(", ")}`;
    return {
      ...{
        id: ids.make(stemOf(name)),
        image: imageOf(name),
        mask: null,
        parts: null,
        statedSize: null,
        camera: null,
      },
      problem: {
        file: imageOf(name),
        kind: "bad_annotation",
        value,
        advice: "give each image an id of its own",
      },
    };
  });
}

/** Annotations that are said once: of the same polygon in the same image, each further one is told. */
function withoutDoubles(
  annotations: readonly CocoAnnotation[],
  file: string,
  problems: ImageProblem[],
): CocoAnnotation[] {
  const seen = new Map<string, string>();
  return annotations.filter(({ id = "", image_id, category_id, segmentation, mask_file }) => {
    if (segmentation == null && mask_file === undefined) return true;
    const content = JSON.stringify([image_id, category_id, segmentation, mask_file]),
      first = seen.get(content);
    if (first === undefined) {
      seen.set(content, id);
      return true;
    }
    problems.push({
      file,
      kind: "dropped_annotation",
      value: `annotation ${id} of image ${image_id} is the same as ${first}: it was left out`,
      advice: "remove it",
    });
    return false;
  });
}

/**
 * Annotations without regions of many objects (`iscrowd`). Tools mark single objects so as well, as run lengths that are
 * the only ones of their image: these are kept.
 */
function withoutCrowds(
  annotations: readonly CocoAnnotation[],
  file: string,
  problems: ImageProblem[],
): CocoAnnotation[] {
  const perImage = Map.groupBy(annotations, ({ image_id }) => image_id);
  return annotations.filter((annotation) => {
    const { iscrowd, image_id, segmentation } = annotation;
    if (!iscrowd) return true;
    const isAlone = perImage.get(image_id)!.length === 1;
    if (isAlone && segmentation && !Array.isArray(segmentation)) return true;
    problems.push({
      file,
      kind: "crowd",
      value: `annotation ${
        annotation.id ?? ""
      } of image ${image_id} is a region of many objects (iscrowd): it was left out`,
      advice: "mark the objects one by one, or set iscrowd to 0 if it is one object",
    });
    return false;
  });
}

/** Ids of the wanted category; null if all are. Of several of that name those with annotations count. */
function wantedCategories(
  categories: CocoFile["categories"],
  used: ReadonlySet<string | null | undefined>,
  category: string,
  path: string,
): Set<string> | null {
  const match = categories.filter(({ name }) => name.trim().toLowerCase() === category.toLowerCase());
  if (match.length > 0) return new Set(match.map(({ id }) => id));
  const above = new Set(categories.map(({ supercategory }) => supercategory));
  const real = categories.filter(({ id, name }) => used.has(id) || !above.has(name)); // without headings, as Roboflow's
  if (real.length <= 1) return null;
  const known = categories.map(({ name }) => name).join(", ");
  throw new UserError(
    `Cannot choose among the categories of ${path}: none is called ${category}; ` +
      `it has ${known}. Rename one or leave one.`,
  );
}

function partSourcesOf(
  annotations: readonly CocoAnnotation[],
  labels: ReadonlyMap<string, number>,
): PartSource[] {
  return annotations.flatMap((annotation) => {
    const { source: mask } = maskSourceOf(annotation, "");
    return mask && mask.kind !== "alpha" ? [{ label: labels.get(annotation.category_id!)!, mask }] : [];
  });
}

function maskSourceOf(
  { id, mask_file: path, segmentation, area }: CocoAnnotation,
  file: string,
): { source: MaskSource | null; problem?: ImageProblem } {
  if (path !== undefined) return { source: { kind: "file", path } };
  if (segmentation == null) return { source: { kind: "alpha" } };
  if (!Array.isArray(segmentation)) {
    return { source: { kind: "runs", counts: segmentation.counts, size: segmentation.size } };
  }
  if (segmentation.length === 0) return { source: null };
  if (segmentation.every((ring) => ring.length === 0)) return { source: null };
  const { polygons, holes, dropped } = polygonsOf(segmentation, area ?? null);
  return {
    source: { kind: "polygons", polygons, holes },
    ...(dropped > 0 && {
      problem: {
        file,
        kind: "dropped_annotation",
        value: `annotation ${
          id ?? ""
        } has ${dropped} polygons of fewer than three corners: they were left out`,
        advice: "correct or remove them",
      },
    }),
  };
}
