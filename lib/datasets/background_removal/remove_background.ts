/**
 * Cutting an object out of a plain background.
 *
 * @module
 */
import type { ByteImage } from "../../io/byte_image.ts";
import { resizeToRgb } from "../../io/resize_image.ts";
import { type BackgroundRemoval, backgroundRemovalSize, removePlainBackground } from "./plain_background.ts";

export { BACKGROUND_LIMITS, type BackgroundRemoval } from "./plain_background.ts";

/**
 * Removes the background of a photograph where it is of one colour, or of one that changes slowly. The border of
 * the photograph is taken for background; the object may touch it in a few places.
 *
 * @param image Photograph, `[H, W, C]`; an alpha channel is left out
 * @returns Mask, and whether to trust it
 */
export function removeBackground(image: ByteImage): Promise<BackgroundRemoval> {
  const { height, width } = backgroundRemovalSize(image);
  return Promise.resolve(removePlainBackground(resizeToRgb(image, height, width), image));
}
