/**
 * What pseudo-ground-truth hands on: one file of UV maps per photograph, and one table of poses.
 *
 * @module
 */
import { join } from "@std/path";
import type { FloatImage, NdArray } from "../core/arrays.ts";
import { messageOf, UserError } from "../core/errors.ts";
import type { StageFiles } from "../io/stage_folder.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";

/** How maps are made: from refined objects, or as the original does from a network's predictions. */
export type PseudoGroundTruthWay = "refined" | "original";

/** Whether a task wrote its file: not if the photograph shows nothing of the object. */
export type UvAnswer = "written" | "empty";

/** UV maps of one photograph. */
export interface UvSample {
  /** Id of the photograph. */
  readonly id: string;
  /** Index of its class. */
  readonly classIndex: number;
  /** Displacement along (normal, tangent, bitangent), `[32, 32, 3]`. */
  readonly displacementMap: Float32Array;
  /** Predicted part distribution, `[h, w, P + 1]`; null if the network predicts none. */
  readonly parts: FloatImage | null;
  /** Colours of the photograph in UV space, [−1, 1] times alpha, 0 where nothing is seen, `[R, R, 3]`. */
  readonly texture: FloatImage;
  /** Where the photograph shows the object, 0 to 1, `[R, R, 1]`. */
  readonly alpha: FloatImage;
  /** Colours known everywhere, [−1, 1], not multiplied by alpha, `[R, R, 3]`; not there without refinement. */
  readonly completed?: FloatImage;
}

/** Poses in the order of the files. */
export interface PoseMetadata {
  /** Scales, `[N]`. */
  readonly scale: Float32Array;
  /** Translations in crop NDC, y down, `[N, 2]`. */
  readonly translation: Float32Array;
  /** Unit quaternions (w, x, y, z), `[N, 4]`. */
  readonly rotation: Float32Array;
  /** Perspective logits ζ, `[N]`. */
  readonly perspective: Float32Array;
  /** Class of each photograph, non-decreasing, `[N]`. */
  readonly classIndex: Int32Array;
  /** Ids of the photographs, N. */
  readonly ids: readonly string[];
  /** Way of the maps that belong to the poses; not there if it is not known. */
  readonly way?: PseudoGroundTruthWay;
  /** Hash of the photographs that the maps were made of; not there if it is not known. */
  readonly photographs?: string;
}

/** Side of displacement maps. */
const MAP_SIDE = 32;

/** What the stage writes to its folder. */
export const UV_FILES: StageFiles = {
  what: "pseudo-ground-truth",
  names: /^(\d+\.safetensors|skipped\.json)$/,
};

/** File of row `index` of the table. */
export function uvSampleFile(folder: string, index: number): string {
  return join(folder, `${index}.safetensors`);
}

/**
 * Writes the maps of one photograph, colours and alpha with 16 bits.
 *
 * @throws {UserError} If the file cannot be written
 */
export async function writeUvSample(path: string, sample: UvSample): Promise<void> {
  const arrays: Record<string, NdArray> = {
    mesh: { data: sample.displacementMap, shape: [MAP_SIDE, MAP_SIDE, 3] },
    texture: imageArray(sample.texture),
    texture_alpha: imageArray(sample.alpha),
    category: { data: Int32Array.of(sample.classIndex), shape: [] },
  };
  if (sample.parts) arrays.seg = imageArray(sample.parts);
  if (sample.completed) arrays.completed = imageArray(sample.completed);
  const half = ["texture", "texture_alpha", ...(sample.completed ? ["completed"] : [])];
  await writeSafetensors(path, arrays, { id: sample.id }, { half });
}

/**
 * Reads the maps of one photograph.
 *
 * @throws {UserError} If the file is missing, damaged or lacks an array
 */
export async function readUvSample(path: string): Promise<UvSample> {
  const { arrays, metadata } = await readSafetensors(path);
  const texture = asImage(path, "texture", arrays.texture, 3);
  const alpha = asImage(path, "texture_alpha", arrays.texture_alpha, 1);
  const mesh = asImage(path, "mesh", arrays.mesh, 3);
  if (mesh.height !== MAP_SIDE || mesh.width !== MAP_SIDE || alpha.width !== texture.width) {
    throw new UserError(
      `Cannot read ${path}: mesh, texture and texture_alpha must be [32, 32, 3], [R, R, 3] and [R, R, 1], current ` +
        `values are ${mesh.height} × ${mesh.width}, ${texture.width} and ${alpha.width} columns.`,
    );
  }
  return {
    id: metadata.id ?? "",
    classIndex: Number(arrays.category?.data[0] ?? 0),
    displacementMap: mesh.data as Float32Array,
    parts: arrays.seg ? asImage(path, "seg", arrays.seg) : null,
    texture,
    alpha,
    ...(arrays.completed && { completed: asImage(path, "completed", arrays.completed, 3) }),
  };
}

/** Whether a row's file is whole and belongs to this photograph. */
export async function isUvSample(path: string, id: string, resolution: number): Promise<boolean> {
  try {
    const sample = await readUvSample(path);
    return sample.id === id && sample.texture.width === resolution;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/**
 * Writes the table of poses.
 *
 * @throws {TypeError} If the arrays do not have one row per id
 * @throws {UserError} If the file cannot be written
 */
export async function writePoseMetadata(path: string, poses: PoseMetadata): Promise<void> {
  const N = poses.ids.length;
  const arrays: Record<string, NdArray> = {
    scale: { data: poses.scale, shape: [N] },
    translation: { data: poses.translation, shape: [N, 2] },
    rotation: { data: poses.rotation, shape: [N, 4] },
    z0: { data: poses.perspective, shape: [N] },
    category: { data: poses.classIndex, shape: [N] },
  };
  const { way, photographs } = poses;
  await writeSafetensors(path, arrays, {
    ids: JSON.stringify(poses.ids),
    ...(way && { pseudogt: way }),
    ...(photographs && { photographs }),
  });
}

/**
 * Reads the table of poses.
 *
 * @throws {UserError} If the file is missing, damaged or lacks an array
 */
export async function readPoseMetadata(path: string): Promise<PoseMetadata> {
  const { arrays, metadata } = await readSafetensors(path);
  let ids: string[];
  try {
    ids = JSON.parse(metadata.ids).map(String);
  } catch (error) {
    throw new UserError(`Cannot read ${path}: its metadata must list ids (${messageOf(error)}).`, {
      cause: error,
    });
  }
  const take = (name: string, columns: number): ArrayLike<number> => {
    const found = arrays[name];
    if (found?.data.length !== ids.length * columns) {
      throw new UserError(
        `Cannot read ${path}: ${name} must hold ${ids.length} × ${columns} values, current value has ` +
          `${found?.data.length ?? "none"}.`,
      );
    }
    return found.data as ArrayLike<number>;
  };
  return {
    scale: Float32Array.from(take("scale", 1)),
    translation: Float32Array.from(take("translation", 2)),
    rotation: Float32Array.from(take("rotation", 4)),
    perspective: Float32Array.from(take("z0", 1)),
    classIndex: Int32Array.from(take("category", 1)),
    ids,
    ...(isWay(metadata.pseudogt) && { way: metadata.pseudogt }),
    ...(metadata.photographs && { photographs: metadata.photographs }),
  };
}

function isWay(value: unknown): value is PseudoGroundTruthWay {
  return value === "refined" || value === "original";
}

function imageArray({ data, height, width, channels }: FloatImage): NdArray {
  return { data: Float32Array.from(data), shape: [height, width, channels] };
}

function asImage(path: string, name: string, array: NdArray | undefined, channels?: number): FloatImage {
  if (array?.shape.length !== 3 || (channels !== undefined && array.shape[2] !== channels)) {
    throw new UserError(
      `Cannot read ${path}: ${name} must have shape [H, W, ${channels ?? "C"}], current value is ` +
        `${array ? `[${array.shape.join(", ")}]` : "missing"}.`,
    );
  }
  const [height, width, found] = array.shape;
  return { data: Float32Array.from(array.data as ArrayLike<number>), height, width, channels: found };
}
