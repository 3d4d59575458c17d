/**
 * Results of other tools in COCO's form: a list of found objects, or a whole file with images and annotations.
 *
 * @module
 */
import * as v from "valibot";
import { messageOf, UserError } from "../../lib/core/errors.ts";
import { issueText, readJson } from "../../lib/io/json_file.ts";
import { decodeRle, textToRuns } from "../../lib/io/rle.ts";
import { SEGMENTATION } from "../../lib/datasets/coco_file.ts";
import { isImageName } from "../../lib/datasets/find_images.ts";
import { plainPath } from "../../lib/datasets/image_names.ts";
import { polygonsOf } from "../../lib/datasets/polygon_rings.ts";
import { polygonsMask } from "../../lib/datasets/read_mask.ts";
import { measureMask } from "../../lib/datasets/measure_mask.ts";
import { classNamesOf } from "./coco_names.ts";
import type { Instance } from "../../lib/datasets/detect/instance.ts";

const ID = v.pipe(v.union([v.number(), v.string()]), v.transform(String));
const NUMBER = v.union([v.number(), v.pipe(v.string(), v.transform(Number), v.number())]);
const RESULT = v.object({
  image_id: ID,
  category_id: ID,
  score: v.optional(v.pipe(NUMBER, v.minValue(0), v.maxValue(1)), 1),
  segmentation: v.pipe(
    SEGMENTATION,
    v.check((mask) => !Array.isArray(mask) || mask.length > 0, "its segmentation is empty"),
  ),
  iscrowd: v.optional(v.nullable(v.union([v.number(), v.boolean()]))),
});
const IMAGES = v.array(v.object({ id: ID, file_name: v.pipe(v.string(), v.transform(plainPath)) }));
const CATEGORY = v.object({ id: ID, name: v.string() });
const CATEGORIES = v.optional(v.array(v.unknown()));
const LIST = v.array(v.unknown());
const WHOLE = v.object({ images: IMAGES, annotations: LIST, categories: CATEGORIES });
const LISTING = v.object({ images: IMAGES, categories: CATEGORIES });

type Result = v.InferOutput<typeof RESULT>;

/** Objects that another tool found. */
export interface CocoResults {
  /** Images by id. */
  readonly images: ReadonlyMap<string, string>;
  /**
   * Objects of an image.
   *
   * @param file Image
   * @param among All images that objects are looked for in, by which names without folders are told apart
   * @param height Rows of the image
   * @param width Columns of the image
   * @param threshold Least score
   * @returns Objects; null if the image is not among the results
   * @throws {UserError} If a mask is damaged or of another size
   */
  instances(
    file: string,
    among: readonly string[],
    height: number,
    width: number,
    threshold: number,
  ): Instance[] | null;
}

/**
 * Reads results. Those that do not match COCO's form, and regions of many objects, are left out and told.
 *
 * @param path File with a list of results, or with images, annotations and categories
 * @param listingPath File with images and categories, for a list of results whose image ids are not names of images
 * @param onMessage Told what was left out
 * @returns The results
 * @throws {UserError} If a file is missing or damaged, no result matches, or the second file is needed and missing
 */
export async function readCocoResults(
  path: string,
  listingPath: string | null = null,
  onMessage?: (sentence: string) => void,
): Promise<CocoResults> {
  const content = await readJson(path, v.union([LIST, WHOLE]), "results"), isList = Array.isArray(content);
  const results = usableResults(isList ? content : content.annotations);
  if (results.found.length === 0 && results.dropped.length > 0) {
    throw new UserError(`Cannot read the results ${path}: ${results.dropped[0]}`);
  }
  const listing = listingPath !== null
    ? await readJson(listingPath, LISTING, "annotations")
    : isList
    ? namedListing(results.found, path)
    : content;
  const names = namesOf(listing.categories);
  const found = results.found.filter(({ category_id }) => {
    if (names.has(category_id)) return true;
    results.dropped.push(`category ${category_id} has no name`);
    return false;
  });
  if (found.length === 0 && results.dropped.length > 0) {
    throw new UserError(`Cannot use the results ${path}: ${results.dropped[0]}`);
  }
  if (results.dropped.length > 0) {
    const count = results.dropped.length;
    onMessage?.(`Left out of the results in ${path}: ${count}, the first because ${results.dropped[0]}.`);
  }
  const images = new Map(listing.images.map(({ id, file_name }) => [id, file_name]));
  const twice = twiceGiven(listing.images);
  if (twice !== null) throw new UserError(`Cannot use the results ${path}: ${twice}`);
  const perImage = Map.groupBy(found, ({ image_id }) => image_id);
  const listed = [...images].map(([id, file_name]) => ({ id, file_name: comparable(file_name) }));
  const idsByBase = Map.groupBy(listed, ({ file_name }) => baseOf(file_name));
  return {
    images,
    instances(file, among, height, width, threshold) {
      const match = imageOf(comparable(file), idsByBase.get(baseOf(comparable(file))) ?? [], among);
      if (!match) return null;
      return (perImage.get(match.id) ?? []).filter(({ score }) => score >= threshold).map((result) => {
        const className = names.get(result.category_id)!;
        try {
          const { score } = result, mask = maskOf(result.segmentation, height, width);
          return { className, score, mask, box: measureMask(mask, height, width).box };
        } catch (error) {
          throw new UserError(`Cannot use a result for ${file} in ${path}: ${messageOf(error)}`, {
            cause: error,
          });
        }
      });
    },
  };
}

/** Results that match COCO's form, and why others do not. */
function usableResults(results: readonly unknown[]): { found: Result[]; dropped: string[] } {
  const found: Result[] = [], dropped: string[] = [], seen = new Set<string>();
  for (const [k, entry] of results.entries()) {
    const { success, output, issues } = v.safeParse(RESULT, entry);
    if (!success) dropped.push(whyDropped(k, issues[0]));
    else if (output.iscrowd) dropped.push(`number ${k} is a region of many objects (iscrowd)`);
    else if (seen.size === seen.add(JSON.stringify({ ...output, score: null })).size) {
      dropped.push(`number ${k} is the same as one before`);
    } else found.push(output);
  }
  return { found, dropped };
}

/** Names of categories by id; those of COCO where the results name none. */
function namesOf(categories: readonly unknown[] | undefined): ReadonlyMap<string, string> {
  if (categories === undefined) {
    return new Map([...classNamesOf("coco91")].map(([id, name]) => [`${id}`, name]));
  }
  return new Map(categories.flatMap((category): [string, string][] => {
    const { success, output } = v.safeParse(CATEGORY, category);
    return success ? [[output.id, output.name]] : [];
  }));
}

/** A path without regard to capitals and to the escapes of addresses, by which files are compared. */
function comparable(path: string): string {
  const plain = plainPath(path).toLowerCase();
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

function whyDropped(k: number, issue: v.BaseIssue<unknown>): string {
  return v.getDotPath(issue as Parameters<typeof v.getDotPath>[0]) === "segmentation"
    ? `number ${k} has no mask (segmentation)`
    : issueText(issue, `${k}.`);
}

/** Images of a list whose image ids are their names. */
function namedListing(results: readonly Result[], path: string): v.InferOutput<typeof LISTING> {
  const ids = [...new Set(results.map(({ image_id }) => image_id))];
  if (ids.length > 0 && ids.every(isImageName)) {
    return { images: ids.map((id) => ({ id, file_name: plainPath(id) })), categories: undefined };
  }
  throw new UserError(
    `Cannot use the results ${path}: it is a list without names of images; give the annotations file that the tool ` +
      `was run with as 'annotations'`,
  );
}

/** An image id that stands for several images, in words; null if there is none. */
function twiceGiven(images: readonly ListedImage[]): string | null {
  for (const [id, members] of Map.groupBy(images, ({ id }) => id)) {
    const names = new Set(members.map(({ file_name }) => file_name));
    if (names.size < 2) continue;
    return `image id ${id} stands for several images: ${
      [...names].join(", ")
    }; give each image an id of its own`;
  }
  return null;
}

interface ListedImage {
  readonly id: string;
  readonly file_name: string;
}

/**
 * The listed image of an image: the one whose whole name the image's path ends with; else the only one of its base name,
 * where no other image has that name.
 */
function imageOf(
  file: string,
  candidates: readonly ListedImage[],
  among: readonly string[],
): ListedImage | undefined {
  const whole = candidates.filter(({ file_name }) => file === file_name || file.endsWith(`/${file_name}`));
  if (whole.length > 0) return whole.reduce((a, b) => b.file_name.length > a.file_name.length ? b : a);
  const sameBase = among.filter((other) => baseOf(comparable(other)) === baseOf(file));
  return candidates.length === 1 && sameBase.length <= 1 ? candidates[0] : undefined;
}

function maskOf(segmentation: Result["segmentation"], height: number, width: number): Uint8Array {
  if (Array.isArray(segmentation)) {
    const { polygons, holes } = polygonsOf(segmentation, null);
    return polygonsMask({ polygons, holes }, height, width);
  }
  const { size, counts } = segmentation;
  if (size[0] !== height || size[1] !== width) {
    throw new RangeError(`its mask is ${size[1]} x ${size[0]}, the image ${width} x ${height}`);
  }
  return decodeRle(typeof counts === "string" ? textToRuns(counts) : counts, height, width);
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
