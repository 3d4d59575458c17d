/**
 * Resizing pictures with smoothing.
 *
 * @module
 */
import sharp from "sharp";
import type { ByteImage } from "./byte_image.ts";

/**
 * A picture as RGB of another size: bilinear, and smoothed when it shrinks. Grey stands for all three colours, alpha is
 * left out.
 *
 * @param image Picture, `[H, W, C]`
 * @param height Rows of the result
 * @param width Columns of the result
 * @returns Picture, `[height, width, 3]`
 */
export async function resizeToRgb(image: ByteImage, height: number, width: number): Promise<ByteImage> {
  const rgb = toRgb(image);
  if (height === image.height && width === image.width) return rgb;
  const raw = { width: image.width, height: image.height, channels: 3 as const };
  const data = await sharp(rgb.data, { raw }).resize(width, height, { fit: "fill", kernel: "linear" }).raw()
    .toBuffer();
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), height, width, channels: 3 };
}

function toRgb({ data, height, width, channels }: ByteImage): ByteImage {
  if (channels === 3) return { data, height, width, channels };
  const rgb = new Uint8Array(height * width * 3); // [H, W, 3]
  for (let p = 0; p < height * width; p++) {
    for (let c = 0; c < 3; c++) rgb[p * 3 + c] = data[p * channels + (channels === 4 ? c : 0)];
  }
  return { data: rgb, height, width, channels: 3 };
}
