/**
 * Files in COCO's form, as tools write them.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { issueText, jsonValue, readJson, readJsonText } from "../io/json_file.ts";
import type { ImageProblem } from "./import_report.ts";
import { plainPath } from "./image_names.ts";
import { CAMERA_SCHEMA } from "./true_pose.ts";

/** Numbers and texts as ids are the same. */
const ID = v.pipe(v.union([v.number(), v.string()]), v.transform(String));
const SIDE = v.pipe(v.number(), v.integer(), v.minValue(1));
const NAMED = v.array(v.object({ id: v.number(), name: v.string() }));
const CATEGORY = v.object({
  id: ID,
  name: v.pipe(v.union([v.string(), v.number()]), v.transform(String)),
  supercategory: v.fallback(v.optional(v.nullable(v.string())), null),
});
const NUMBERS = v.array(v.number());
/** A list of polygons, or one polygon that stands alone. */
const POLYGONS = v.union([
  v.array(NUMBERS),
  v.pipe(v.array(v.number()), v.minLength(6), v.transform((polygon) => [polygon])),
  v.array(v.pipe(v.array(v.tuple([v.number(), v.number()])), v.transform((corners) => corners.flat()))),
]);
/** A mask: polygons, or run lengths. */
export const SEGMENTATION = v.union([
  POLYGONS,
  v.object({ size: v.tuple([SIDE, SIDE]), counts: v.union([v.string(), NUMBERS]) }),
]);
/** Numbers, and texts that are numbers. */
const STATED_SIDE = v.optional(v.nullable(v.union([SIDE, v.pipe(v.string(), v.transform(Number), SIDE)])));
const CROWD = v.union([v.number(), v.boolean(), v.pipe(v.string(), v.transform(Number))]);
const IMAGE = v.object({
  id: ID,
  file_name: v.pipe(v.string(), v.transform(plainPath)),
  height: STATED_SIDE,
  width: STATED_SIDE,
});
const ANNOTATION = v.object({
  id: v.optional(ID),
  image_id: ID,
  category_id: v.optional(v.nullable(ID)),
  segmentation: v.optional(v.nullable(SEGMENTATION)),
  area: v.fallback(v.optional(v.nullable(v.number())), null),
  iscrowd: v.fallback(v.optional(v.nullable(CROWD)), null),
  segments_info: v.optional(v.unknown()),
  mask_file: v.optional(v.pipe(v.string(), v.transform(plainPath))),
  parts_file: v.optional(v.pipe(v.string(), v.transform(plainPath))),
  camera: v.optional(CAMERA_SCHEMA),
});
const WHOLE = v.object({
  images: v.array(v.unknown()),
  annotations: v.array(v.unknown()),
  categories: v.optional(v.array(v.unknown()), []),
  part_categories: v.optional(NAMED, []),
});

/** An annotation of a COCO file; ids are texts. */
export type CocoAnnotation = v.InferOutput<typeof ANNOTATION>;
/** A mask of an annotation. */
export type CocoSegmentation = v.InferOutput<typeof SEGMENTATION>;

/** A COCO file whose images and annotations were checked one by one. */
export interface CocoFile extends Pick<v.InferOutput<typeof WHOLE>, "part_categories"> {
  /** Categories that match COCO's form. */
  readonly categories: readonly v.InferOutput<typeof CATEGORY>[];
  /** Images that match COCO's form. */
  readonly images: readonly v.InferOutput<typeof IMAGE>[];
  /** Annotations that match COCO's form. */
  readonly annotations: readonly CocoAnnotation[];
  /** The others. */
  readonly problems: readonly ImageProblem[];
}

/**
 * Reads a COCO file. Images and annotations that do not match its form are left out and told, unless none is left.
 *
 * @param path File
 * @param shown Its name in problems
 * @throws {UserError} If the file is no COCO file, or none of its images or annotations matches
 */
export async function readCocoFile(path: string, shown: string): Promise<CocoFile> {
  await refuseResults(path);
  const whole = await readJson(path, WHOLE, "annotations");
  const problems: ImageProblem[] = [];
  const matching = <S extends v.GenericSchema>(list: "images" | "annotations" | "categories", schema: S) => {
    const before = problems.length;
    const found = whole[list].flatMap((entry, k): v.InferOutput<S>[] => {
      const result = v.safeParse(schema, entry);
      if (result.success) return [result.output];
      const [issue] = result.issues;
      const value = v.getDotPath(issue) === "segmentation"
        ? `${list}.${k}.segmentation is neither a list of polygons [x1, y1, x2, y2, x3, y3, …] nor run lengths`
        : issueText(issue, `${list}.${k}.`);
      problems.push({ file: shown, kind: "dropped_annotation", value, advice: "correct it, or remove it" });
      return [];
    });
    if (found.length > 0 || problems.length === before) return found;
    throw new UserError(`Cannot read the annotations ${path}: ${problems[before].value}`);
  };
  const images = matching("images", IMAGE), annotations = matching("annotations", ANNOTATION);
  return { ...whole, images, annotations, categories: matching("categories", CATEGORY), problems };
}

/** Refuses the results of a detector, which name no images. */
async function refuseResults(path: string): Promise<void> {
  const text = await readJsonText(path).catch(() => "");
  if (!/^\s*\[\s*\{/.test(text) || !/"image_id"/.test(text)) return;
  throw new UserError(
    `Cannot read the annotations ${path}: they are the results of a detector and name no images; give them to 'detect' ` +
      "with 'results', or add them to the list annotations of a file that has images.",
  );
}

/** Whether a JSON file has COCO's lists of images and annotations with masks. */
export async function isCocoFile(path: string): Promise<boolean> {
  const text = await readJsonText(path).catch(() => "");
  if (!/"images"/.test(text) || !/"annotations"/.test(text)) return false;
  try {
    const { images, annotations } = jsonValue(text) as Record<string, unknown[]>;
    return Array.isArray(images) && Array.isArray(annotations) &&
      (annotations as (Record<string, unknown> | null)[]).some((entry) =>
        entry?.segmentation !== undefined || entry?.mask_file !== undefined
      );
  } catch {
    return false;
  }
}
