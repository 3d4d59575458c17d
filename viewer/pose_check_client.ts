/**
 * The server's poses of a data set: photographs, their likely poses, and what a person says.
 *
 * @module
 */
import { UserError } from "../lib/core/errors.ts";
import type { ByteImage } from "../lib/io/byte_image.ts";
import type { PhotoCrop } from "../lib/photo/photo_crop.ts";
import type { PhotoPose } from "../lib/photo/photo_pose.ts";
import type { PoseCorrection } from "../lib/pose/pose_corrections.ts";
import type { PoseCheck } from "./server/poses.ts";

/** A photograph that is checked. */
export interface OpenedPose {
  /** The square around the object. */
  readonly photo: PhotoCrop;
  /** Its likely poses, the chosen one first. */
  readonly poses: readonly PhotoPose[];
}

/** Lists the photographs. */
export async function listPoses(): Promise<PoseCheck> {
  return await (await ask("api/poses")).json();
}

/** Opens a photograph. */
export async function openPose(id: string): Promise<OpenedPose> {
  const address = addressOfPose(id);
  const [poses, colours, shares] = await Promise.all([
    ask(address).then((response): Promise<PhotoPose[]> => response.json()),
    pixelsAt(`${address}/photograph`),
    pixelsAt(`${address}/mask`),
  ]);
  const { width, height } = colours, mask = new Uint8Array(width * height);
  for (let p = 0; p < mask.length; p++) mask[p] = shares.data[3 * p] > 127 ? 1 : 0;
  return { photo: { image: colours, mask, crop: { x: 0, y: 0, size: width } }, poses };
}

/** Keeps what a person says; null takes it back. */
export async function sendCorrection(id: string, correction: PoseCorrection | null): Promise<void> {
  await ask(`${addressOfPose(id)}/correction`, {
    method: correction === null ? "DELETE" : "PUT",
    body: correction && JSON.stringify(correction),
  });
}

function addressOfPose(id: string): string {
  return `api/poses/${encodeURIComponent(id)}`;
}

/** Colours of an image, `[H, W, 3]`. */
async function pixelsAt(address: string): Promise<ByteImage> {
  const image = await createImageBitmap(await (await ask(address)).blob()), { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  if (context === null) throw new UserError("Cannot read the photograph: the browser gives no canvas");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height), rgb = new Uint8Array(3 * width * height);
  for (let p = 0; p < width * height; p++) rgb.set(data.subarray(4 * p, 4 * p + 3), 3 * p);
  return { data: rgb, width, height, channels: 3 };
}

async function ask(address: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(address, init);
  if (!response.ok) throw new UserError(await response.text());
  return response;
}
