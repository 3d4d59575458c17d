/**
 * The textured mesh of one photograph, and its file.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { encodeGlbWith, type GlbExtra } from "../io/glb_encoder.ts";
import { encodePlainPng } from "../io/plain_png.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Pose } from "../rendering/cameras.ts";
import type { Template } from "../templates/template_bytes.ts";
import type { PhotoPool } from "./find_photo_poses.ts";
import type { PhotoCrop } from "./photo_crop.ts";
import { directionOfPose, type PhotoDirection, type PhotoPose } from "./photo_pose.ts";
import type { RefinedPhoto, RefineReport } from "./photo_task.ts";

/** A textured mesh in its photograph. */
export interface PhotoMesh extends PhotoDirection {
  /** Name of the template that it began as. */
  readonly template: string;
  /** Class of the template. */
  readonly category: string;
  /** IoU of the mesh itself with the mask, 0 to 1. */
  readonly iou: number;
  /** How likely its pose was among the others. */
  readonly score: number;
  /** Shape in the object frame (z up), `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Pose in the crop. */
  readonly pose: Pose;
  /** Colours in [0, 1], `[R, R, 3]`. */
  readonly texture: FloatImage;
}

/** Callbacks of {@linkcode refinePhoto}. */
export interface RefineCallbacks extends Pick<StageCallbacks, "onProgress" | "signal"> {
  /** Told the shape of a pose on its way. */
  onRefine?: (report: RefineReport) => void;
}

/**
 * Fits shapes to a photograph from some poses, and takes their textures.
 *
 * @param photo The photograph
 * @param templates Templates that the poses name by number
 * @param poses Poses to begin with
 * @param pool Threads; does not change the result
 * @param textureResolution Rows and columns of the textures, a multiple of 128 from 256 to 2048
 * @param callbacks Told how many of the poses are done, and a stop
 * @returns A mesh for each pose, in their order
 * @throws {StoppedError} If it was stopped
 */
export async function refinePhoto(
  photo: PhotoCrop,
  templates: readonly Template[],
  poses: readonly PhotoPose[],
  pool: PhotoPool,
  textureResolution: number,
  { onProgress, onRefine, signal }: RefineCallbacks = {},
): Promise<PhotoMesh[]> {
  const { image, mask } = photo;
  let done = 0;
  const refined = await pool.run(poses.length, (k) => {
    const { pose, template } = poses[k], { vertices, partLabels, partNames } = templates[template];
    const start = { vertices, partLabels, partNames };
    return { kind: "refine", photo: { image, mask }, template: start, pose, textureResolution };
  }, {
    ...{ signal, what: "The refinement" },
    onReport: (_, report) => onRefine?.(report as RefineReport),
    onResult: () => onProgress?.({ done: ++done, total: poses.length }),
  }) as RefinedPhoto[];
  return refined.map((object, k) => {
    const { name, category } = templates[poses[k].template];
    return { ...object, ...directionOfPose(object.pose), template: name, category, score: poses[k].score };
  });
}

/**
 * Encodes a mesh as binary glTF: one file with its texture.
 *
 * @param mesh The mesh
 * @param name Name of the mesh inside of the file
 * @param extras What the file tells about itself besides direction, template and IoU
 */
export async function encodePhotoMesh(
  { vertices, texture, template, category, azimuth, elevation, iou }: PhotoMesh,
  name = "mesh",
  extras: Readonly<Record<string, GlbExtra>> = {},
): Promise<Uint8Array> {
  const { faces, uvs, faceUvs } = sphereTopology();
  return await encodeGlbWith(encodePlainPng, { vertices, faces, uvs, faceUvs }, texture, {
    name,
    extras: { category, template, azimuth, elevation, iou, ...extras },
  });
}
