/**
 * Photographs with annotations in COCO's form.
 *
 * Beyond COCO an annotation may name a mask picture (`mask_file`), a picture of part labels (`parts_file`, labels named
 * by `part_categories`), and a `camera`. Categories whose `supercategory` is the object's category, or "part", are parts:
 * their annotations belong to the object of the same picture that they lie on.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { readJson } from "../io/json_file.ts";
import { isFolder } from "./find_pictures.ts";
import type { PictureProblem } from "./import_report.ts";
import {
  IdMaker,
  type MaskSource,
  type PartSource,
  type PhotoLayout,
  type PhotoSource,
} from "./photo_source.ts";
import { CAMERA_SCHEMA } from "./true_pose.ts";

/** Name of the file that makes a folder a COCO one; other names are found too. */
export const ANNOTATIONS_FILE = "annotations.json";
/** Names that tools give the file. */
const OTHER_FILES = ["_annotations.coco.json", "instances.json", "annotations/instances_default.json"];
/** Super-category of categories that are parts; the object's own name means the same. */
const PART_SUPERCATEGORIES = ["part", "parts"];

const ID = v.union([v.number(), v.string()]);
const SIDE = v.pipe(v.number(), v.integer(), v.minValue(1));
const NAMED = v.array(v.object({ id: v.number(), name: v.string() }));
const CATEGORIES = v.array(
  v.object({ id: v.number(), name: v.string(), supercategory: v.optional(v.nullable(v.string())) }),
);
const SEGMENTATION = v.union([
  v.array(v.array(v.number())),
  v.object({ size: v.tuple([SIDE, SIDE]), counts: v.union([v.string(), v.array(v.number())]) }),
]);
const ANNOTATION = v.object({
  id: v.optional(ID),
  image_id: ID,
  category_id: v.optional(v.number()),
  segmentation: v.optional(SEGMENTATION),
  mask_file: v.optional(v.string()),
  parts_file: v.optional(v.string()),
  camera: v.optional(CAMERA_SCHEMA),
});
const COCO = v.object({
  images: v.array(
    v.object({ id: ID, file_name: v.string(), height: v.optional(SIDE), width: v.optional(SIDE) }),
  ),
  annotations: v.array(ANNOTATION),
  categories: v.optional(CATEGORIES, []),
  part_categories: v.optional(NAMED, []),
});

/**
 * The file of COCO's annotations in a folder.
 *
 * @param folder Folder
 * @returns Its path in the folder; null if there is none
 */
export async function findAnnotations(folder: string): Promise<string | null> {
  for (const name of [ANNOTATIONS_FILE, ...OTHER_FILES]) if (await isFile(join(folder, name))) return name;
  return null;
}

/**
 * Reads the annotations of a folder; its pictures lie in the folder or in `images/`.
 *
 * @param folder Folder
 * @param category Of several categories only the one of this name is taken
 * @param file Its file of annotations
 * @returns The layout, one source per annotation
 * @throws {UserError} If the file does not match COCO's form, or none of its several categories has that name
 */
export async function readCocoLayout(
  folder: string,
  category: string,
  file: string = ANNOTATIONS_FILE,
): Promise<PhotoLayout> {
  const path = join(folder, file);
  const coco = await readJson(path, COCO, "annotations");
  const partCategories = coco.categories.filter(({ name, supercategory: above }) =>
    above && above !== name && [category.toLowerCase(), ...PART_SUPERCATEGORIES].includes(above.toLowerCase())
  );
  const partIds = new Set(partCategories.map(({ id }) => id));
  const wanted = wantedCategory(coco.categories.filter(({ id }) => !partIds.has(id)), category, path);
  const annotations = coco.annotations.filter(({ category_id }) =>
    !partIds.has(category_id!) && (wanted === null || category_id === undefined || category_id === wanted)
  );
  const partsOfImage = Map.groupBy(
    coco.annotations.filter(({ category_id }) => partIds.has(category_id!)),
    ({ image_id }) => image_id,
  );
  const images = new Map(coco.images.map((image) => [image.id, image]));
  const perImage = Map.groupBy(annotations, ({ image_id }) => image_id);
  const inImages = await isFolder(join(folder, "images"));
  const ids = new IdMaker();
  const problems: PictureProblem[] = [];
  const sources: PhotoSource[] = [];
  for (const [k, annotation] of annotations.entries()) {
    const image = images.get(annotation.image_id);
    if (!image) {
      problems.push({
        file,
        kind: "bad_annotation",
        value: `annotation ${annotation.id ?? k} is of image ${annotation.image_id}, which is not in images`,
        advice: "correct image_id or remove the annotation",
      });
      continue;
    }
    const { file_name: name, height, width } = image;
    const several = perImage.get(annotation.image_id)!.length > 1;
    const stem = name.replace(/^images\//, "").replace(/\.[^./]*$/, "");
    sources.push({
      id: ids.make(several ? `${stem}_${annotation.id ?? k}` : stem),
      image: inImages && !await isFile(join(folder, name)) ? `images/${name}` : name,
      mask: maskSourceOf(annotation),
      parts: annotation.parts_file ?? null,
      ...(partIds.size > 0 ? { partMasks: partSourcesOf(partsOfImage.get(annotation.image_id) ?? []) } : {}),
      statedSize: height && width ? [height, width] : null,
      camera: annotation.camera ?? null,
    });
  }
  return {
    description: `COCO annotations in ${file}`,
    sources,
    partNames: new Map(
      (partIds.size > 0 ? partCategories : coco.part_categories).map(({ id, name }) => [id, name]),
    ),
    problems,
  };
}

/** Number of the wanted category; null if all are. */
function wantedCategory(
  categories: readonly { id: number; name: string }[],
  category: string,
  path: string,
): number | null {
  const match = categories.find(({ name }) => name.toLowerCase() === category.toLowerCase());
  if (match || categories.length <= 1) return match?.id ?? null;
  const known = categories.map(({ name }) => name).join(", ");
  throw new UserError(
    `Cannot choose among the categories of ${path}: none is called ${category}; ` +
      `it has ${known}. Rename one or leave one.`,
  );
}

function partSourcesOf(annotations: readonly v.InferOutput<typeof ANNOTATION>[]): PartSource[] {
  return annotations.flatMap((annotation) => {
    const mask = maskSourceOf(annotation);
    return mask && mask.kind !== "alpha" ? [{ label: annotation.category_id!, mask }] : [];
  });
}

function maskSourceOf(annotation: v.InferOutput<typeof ANNOTATION>): MaskSource | null {
  const { mask_file: path, segmentation } = annotation;
  if (path !== undefined) return { kind: "picture", path };
  if (segmentation === undefined) return { kind: "alpha" };
  if (Array.isArray(segmentation)) {
    return segmentation.length > 0 ? { kind: "polygons", polygons: segmentation } : null;
  }
  return { kind: "runs", counts: segmentation.counts, size: segmentation.size };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
