/**
 * True rotations of the original's data sets, from the MAT files of the CMR project's annotations.
 *
 * @module
 */
import { basename } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { type MatStructs, type MatValue, readMat } from "../files/mat.ts";
import { matrixToQuaternion, type Quaternion } from "../../lib/rendering/quaternion.ts";

/** The two files of annotations of a data set. */
export interface AnnotationFiles {
  /** Images: variable `images`. */
  readonly images: string;
  /** Cameras in the same order: variable `sfm_anno`. */
  readonly cameras: string;
}

/** Annotations of a data set; null if it has none. */
export function annotationFiles(dataset: string): AnnotationFiles | null {
  if (dataset === "cub") {
    return { images: "datasets/cub/data/train_cub_cleaned.mat", cameras: "datasets/cub/sfm/anno_train.mat" };
  }
  const match = /^(?:p3d|imagenet)_(car|airplane)$/.exec(dataset);
  if (!match) return null;
  const name = match[1] === "airplane" ? "aeroplane" : match[1];
  return { images: `datasets/p3d/data/${name}_train.mat`, cameras: `datasets/p3d/sfm/${name}_train.mat` };
}

/**
 * Images that a data set's annotations list.
 *
 * @param path File with the variable `images`
 * @returns Relative paths with "/", in the order of the file
 * @throws {UserError} If the file is missing or damaged, or lacks a field
 */
export async function readAnnotatedPaths(path: string): Promise<string[]> {
  const images = await structsOf(path, "images", ["rel_path"]);
  return images.records.map((record, i) => {
    const value = record.rel_path;
    if (value?.kind === "text" && value.text !== "") return value.text.replaceAll("\\", "/");
    throw wrongField(path, "images", i, "rel_path", "a text", value);
  });
}

/**
 * True rotations by the base name of the image; of several objects in one image the last one counts.
 *
 * @param files The two files of annotations
 * @returns Unit quaternions with w ≥ 0
 * @throws {UserError} If a file is missing or damaged, or lacks a field, or their lengths differ
 */
export async function readTrueRotations(files: AnnotationFiles): Promise<Map<string, Quaternion>> {
  const paths = await readAnnotatedPaths(files.images);
  const cameras = await structsOf(files.cameras, "sfm_anno", ["rot"]);
  if (cameras.records.length !== paths.length) {
    throw new UserError(
      `Cannot read true poses: ${files.cameras} must have as many entries as ${files.images}, ${paths.length}; ` +
        `current value is ${cameras.records.length}`,
    );
  }
  return new Map(cameras.records.map((record, i) => {
    const value = record.rot;
    if (value?.kind !== "numbers" || value.data.length !== 9 || !value.data.every(Number.isFinite)) {
      throw wrongField(files.cameras, "sfm_anno", i, "rot", "3 x 3 numbers", value);
    }
    const m = value.data; // column by column
    return [basename(paths[i]), matrixToQuaternion([m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]])];
  }));
}

async function structsOf(path: string, variable: string, fields: readonly string[]): Promise<MatStructs> {
  const value = (await readMat(path, { fields }))[variable];
  if (value?.kind === "structs") return value;
  throw new UserError(
    `Cannot read ${path}: its variable "${variable}" must be an array of structs, ` +
      `current value is ${value ? value.kind : "missing"}`,
  );
}

function wrongField(
  path: string,
  variable: string,
  i: number,
  field: string,
  what: string,
  value: MatValue | undefined,
): UserError {
  const found = value === undefined
    ? "missing"
    : value.kind === "numbers"
    ? `numbers [${value.shape}]`
    : value.kind;
  return new UserError(
    `Cannot read ${path}: "${field}" of ${variable}(${i + 1}) must be ${what}, current value is ${found}`,
  );
}
