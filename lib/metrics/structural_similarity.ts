/**
 * Structural similarity (SSIM) of a render and a photograph inside the photograph's mask.
 *
 * Wang, Bovik, Sheikh and Simoncelli, "Image Quality Assessment: From Error Visibility to Structural Similarity", 2004.
 *
 * @module
 */
import { type FloatArray, type FloatImage, floatImage } from "../core/arrays.ts";
import { BLUR_RADIUS, gaussianBlur } from "../core/gaussian_blur.ts";
import { checkImages, maskedOverGrey } from "./psnr.ts";

/** Constants of the paper for colours in [0, 1]. */
const C1 = 0.01 ** 2, C2 = 0.03 ** 2;

/**
 * Structural similarity of each of the three colours, averaged over colours and over the pixels inside the mask, by their
 * share. Both images are laid over mid grey first, so that windows at the border see no background.
 *
 * @param render Render over mid grey in [0, 1], `[H, W, 3]`
 * @param photograph Colours of the object in [0, 1], not multiplied by the mask, `[H, W, 3]`
 * @param mask Share of the object in each pixel, `[H, W, 1]`
 * @returns −1 to 1, 1 for equal images; `NaN` if the mask is empty
 * @throws {TypeError} If a shape does not match
 */
export function ssimInside(render: FloatImage, photograph: FloatImage, mask: FloatImage): number {
  checkImages("find the SSIM", render, photograph, mask);
  const shares = croppedToMask(mask, mask), { height, width } = shares, pixels = height * width;
  const a = croppedToMask(maskedOverGrey(render, mask), mask).data;
  const b = croppedToMask(maskedOverGrey(photograph, mask), mask).data;
  const blur = (values: FloatArray) => gaussianBlur(values, height, width);
  let sum = 0, weight = 0;
  for (const share of shares.data) weight += share;
  const x = new Float64Array(pixels), y = new Float64Array(pixels); // [H, W]
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < pixels; i++) x[i] = a[3 * i + c], y[i] = b[3 * i + c];
    const meanX = blur(x), meanY = blur(y);
    const meanXX = blur(x.map((value) => value * value)), meanYY = blur(y.map((value) => value * value));
    const meanXY = blur(x.map((value, i) => value * y[i]));
    for (let i = 0; i < pixels; i++) {
      if (shares.data[i] === 0) continue;
      const mx = meanX[i], my = meanY[i], product = mx * my, squares = mx * mx + my * my;
      const covariance = meanXY[i] - product, variances = meanXX[i] + meanYY[i] - squares;
      const ssim = (2 * product + C1) * (2 * covariance + C2) / ((squares + C1) * (variances + C2));
      sum += shares.data[i] * ssim / 3;
    }
  }
  return sum / weight;
}

/** What the windows of pixels inside the mask see: the mask's box, grown by the window's radius within the image. */
function croppedToMask({ data, channels }: FloatImage, mask: FloatImage): FloatImage {
  const { height, width } = mask;
  let top = height, left = width, bottom = -1, right = -1;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    const row = Math.floor(i / width), column = i % width;
    top = Math.min(top, row), bottom = row;
    left = Math.min(left, column), right = Math.max(right, column);
  }
  top = Math.max(0, top - BLUR_RADIUS), bottom = Math.min(height - 1, bottom + BLUR_RADIUS);
  left = Math.max(0, left - BLUR_RADIUS), right = Math.min(width - 1, right + BLUR_RADIUS);
  const out = floatImage(Math.max(0, bottom - top + 1), Math.max(0, right - left + 1), channels);
  for (let row = 0; row < out.height; row++) {
    const from = ((top + row) * width + left) * channels;
    out.data.set(data.subarray(from, from + out.width * channels), row * out.width * channels);
  }
  return out;
}
