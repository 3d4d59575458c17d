/**
 * One object of a photograph in memory, cropped and resized; free of files, so that it runs in browsers too.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { ByteImage } from "../io/byte_image.ts";
import { type Crop, cropAndResize } from "./crop.ts";
import type { Sample } from "./dataset.ts";

/**
 * Crops an object as the stages see it.
 *
 * @param photograph Photograph, `[H, W, C]`; an alpha channel is left out
 * @param mask 1 where the object is, else 0, `[H, W]`
 * @param crop Square of the photograph's pixels
 * @param resolution Side of the result, r
 * @returns Colours in [−1, 1] times the mask, `[r, r, 3]`, and the share of the object in each pixel, `[r, r, 1]`
 */
export function cropObject(
  photograph: ByteImage,
  mask: Uint8Array,
  crop: Crop,
  resolution: number,
): Pick<Sample, "image" | "mask"> {
  const share = sharesOf(mask, photograph, crop, resolution);
  const image = coloursOf(photograph, crop, resolution);
  for (let p = 0, k = 0; p < share.data.length; p++) {
    for (let c = 0; c < 3; c++, k++) image.data[k] = (2 * image.data[k] - 1) * share.data[p];
  }
  return { image: toFloat32(image), mask: toFloat32(share) };
}

/** Share of the object in each pixel of a crop, `[r, r, 1]`. */
export function resizeMask(
  mask: Uint8Array,
  size: { readonly height: number; readonly width: number },
  crop: Crop,
  resolution: number,
): FloatImage {
  return toFloat32(sharesOf(mask, size, crop, resolution));
}

/** Colours of a crop in [0, 1], white outside of the photograph, `[r, r, 3]`; grey stands for all three. */
export function resizeColours(photograph: ByteImage, crop: Crop, resolution: number): FloatImage {
  return toFloat32(coloursOf(photograph, crop, resolution));
}

function sharesOf(
  mask: Uint8Array,
  { height, width }: { readonly height: number; readonly width: number },
  crop: Crop,
  resolution: number,
) {
  return cropAndResize({ data: mask, height, width, channels: 1 }, crop, resolution, [0]);
}

function coloursOf(photograph: ByteImage, crop: Crop, resolution: number) {
  const { channels } = photograph;
  const resized = cropAndResize(photograph, crop, resolution, new Array(channels).fill(255)).data;
  const step = channels >= 3 ? 1 : 0;
  const data = new Float64Array(resolution * resolution * 3); // [r, r, 3]
  for (let k = 0, from = 0; k < data.length; k += 3, from += channels) {
    for (let c = 0; c < 3; c++) data[k + c] = resized[from + c * step] / 255;
  }
  return { data, height: resolution, width: resolution, channels: 3 };
}

function toFloat32(image: FloatImage): FloatImage {
  return { ...image, data: new Float32Array(image.data) };
}
