/**
 * Colours and mask of a sample in one image.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import type { Sample } from "./dataset.ts";

/** Colours of a sample, multiplied by the mask as they are, and the mask as alpha, `[S, S, 4]`. */
export function rgbaImage({ image, mask }: Pick<Sample, "image" | "mask">): FloatImage {
  const rgba = floatImage(image.height, image.width, 4);
  for (let p = 0; p < mask.data.length; p++) {
    for (let c = 0; c < 3; c++) rgba.data[4 * p + c] = image.data[3 * p + c];
    rgba.data[4 * p + 3] = mask.data[p];
  }
  return rgba;
}
