/**
 * Results of other tools in COCO's form: a list of found objects, or a whole file with images and annotations.
 *
 * @module
 */
import * as v from "valibot";
import { messageOf, UserError } from "../../core/errors.ts";
import { readJson } from "../../io/json_file.ts";
import { decodeRle, textToRuns } from "../../io/rle.ts";
import { polygonMask } from "../polygon_mask.ts";
import type { Box } from "../crop.ts";
import { measureMask } from "../measure_mask.ts";
import { classNamesOf } from "./coco_names.ts";
import type { Instance } from "./instance.ts";

const ID = v.union([v.number(), v.string()]);
const RESULT = v.object({
  image_id: ID,
  category_id: v.number(),
  score: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
  bbox: v.optional(v.pipe(v.array(v.pipe(v.number(), v.finite())), v.length(4))),
  segmentation: v.union([
    v.pipe(v.array(v.array(v.number())), v.minLength(1)),
    v.object({
      size: v.tuple([v.number(), v.number()]),
      counts: v.union([v.string(), v.array(v.number())]),
    }),
  ]),
});
const IMAGES = v.array(v.object({ id: ID, file_name: v.string() }));
const CATEGORIES = v.optional(v.array(v.object({ id: v.number(), name: v.string() })));
const WHOLE = v.object({ images: IMAGES, annotations: v.array(RESULT), categories: CATEGORIES });
const LIST = v.array(RESULT);
const LISTING = v.object({ images: IMAGES, categories: CATEGORIES });

type Result = v.InferOutput<typeof RESULT>;

/** Objects that another tool found. */
export interface CocoResults {
  /** Pictures by id. */
  readonly images: ReadonlyMap<number | string, string>;
  /**
   * Objects of a picture.
   *
   * @param file Picture: its path, or the end of it
   * @param height Rows of the picture
   * @param width Columns of the picture
   * @param threshold Least score
   * @returns Objects; null if the picture is not among the results
   * @throws {UserError} If a mask is damaged or of another size
   */
  instances(file: string, height: number, width: number, threshold: number): Instance[] | null;
}

/**
 * Reads results.
 *
 * @param path File with a list of results, or with images, annotations and categories
 * @param listingPath File with images and categories, for a list of results
 * @returns The results
 * @throws {UserError} If a file is missing or damaged, or the second is needed and missing
 */
export async function readCocoResults(path: string, listingPath: string | null = null): Promise<CocoResults> {
  const content = await readJson(path, v.union([LIST, WHOLE]), "results");
  const isList = Array.isArray(content);
  if (isList && listingPath === null) {
    throw new UserError(
      `Cannot use the results ${path}: it is a list without names of pictures; give the annotations file that the tool ` +
        `was run with as --annotations`,
    );
  }
  const listing = listingPath !== null
    ? await readJson(listingPath, LISTING, "annotations")
    : content as v.InferOutput<typeof WHOLE>;
  const results: Result[] = isList ? content : content.annotations;
  const names = listing.categories
    ? new Map(listing.categories.map(({ id, name }) => [id, name]))
    : classNamesOf("coco91");
  const images = new Map(listing.images.map(({ id, file_name }) => [id, file_name]));
  const perImage = Map.groupBy(results, ({ image_id }) => image_id);
  const idsByName = Map.groupBy(listing.images, ({ file_name }) => baseOf(file_name));
  return {
    images,
    instances(file, height, width, threshold) {
      const candidates = idsByName.get(baseOf(file)) ?? [];
      const match = candidates.length === 1
        ? candidates[0]
        : candidates.find(({ file_name }) => file === file_name || file.endsWith(`/${file_name}`));
      if (!match) return null;
      return (perImage.get(match.id) ?? []).filter(({ score }) => score >= threshold).map((result) => {
        const className = names.get(result.category_id);
        if (className === undefined) {
          throw new UserError(`Cannot use the results ${path}: category ${result.category_id} has no name`);
        }
        try {
          return instanceOf(result, className, height, width);
        } catch (error) {
          throw new UserError(`Cannot use a result for ${file} in ${path}: ${messageOf(error)}`, {
            cause: error,
          });
        }
      });
    },
  };
}

function instanceOf(
  { score, bbox, segmentation }: Result,
  className: string,
  height: number,
  width: number,
): Instance {
  const mask = maskOf(segmentation, height, width);
  const box: Box = bbox
    ? [bbox[0], bbox[1], bbox[0] + bbox[2], bbox[1] + bbox[3]]
    : measureMask(mask, height, width).box;
  return { className, score, box, mask };
}

function maskOf(segmentation: Result["segmentation"], height: number, width: number): Uint8Array {
  if (Array.isArray(segmentation)) return polygonMask(segmentation, height, width);
  const { size, counts } = segmentation;
  if (size[0] !== height || size[1] !== width) {
    throw new RangeError(`its mask is ${size[1]} x ${size[0]}, the picture ${width} x ${height}`);
  }
  return decodeRle(typeof counts === "string" ? textToRuns(counts) : counts, height, width);
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
