/**
 * Parts found by the detector of 3000 Visual Genome classes: one `.npz` for each image.
 *
 * @module
 */
import { UserError } from "../../lib/core/errors.ts";
import { readNpzValueFile, type ValueArray } from "../files/npy_values.ts";
import type { NdArray } from "../../lib/core/arrays.ts";
import { decodeRle, textToRuns } from "../../lib/io/rle.ts";
import type { Box } from "../../lib/datasets/crop.ts";
import { PART_OF_DETECTOR_CLASS, PARTS } from "./catalog.ts";
import type { DetectedPart } from "./detections_file.ts";

/** Least score of a part. */
const LEAST_SCORE = 0.2;
/** Detector classes up to this one are whole objects. */
const LAST_OBJECT_CLASS = 80;
/** Least share of a part that must lie on an object for it to belong to that. */
const LEAST_CONTAINMENT = 0.5;

/** A part of an image, not yet of an object. */
export type FoundPart = Omit<DetectedPart, "frequency"> & { readonly mask: Uint8Array };

/**
 * Reads the parts of an image that the original uses: known names and scores from 0.2 on.
 *
 * @param path File
 * @param height Rows of the image
 * @param width Columns of the image
 * @returns Parts in the order of the file
 * @throws {UserError} If the file is missing or damaged, or is of another image
 */
export async function readFoundParts(path: string, height: number, width: number): Promise<FoundPart[]> {
  const arrays = await readNpzValueFile(path);
  const boxes = numbersOf(path, arrays, "boxes"), classes = numbersOf(path, arrays, "classes");
  const resolution = numbersOf(path, arrays, "resolution");
  const segments = textsOf(path, arrays);
  const count = classes.length;
  if (boxes.length !== 5 * count || segments.length !== count) {
    throw new UserError(
      `Cannot read parts from ${path}: boxes, segments and classes must be of one length, current values are ` +
        `${boxes.length / 5}, ${segments.length} and ${count}`,
    );
  }
  if (resolution[0] !== height || resolution[1] !== width) {
    throw new UserError(
      `Cannot read parts from ${path}: they are of an image of ${resolution[1]} x ${resolution[0]}, ` +
        `the image is ${width} x ${height}`,
    );
  }
  const found: FoundPart[] = [];
  for (let i = 0; i < count; i++) {
    const score = boxes[5 * i + 4], part = PART_OF_DETECTOR_CLASS.get(classes[i]);
    if (score < LEAST_SCORE || classes[i] <= LAST_OBJECT_CLASS || part === undefined) continue;
    const runs = segments[i];
    found.push({
      name: PARTS[part][0],
      classId: part,
      detectorClass: classes[i],
      score,
      box: boxes.slice(5 * i, 5 * i + 4) as unknown as Box,
      runs,
      mask: decodeRle(textToRuns(runs), height, width),
    });
  }
  return found;
}

/** The parts that lie on an object by half or more; a part does not count where it has the name of the class. */
export function partsOfObject(
  found: readonly FoundPart[],
  object: Uint8Array,
  className: string,
): FoundPart[] {
  return found.filter(({ name, mask }) => {
    if (name === className) return false;
    let area = 0, common = 0;
    for (let p = 0; p < mask.length; p++) {
      if (!mask[p]) continue;
      area++;
      if (object[p]) common++;
    }
    return area > 0 && common / area >= LEAST_CONTAINMENT;
  });
}

type Arrays = Readonly<Record<string, NdArray | ValueArray>>;

function numbersOf(path: string, arrays: Arrays, name: string): number[] {
  const values = Array.from(arrays[name]?.data as ArrayLike<unknown> ?? [], Number);
  if (!arrays[name] || !values.every(Number.isFinite)) {
    throw new UserError(
      `Cannot read parts from ${path}: "${name}" must be numbers, current value is ${
        arrays[name] ? "something else" : "missing"
      }`,
    );
  }
  return values;
}

function textsOf(path: string, arrays: Arrays): string[] {
  return Array.from(arrays.segments?.data as ArrayLike<unknown> ?? [], (item) => {
    if (typeof item === "string") return item;
    if (item instanceof Uint8Array) return new TextDecoder("latin1").decode(item);
    throw new UserError(`Cannot read parts from ${path}: "segments" must be run lengths as texts`);
  });
}
