/**
 * Peak signal-to-noise ratio (PSNR) of a render and a photograph inside the photograph's mask.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";

/** Background of images that are compared, and colour of pixels that a render misses. */
export const MID_GREY = 0.5;
/** Least mean squared error, so that equal images have a figure: 120 dB. */
const LEAST_ERROR = 1e-12;

/**
 * Peak signal-to-noise ratio of colours in [0, 1], weighted by the mask.
 *
 * @param render Render over mid grey, `[H, W, 3]`
 * @param photograph Colours of the object, not multiplied by the mask, `[H, W, 3]`
 * @param mask Share of the object in each pixel, `[H, W, 1]`
 * @returns Decibels, at most 120; `NaN` if the mask is empty
 * @throws {TypeError} If a shape does not match
 */
export function psnrInside(render: FloatImage, photograph: FloatImage, mask: FloatImage): number {
  checkImages("find the PSNR", render, photograph, mask);
  let sum = 0, weight = 0;
  for (let i = 0; i < mask.data.length; i++) {
    const share = mask.data[i];
    if (share === 0) continue;
    weight += share;
    for (let c = 3 * i; c < 3 * i + 3; c++) sum += share * (render.data[c] - photograph.data[c]) ** 2 / 3;
  }
  return -10 * Math.log10(Math.max(sum / weight, LEAST_ERROR));
}

/**
 * An image inside a mask, over mid grey.
 *
 * @param image Colours in [0, 1], `[H, W, 3]`
 * @param mask Share of the object in each pixel, `[H, W, 1]`
 * @returns Colours in [0, 1], `[H, W, 3]`
 */
export function maskedOverGrey(image: FloatImage, mask: FloatImage): FloatImage {
  const out = floatImage(image.height, image.width, 3);
  for (let i = 0; i < out.data.length; i++) {
    out.data[i] = MID_GREY + mask.data[Math.floor(i / 3)] * (image.data[i] - MID_GREY);
  }
  return out;
}

/**
 * Checks the sizes of two images and a mask that belong together.
 *
 * @param action What is done with them, for the message
 * @param render `[H, W, 3]`
 * @param photograph `[H, W, 3]`
 * @param mask `[H, W, 1]`
 * @throws {TypeError} If a shape does not match
 */
export function checkImages(
  action: string,
  render: FloatImage,
  photograph: FloatImage,
  mask: FloatImage,
): void {
  const { height, width } = mask;
  checkShapes(action, {
    render: [render.data, [height, width, 3]],
    photograph: [photograph.data, [height, width, 3]],
    mask: [mask.data, [height, width, 1]],
  });
}
