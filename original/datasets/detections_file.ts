/**
 * The original's list of detected objects, `detections.npy`: an array of dicts with boxes, masks and parts.
 *
 * @module
 */
import { messageOf, UserError } from "../../lib/core/errors.ts";
import { writeFileAtomic } from "../../lib/io/atomic_file.ts";
import { readNpyValueFile } from "../files/npy_values.ts";
import { describeValue, itemsOf, NumpyArray, type PickleValue } from "../files/pickle_values.ts";
import { PickleFloat } from "../files/pickle_writer.ts";
import { ArrayToWrite, writeNpyValues } from "../files/torch_writer.ts";
import type { Box } from "../../lib/datasets/crop.ts";

/** A part of a detected object. */
export interface DetectedPart {
  /** Name of the part. */
  readonly name: string;
  /** Its number among the sorted names. */
  readonly classId: number;
  /** Its number among the detector's classes. */
  readonly detectorClass: number;
  /** How sure the detector is, above 0 to 1. */
  readonly score: number;
  /** Box of the part. */
  readonly box: Box;
  /** Mask as COCO's compressed run lengths of the whole image. */
  readonly runs: string;
  /** Share of the objects of the file that show this part. */
  readonly frequency: number;
}

/** A detected object. */
export interface Detection {
  /** Number in the file. */
  readonly id: number;
  /** Name of the class. */
  readonly className: string;
  /** Number of the class. */
  readonly classId: number;
  /** Rows of the image. */
  readonly height: number;
  /** Columns of the image. */
  readonly width: number;
  /** Image, relative to the project's folder. */
  readonly imagePath: string;
  /** How sure the detector is. */
  readonly score: number;
  /** Box of the object. */
  readonly box: Box;
  /** Mask as COCO's compressed run lengths. */
  readonly runs: string;
  /** Parts in the order of the file. */
  readonly parts: readonly DetectedPart[];
}

/**
 * Reads a file.
 *
 * @param path File
 * @returns Objects in the order of the file
 * @throws {UserError} If it is missing or damaged, or a field is missing or not what it must be
 */
export async function readDetections(path: string): Promise<Detection[]> {
  const { data } = await readNpyValueFile(path);
  if (!Array.isArray(data)) {
    throw new UserError(`Cannot read detections from ${path}: it must hold dicts, it holds numbers`);
  }
  return data.map((record, i) => {
    try {
      return detectionOf(record);
    } catch (error) {
      throw new UserError(`Cannot read detection ${i} of ${path}: ${messageOf(error)}`, { cause: error });
    }
  });
}

/**
 * Writes a file that the original reads too.
 *
 * @param path Target
 * @param detections Objects
 * @throws {UserError} If it cannot be written
 */
export async function writeDetections(path: string, detections: readonly Detection[]): Promise<void> {
  const records = detections.map((detection): PickleValue =>
    new Map<PickleValue, PickleValue>([
      ["id", detection.id],
      ["class", detection.className],
      ["class_id", detection.classId],
      ["image_height", detection.height],
      ["image_width", detection.width],
      ["image_path", detection.imagePath],
      ["score", new PickleFloat(detection.score)],
      ["bbox", boxArray(detection.box)],
      ["mask", maskDict(detection.runs, detection)],
      ["num_parts", detection.parts.length],
      ["parts", detection.parts.map((part) => partDict(part, detection))],
    ])
  );
  await writeFileAtomic(path, writeNpyValues(records, [records.length]));
}

function detectionOf(record: PickleValue): Detection {
  const dict = new Fields(record);
  const height = dict.count("image_height", 1), width = dict.count("image_width", 1);
  return {
    id: dict.count("id"),
    className: dict.text("class"),
    classId: dict.count("class_id"),
    height,
    width,
    imagePath: dict.text("image_path"),
    score: dict.number("score"),
    box: dict.box(),
    runs: dict.runs(height, width),
    parts: dict.list("parts").map((part, i) => {
      try {
        return partOf(part, height, width);
      } catch (error) {
        throw new TypeError(`part ${i}: ${messageOf(error)}`, { cause: error });
      }
    }),
  };
}

function partOf(record: PickleValue, height: number, width: number): DetectedPart {
  const dict = new Fields(record);
  return {
    name: dict.text("class"),
    classId: dict.count("class_id"),
    detectorClass: dict.count("class_id_vg3k"),
    score: dict.number("score"),
    box: dict.box(),
    runs: dict.runs(height, width),
    frequency: dict.number("frequency"),
  };
}

/** Fields of a dict, each checked when it is taken. */
class Fields {
  readonly #dict: Map<PickleValue, PickleValue>;

  constructor(value: PickleValue) {
    if (!(value instanceof Map)) {
      throw new TypeError(`it must be a dict: current value is ${describeValue(value)}`);
    }
    this.#dict = value;
  }

  text(name: string): string {
    const value = this.#dict.get(name);
    if (typeof value === "string" && value !== "") return value;
    throw this.#wrong(name, "a text");
  }

  number(name: string): number {
    const value = this.#dict.get(name);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw this.#wrong(name, "a number");
  }

  count(name: string, least = 0): number {
    const value = this.#dict.get(name);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
    throw this.#wrong(name, `an integer from ${least} on`);
  }

  list(name: string): readonly PickleValue[] {
    const items = itemsOf(this.#dict.get(name));
    if (items) return items;
    throw this.#wrong(name, "a list");
  }

  box(): Box {
    const value = this.#dict.get("bbox");
    const numbers = value instanceof NumpyArray ? Array.from(value.data, Number) : null;
    if (numbers?.length !== 4 || !numbers.every(Number.isFinite)) throw this.#wrong("bbox", "4 numbers");
    const [x1, y1, x2, y2] = numbers;
    if (x2 < x1 || y2 < y1) {
      throw new RangeError(`"bbox" must have x1 ≤ x2 and y1 ≤ y2: current value is [${numbers}]`);
    }
    return [x1, y1, x2, y2];
  }

  runs(height: number, width: number): string {
    const mask = this.#dict.get("mask");
    const size = mask instanceof Map ? itemsOf(mask.get("size")) : null;
    const counts = mask instanceof Map ? mask.get("counts") : undefined;
    const text = counts instanceof Uint8Array ? new TextDecoder("latin1").decode(counts) : counts;
    if (!size || typeof text !== "string") throw this.#wrong("mask", "a dict of size and counts");
    if (size[0] !== height || size[1] !== width) {
      throw new RangeError(`"mask" must have size ${height} x ${width}: current value is [${size}]`);
    }
    return text;
  }

  #wrong(name: string, what: string): TypeError {
    return new TypeError(
      `"${name}" must be ${what}: current value is ${describeValue(this.#dict.get(name))}`,
    );
  }
}

function boxArray(box: Box): ArrayToWrite {
  return new ArrayToWrite({ data: Float32Array.from(box), shape: [1, 4] });
}

function maskDict(runs: string, { height, width }: Detection): PickleValue {
  return new Map<PickleValue, PickleValue>([
    ["size", [height, width]],
    ["counts", new TextEncoder().encode(runs)],
  ]);
}

function partDict(part: DetectedPart, detection: Detection): PickleValue {
  return new Map<PickleValue, PickleValue>([
    ["class", part.name],
    ["class_id", part.classId],
    ["class_id_vg3k", part.detectorClass],
    ["score", new PickleFloat(part.score)],
    ["bbox", boxArray(part.box)],
    ["mask", maskDict(part.runs, detection)],
    ["frequency", new PickleFloat(part.frequency)],
  ]);
}
