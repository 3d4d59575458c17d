/**
 * What refinement hands on: one file a photograph, with shape, pose and texture of its object.
 *
 * @module
 */
import { join } from "@std/path";
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import type { StageFiles } from "../io/stage_folder.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import type { Pose } from "../rendering/cameras.ts";
import { poseArray, poseOf } from "./pose_parameters.ts";
import type { FitState } from "./shape_fitter.ts";

/** The object of one photograph. */
export interface RefinedObject {
  /** Id of the photograph. */
  readonly id: string;
  /** Shape, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Pose in the photograph's crop. */
  readonly pose: Pose;
  /** IoU of the mesh and the mask at 256 pixels, 0 to 1. */
  readonly iou: number;
  /** Colours in [−1, 1], known everywhere, `[R, R, 3]`. */
  readonly texture: FloatImage;
  /** Where the photograph itself, or its mirror image, shows the surface, 0 to 1, `[R, R, 1]`. */
  readonly confidence: FloatImage;
  /** Ids of the photographs that gave texels, in the order in which they were joined. */
  readonly donors: readonly string[];
}

/** Shape and pose of one photograph, and in few texels what it shows. */
export interface FittedObject {
  /** Id of the photograph. */
  readonly id: string;
  /** Shape, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** The shape before its joints turned, `[V, 3]`. */
  readonly rest: Float32Array;
  /** Pose in the photograph's crop. */
  readonly pose: Pose;
  /** Where the fit ended. */
  readonly state: FitState;
  /** IoU of the mesh and the mask at 256 pixels, 0 to 1. */
  readonly iou: number;
  /** Colours in [0, 1], `[r, r, 3]`. */
  readonly colours: Float32Array;
  /** Confidence in the texels for the object itself, 0 to 1, `[r, r]`. */
  readonly own: Float32Array;
  /** Confidence in the texels for other objects, 0 to 1, `[r, r]`. */
  readonly given: Float32Array;
  /** Colours in [0, 1] that a network predicts, `[p, p, 3]`; null where none does. */
  readonly prior: FloatImage | null;
}

/** Objects of photographs by their ids, in files that workers read and write. */
export interface ObjectFiles<T> {
  /** Where a worker finds an object, or writes it. */
  place(id: string): string;
  /**
   * Reads an object.
   *
   * @throws {UserError} If it is not there or damaged
   */
  read(id: string): Promise<T>;
}

/** The objects of a data set as refinement leaves them. */
export interface RefinedReader extends ObjectFiles<RefinedObject> {
  /** Changes with what the objects were made from. */
  origin(): Promise<string>;
  /** Shapes and poses: those of a round, or of the last one. */
  fits(round?: number): ObjectFiles<FittedObject>;
}

/** What refinement writes to its folder. */
export const REFINED_FILES: StageFiles = { what: "refinement", names: /\.safetensors$|^fits(_\d+)?$/ };

/** Folder of the last round of fits, in that of the refined objects. */
export const FITS = "fits";

/** File of a photograph's refined object. */
export function refinedFile(folder: string, id: string): string {
  return join(folder, `${id}.safetensors`);
}

/** File of a photograph's shape and pose, in the folder of the last round of fits if no other is named. */
export function fittedFile(folder: string, id: string, fits = FITS): string {
  return join(folder, fits, `${id}.safetensors`);
}

/** Writes a refined object, colours and confidence with 8 bits. */
export async function writeRefinedObject(path: string, object: RefinedObject): Promise<void> {
  const { id, vertices, pose, iou, texture, confidence, donors } = object, R = texture.width;
  await writeSafetensors(path, {
    vertices: { data: vertices, shape: [vertices.length / 3, 3] },
    pose: { data: poseArray(pose), shape: [8] },
    texture: { data: toBytes(texture.data, -1, 1), shape: [R, R, 3] },
    confidence: { data: toBytes(confidence.data, 0, 1), shape: [R, R] },
  }, { id, iou: String(iou), donors: JSON.stringify(donors) });
}

/**
 * Reads a refined object.
 *
 * @throws {UserError} If the file is missing, damaged or lacks an array
 */
export async function readRefinedObject(path: string): Promise<RefinedObject> {
  const { take, metadata } = await openArrays(path, "a refined object");
  const texture = take("texture", 3), confidence = take("confidence", 1), R = Math.sqrt(confidence.length);
  return {
    id: metadata.id ?? "",
    vertices: Float32Array.from(take("vertices", 3)),
    pose: poseOf(take("pose", 8)),
    iou: Number(metadata.iou),
    texture: square(fromBytes(texture, -1, 1), R, 3),
    confidence: square(fromBytes(confidence, 0, 1), R, 1),
    donors: JSON.parse(metadata.donors ?? "[]").map(String),
  };
}

/** Writes shape and pose of one photograph. */
export async function writeFittedObject(path: string, object: FittedObject): Promise<void> {
  const { id, vertices, rest, pose, state, iou, colours, own, given, prior } = object;
  const r = Math.sqrt(own.length);
  await writeSafetensors(path, {
    vertices: { data: vertices, shape: [vertices.length / 3, 3] },
    rest: { data: rest, shape: [rest.length / 3, 3] },
    pose: { data: poseArray(pose), shape: [8] },
    start: { data: Float32Array.from(state.start), shape: [state.start.length / 3, 3] },
    parameters: { data: Float32Array.from(state.parameters), shape: [state.parameters.length] },
    colours: { data: toBytes(colours, 0, 1), shape: [r, r, 3] },
    own: { data: toBytes(own, 0, 1), shape: [r, r] },
    given: { data: toBytes(given, 0, 1), shape: [r, r] },
    ...(prior && { prior: { data: toBytes(prior.data, 0, 1), shape: [prior.height, prior.width, 3] } }),
  }, { id, iou: String(iou), prior_weight: String(state.prior) });
}

/**
 * Reads shape and pose of one photograph.
 *
 * @throws {UserError} If the file is missing, damaged or lacks an array
 */
export async function readFittedObject(path: string): Promise<FittedObject> {
  const { take, has, metadata } = await openArrays(path, "a fitted object");
  const unit = (name: string, channels: number) => fromBytes(take(name, channels), 0, 1);
  const prior = has("prior") ? unit("prior", 3) : null;
  return {
    id: metadata.id ?? "",
    vertices: Float32Array.from(take("vertices", 3)),
    rest: Float32Array.from(take("rest", 3)),
    pose: poseOf(take("pose", 8)),
    state: {
      start: Float32Array.from(take("start", 3)),
      parameters: Float32Array.from(take("parameters", 1)),
      prior: Number(metadata.prior_weight),
    },
    iou: Number(metadata.iou),
    colours: unit("colours", 3),
    own: unit("own", 1),
    given: unit("given", 1),
    prior: prior && square(prior, Math.sqrt(prior.length / 3), 3),
  };
}

/** The arrays of a file, each checked for being there with whole rows. */
async function openArrays(path: string, what: string) {
  const { arrays, metadata } = await readSafetensors(path);
  const take = (name: string, columns: number): ArrayLike<number> => {
    const data = arrays[name]?.data;
    if (!data || data.length === 0 || data.length % columns !== 0) {
      throw new UserError(
        `Cannot read ${what} from ${path}: ${name} must have rows of ${columns} values, current value has ` +
          `${data ? data.length : "none"}; run refine again with 'overwrite'`,
      );
    }
    return data as ArrayLike<number>;
  };
  return { take, has: (name: string) => arrays[name] !== undefined, metadata };
}

/** Values of a range as bytes, 0 to 255; what lies outside of it is cut off. */
function toBytes(values: FloatArray, low: number, high: number): Uint8Array {
  const bytes = new Uint8ClampedArray(values.length), factor = 255 / (high - low);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (values[i] - low) * factor; // rounds and cuts off
  return new Uint8Array(bytes.buffer);
}

function fromBytes(bytes: ArrayLike<number>, low: number, high: number): Float32Array {
  const values = new Float32Array(bytes.length), factor = (high - low) / 255;
  for (let i = 0; i < values.length; i++) values[i] = low + bytes[i] * factor;
  return values;
}

function square(data: Float32Array, side: number, channels: number): FloatImage {
  return { data, height: side, width: side, channels };
}
