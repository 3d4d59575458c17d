/**
 * The mask of a picture alone.
 *
 * @module
 */
import type { DeepImage } from "../../lib/io/byte_image.ts";
import { readMaskPicture } from "../../lib/datasets/mask_picture.ts";

/** The mask of {@link readMaskPicture}. */
export function maskOfPicture(picture: DeepImage): Uint8Array {
  return readMaskPicture(picture).mask;
}
