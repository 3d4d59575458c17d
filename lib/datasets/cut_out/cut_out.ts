/**
 * Cutting an object out of a plain background.
 *
 * @module
 */
import type { ByteImage } from "../../io/byte_image.ts";
import { resizeToRgb } from "../../io/resize_image.ts";
import { type CutOut, cutOutOf, cutOutSize } from "./cut_out_of.ts";

export { CUT_OUT_LIMITS, type CutOut } from "./cut_out_of.ts";

/**
 * Cuts the object out of a photograph whose background is of one colour, or of one that changes slowly. The border of
 * the photograph is taken for background; the object may touch it in a few places.
 *
 * @param image Photograph, `[H, W, C]`; an alpha channel is left out
 * @returns Mask, and whether to trust it
 */
export function cutOut(image: ByteImage): Promise<CutOut> {
  const { height, width } = cutOutSize(image);
  return Promise.resolve(cutOutOf(resizeToRgb(image, height, width), image));
}
