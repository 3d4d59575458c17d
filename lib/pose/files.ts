/**
 * What pose estimation hands on, with readers and writers: all hypotheses (step 1), the chosen poses (step 2), and the
 * part probabilities of the template.
 *
 * @module
 */
import * as v from "valibot";
import type { NdArray } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { isWriter } from "../core/process_group.ts";
import { parseJson } from "../io/json_file.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";

/** Poses in columns: a row for each of R photographs, or for each hypothesis of each, R = N · H. */
export interface PoseColumns {
  /** Unit quaternions, `[R, 4]`. */
  readonly rotation: Float32Array;
  /** Scales, `[R]`. */
  readonly scale: Float32Array;
  /** Translations, y down, `[R, 2]`. */
  readonly translation: Float32Array;
  /** Perspective logits ζ, `[R]`. */
  readonly perspective: Float32Array;
  /** 1 for the template of the row, else 0, `[R, T]`. */
  readonly weights: Float32Array;
  /** IoU of the silhouette with the mask, `[R]`. */
  readonly iou: Float32Array;
  /** Names of the photographs. */
  readonly ids: readonly string[];
}

/** All hypotheses of N images, H an image, over T templates. Poses are in the NDC of the crop. */
export interface Hypotheses extends PoseColumns {
  /** Number of images. */
  readonly N: number;
  /** Hypotheses of an image. */
  readonly H: number;
  /** Number of templates. */
  readonly T: number;
}

/** The chosen poses of the M images that were kept. */
export interface PoseEstimates extends PoseColumns {
  /** Numbers of the images in the data set, ascending, `[M]`. */
  readonly indices: Int32Array;
  /** IoU of the parts; that of the silhouette where the data set has no parts, `[M]`. */
  readonly miou: Float32Array;
}

/** Hashes of what poses were estimated from. */
export interface MadeFrom {
  /** Of the photographs and their masks. */
  readonly photographs: string;
  /** Of the templates' shapes. */
  readonly templates: string;
}

/** What is known about the parts of the templates' vertices. */
export interface SemanticTemplate {
  /** Probability of each channel at each vertex, `[T, V, C]`. */
  readonly probabilities: Float32Array;
  /** Names of the channels: the object without a part, then the data set's parts, `[C]`. */
  readonly channelNames: readonly string[];
  /** Number of images that each template's probabilities are from; 0 where they are from its own labels, `[T]`. */
  readonly imageCounts: readonly number[];
}

/** Name of a template file's first channel. */
export const OBJECT_CHANNEL = "object without part";

const NAMES = v.array(v.string());
const COUNTS = v.array(v.number());
type Shape = readonly (string | number)[];

const HYPOTHESIS_SHAPES = {
  rotation: ["N", "H", 4],
  scale: ["N", "H"],
  translation: ["N", "H", 2],
  perspective: ["N", "H"],
  weights: ["N", "H", "T"],
  iou: ["N", "H"],
} as const satisfies Record<string, Shape>;

const ESTIMATE_SHAPES = {
  rotation: ["M", 4],
  scale: ["M"],
  translation: ["M", 2],
  perspective: ["M"],
  weights: ["M", "T"],
  iou: ["M"],
  miou: ["M"],
} as const satisfies Record<string, Shape>;

/** The file in which step 1 keeps what it has while it runs, beside its result. */
export function partialFileOf(resultFile: string): string {
  return `${resultFile.replace(/\.safetensors$/, "")}.partial.safetensors`;
}

/** The arrays of hypotheses as a file holds them. */
function hypothesisArrays(hypotheses: Omit<Hypotheses, "ids">): Record<string, NdArray> {
  const { N, H, T } = hypotheses;
  return shaped(HYPOTHESIS_SHAPES, hypotheses, { N, H, T });
}

/**
 * Writes the result of step 1, and removes the partial file beside it.
 *
 * @param path Target
 * @param hypotheses What `estimateHypotheses` returned, or hypotheses of another program
 * @param origin What they were estimated from, if that is known
 */
export async function writeHypotheses(
  path: string,
  hypotheses: Hypotheses,
  origin?: MadeFrom,
): Promise<void> {
  await writeSafetensors(path, hypothesisArrays(hypotheses), metadataOf(hypotheses.ids, origin));
  await removePartialFile(path);
}

function metadataOf(ids: readonly string[], origin: MadeFrom | undefined): Record<string, string> {
  return { ids: JSON.stringify(ids), ...(origin && { made_from: JSON.stringify(origin) }) };
}

/** Removes what step 1 keeps beside its result while it runs. Of the processes of a job the first one does. */
export async function removePartialFile(resultFile: string): Promise<void> {
  if (!isWriter()) return;
  await Deno.remove(partialFileOf(resultFile)).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/** Shapes of the arrays of hypotheses, in the order in which their file holds them. */
export function hypothesisShapes(counts: Pick<Hypotheses, "N" | "H" | "T">): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries<Shape>(HYPOTHESIS_SHAPES).map(([name, shape]) => [name, lengthsOf(shape, counts)]),
  );
}

/**
 * Reads the result of step 1.
 *
 * @throws {UserError} If the file is missing or does not hold hypotheses
 */
export async function readHypotheses(path: string): Promise<Hypotheses> {
  const { arrays, metadata } = await readSafetensors(path);
  const { floats, letters } = checked(path, "pose hypotheses", HYPOTHESIS_SHAPES, arrays, {});
  const ids = listOf(NAMES, metadata.ids, path, "ids", letters.N);
  return { ...floats, N: letters.N, H: letters.H, T: letters.T, ids };
}

/**
 * Writes the result of step 2.
 *
 * @param path Target
 * @param estimates Poses of the kept images
 * @param origin What they were estimated from, if that is known
 */
export async function writePoseEstimates(
  path: string,
  estimates: PoseEstimates,
  origin?: MadeFrom,
): Promise<void> {
  const M = estimates.indices.length, T = M === 0 ? 1 : estimates.weights.length / M;
  const arrays = {
    indices: { data: estimates.indices, shape: [M] },
    ...shaped(ESTIMATE_SHAPES, estimates, { M, T }),
  };
  await writeSafetensors(path, arrays, metadataOf(estimates.ids, origin));
}

/**
 * Reads the result of step 2.
 *
 * @throws {UserError} If the file is missing or does not hold poses
 */
export async function readPoseEstimates(path: string): Promise<PoseEstimates> {
  const { arrays, metadata } = await readSafetensors(path);
  const indices = arrays.indices;
  if (!(indices?.data instanceof Int32Array)) {
    throw new UserError(`Cannot read poses from ${path}: it has no integers "indices"`);
  }
  const M = indices.data.length;
  const { floats } = checked(path, "poses", ESTIMATE_SHAPES, arrays, { M });
  return { ...floats, indices: indices.data, ids: listOf(NAMES, metadata.ids, path, "ids", M) };
}

/**
 * Writes the part probabilities of the templates.
 *
 * @param path Target
 * @param semantics Probabilities with the names of their channels
 */
export async function writeSemanticTemplate(path: string, semantics: SemanticTemplate): Promise<void> {
  const { probabilities, channelNames, imageCounts: imageCounts } = semantics;
  const T = imageCounts.length, C = channelNames.length;
  await writeSafetensors(path, {
    probabilities: { data: probabilities, shape: [T, probabilities.length / (T * C), C] },
  }, { channel_names: JSON.stringify(channelNames), picture_counts: JSON.stringify(imageCounts) });
}

/**
 * Reads the part probabilities of the templates.
 *
 * @throws {UserError} If the file is missing or does not hold them
 */
export async function readSemanticTemplate(path: string): Promise<SemanticTemplate> {
  const { arrays, metadata } = await readSafetensors(path);
  const { floats, letters } = checked(
    path,
    "part probabilities",
    { probabilities: ["T", "V", "C"] },
    arrays,
    {},
  );
  return {
    ...floats,
    channelNames: listOf(NAMES, metadata.channel_names, path, "channel_names", letters.C),
    imageCounts: listOf(COUNTS, metadata.picture_counts, path, "picture_counts", letters.T),
  };
}

function shaped<K extends string>(
  shapes: Readonly<Record<K, Shape>>,
  values: Readonly<Record<NoInfer<K>, Float32Array>>,
  letters: Readonly<Record<string, number>>,
): Record<string, NdArray> {
  const entries = Object.entries<Shape>(shapes).map(([name, shape]) => {
    return [name, { data: values[name as K], shape: lengthsOf(shape, letters) }];
  });
  return Object.fromEntries(entries);
}

/** A shape with its letters replaced. */
function lengthsOf(shape: Shape, letters: Readonly<Record<string, number>>): number[] {
  return shape.map((axis) => typeof axis === "number" ? axis : letters[axis]);
}

function checked<K extends string>(
  path: string,
  what: string,
  shapes: Readonly<Record<K, Shape>>,
  arrays: Readonly<Record<string, NdArray>>,
  known: Readonly<Record<string, number>>,
): { floats: Record<K, Float32Array>; letters: Record<string, number> } {
  const letters: Record<string, number> = { ...known };
  const floats: Record<string, Float32Array> = {};
  for (const [name, shape] of Object.entries<Shape>(shapes)) {
    const array = arrays[name];
    const matches = array?.data instanceof Float32Array && array.shape.length === shape.length &&
      shape.every((axis, i) =>
        array.shape[i] === (typeof axis === "number" ? axis : letters[axis] ??= array.shape[i])
      );
    if (!matches) {
      const found = array === undefined ? "missing" : `[${array.shape.join(", ")}]`;
      throw new UserError(
        `Cannot read ${what} from ${path}: "${name}" must be float32 [${
          shape.join(", ")
        }], current value is ${found}`,
      );
    }
    floats[name] = array.data as Float32Array;
  }
  return { floats, letters };
}

function listOf<T>(
  schema: v.GenericSchema<T[]>,
  text: string | undefined,
  path: string,
  field: string,
  length: number,
): T[] {
  const list = parseJson(text ?? "null", schema, `list "${field}" of`, path);
  if (list.length !== length) {
    throw new UserError(
      `Cannot read ${path}: "${field}" must have ${length} entries, current value has ${list.length}`,
    );
  }
  return list;
}
