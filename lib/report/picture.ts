/**
 * Pictures of a report: from floats to HTML.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { encodeWebp } from "../io/image_file.ts";
import { htmlImage } from "./html.ts";

/** Ground that crops and renders share, in [0, 1]. */
export const PICTURE_GROUND = 0.5;

/** Figures of a picture in the page. */
export interface HtmlPictureOptions {
  /** Text under the picture. */
  readonly caption?: string;
  /** WebP quality. */
  readonly quality?: number;
}

/**
 * A picture as HTML, in a few kilobytes.
 *
 * @param picture `[H, W, C]` in [0, 1]
 * @param alt What it shows
 * @param options Caption and quality
 */
export async function htmlPicture(
  picture: FloatImage,
  alt: string,
  options: HtmlPictureOptions = {},
): Promise<string> {
  const { caption = "", quality = 78 } = options;
  const size = [picture.width, picture.height] as const;
  return htmlImage(await encodeWebp(picture, { quality }), "webp", alt, { caption, size });
}

/** Colours in [−1, 1], as networks and samples hold them, in [0, 1]. */
export function toUnitColours(image: FloatImage): FloatImage {
  const data = new Float32Array(image.data); // [H, W, C]
  for (let i = 0; i < data.length; i++) data[i] = data[i] / 2 + 0.5;
  return { ...image, data };
}
