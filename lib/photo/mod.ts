/**
 * One photograph to a GLB, without training, in Deno, Node and browsers: no network, no weights, no files.
 *
 * @example
 * ```ts
 * import { encodePhotoMesh, parseTemplates, photoToMesh } from "./mod.ts";
 *
 * // A drawn photograph: a red box on white; yours comes from any decoder, as 8-bit values.
 * const width = 320, height = 200, data = new Uint8Array(width * height * 3).fill(255);
 * const mask = new Uint8Array(width * height);
 * for (let y = 60; y < 140; y++) {
 *   for (let x = 40; x < 280; x++) {
 *     mask[y * width + x] = 1;
 *     data.set([200, 40, 30], 3 * (y * width + x));
 *   }
 * }
 * const image = { data, width, height, channels: 3 };
 * const file = new URL("../templates/data/bus.safetensors", import.meta.url);
 * const templates = parseTemplates(await Deno.readFile(file), "bus");
 *
 * const { candidates, isDoubtful } = await photoToMesh(image, mask, templates);
 * const glb = await encodePhotoMesh(candidates[0], "bus");
 * console.log(glb.length, candidates[0].iou, isDoubtful ? "front or rear?" : "");
 * ```
 *
 * @module
 */
export type { FloatArray, FloatImage } from "../core/arrays.ts";
export { StoppedError, UserError } from "../core/errors.ts";
export { type RunTasksOptions, type WorkerKind, WorkerPool } from "../core/worker_pool.ts";
export type { RunnerFactory, TaskRunner } from "../core/worker_server.ts";
export type { BackgroundRemoval, PhotoSize } from "../datasets/background_removal/plain_background.ts";
export type { GlbExtra } from "../io/glb_encoder.ts";
export type { ByteImage } from "../io/byte_image.ts";
export type { StartTemplate } from "../refinement/refine_options.ts";
export type { Pose } from "../rendering/cameras.ts";
export { parseTemplates, type Template } from "../templates/template_bytes.ts";
export type { PoseWish } from "./choose_photo_poses.ts";
export type { PhotoPool } from "./find_photo_poses.ts";
export type { PhotoCrop } from "./photo_crop.ts";
export { encodePhotoMesh, type PhotoMesh } from "./photo_mesh.ts";
export { directionOfPose, type PhotoDirection, sideOfAzimuth } from "./photo_pose.ts";
export type * from "./photo_task.ts";
export { PHOTO_KIND } from "./photo_task.ts";
export * from "./photo_to_mesh.ts";
export type { ClassScore } from "./rank_poses.ts";
