/**
 * The mask of an image alone.
 *
 * @module
 */
import type { DeepImage } from "../../lib/io/byte_image.ts";
import { readMaskImage } from "../../lib/datasets/mask_image.ts";

/** The mask of {@link readMaskImage}. */
export function maskOfImage(image: DeepImage): Uint8Array {
  return readMaskImage(image).mask;
}
