/**
 * Files in COCO's form, as tools write them.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { issueText, readJson, readJsonText } from "../io/json_file.ts";
import type { PictureProblem } from "./import_report.ts";
import { plainPath } from "./picture_names.ts";
import { CAMERA_SCHEMA } from "./true_pose.ts";

/** Numbers and texts as ids are the same. */
const ID = v.pipe(v.union([v.number(), v.string()]), v.transform(String));
const SIDE = v.pipe(v.number(), v.integer(), v.minValue(1));
const NAMED = v.array(v.object({ id: v.number(), name: v.string() }));
const CATEGORIES = v.array(
  v.object({ id: ID, name: v.string(), supercategory: v.optional(v.nullable(v.string())) }),
);
const NUMBERS = v.array(v.number());
/** A list of outlines, or one outline that stands alone. */
const POLYGONS = v.union([
  v.array(NUMBERS),
  v.pipe(v.array(v.number()), v.minLength(6), v.transform((polygon) => [polygon])),
  v.array(v.pipe(v.array(v.tuple([v.number(), v.number()])), v.transform((corners) => corners.flat()))),
]);
/** A mask: outlines, or run lengths. */
export const SEGMENTATION = v.union([
  POLYGONS,
  v.object({ size: v.tuple([SIDE, SIDE]), counts: v.union([v.string(), NUMBERS]) }),
]);
const IMAGES = v.array(
  v.object({
    id: ID,
    file_name: v.pipe(v.string(), v.transform(plainPath)),
    height: v.optional(v.nullable(SIDE)),
    width: v.optional(v.nullable(SIDE)),
  }),
);
const ANNOTATION = v.object({
  id: v.optional(ID),
  image_id: ID,
  category_id: v.optional(v.nullable(ID)),
  segmentation: v.optional(v.nullable(SEGMENTATION)),
  area: v.optional(v.nullable(v.number())),
  iscrowd: v.optional(v.nullable(v.union([v.number(), v.boolean()]))),
  mask_file: v.optional(v.pipe(v.string(), v.transform(plainPath))),
  parts_file: v.optional(v.pipe(v.string(), v.transform(plainPath))),
  camera: v.optional(CAMERA_SCHEMA),
});
const WHOLE = v.object({
  images: IMAGES,
  annotations: v.array(v.unknown()),
  categories: v.optional(CATEGORIES, []),
  part_categories: v.optional(NAMED, []),
});

/** An annotation of a COCO file; ids are texts. */
export type CocoAnnotation = v.InferOutput<typeof ANNOTATION>;
/** A mask of an annotation. */
export type CocoSegmentation = v.InferOutput<typeof SEGMENTATION>;

/** A COCO file whose annotations were checked one by one. */
export interface CocoFile extends Omit<v.InferOutput<typeof WHOLE>, "annotations"> {
  /** Annotations that match COCO's form. */
  readonly annotations: readonly CocoAnnotation[];
  /** The others. */
  readonly problems: readonly PictureProblem[];
}

/**
 * Reads a COCO file. Annotations that do not match its form are left out and told, unless none is left.
 *
 * @param path File
 * @param shown Its name in problems
 * @throws {UserError} If the file is no COCO file, or none of its annotations matches
 */
export async function readCocoFile(path: string, shown: string): Promise<CocoFile> {
  const whole = await readJson(path, WHOLE, "annotations");
  const problems: PictureProblem[] = [], annotations: CocoAnnotation[] = [];
  whole.annotations.forEach((annotation, k) => {
    const result = v.safeParse(ANNOTATION, annotation);
    if (result.success) annotations.push(result.output);
    else {
      const value = issueText(result.issues[0], `annotations.${k}.`);
      problems.push({ file: shown, kind: "dropped_annotation", value, advice: "correct it, or remove it" });
    }
  });
  if (annotations.length === 0 && problems.length > 0) {
    throw new UserError(`Cannot read the annotations ${path}: ${problems[0].value}`);
  }
  return { ...whole, annotations, problems };
}

/** Whether a JSON file has COCO's lists of images and annotations with masks. */
export async function isCocoFile(path: string): Promise<boolean> {
  const text = await readJsonText(path).catch(() => "");
  if (!/"images"/.test(text) || !/"annotations"/.test(text)) return false;
  try {
    const { images, annotations } = JSON.parse(text);
    return Array.isArray(images) && Array.isArray(annotations) &&
      annotations.some((entry) => entry?.segmentation !== undefined || entry?.mask_file !== undefined);
  } catch {
    return false;
  }
}
