/**
 * Images of a report: from floats to HTML.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { encodeWebp } from "../io/image_file.ts";
import { htmlImage } from "./html.ts";

/** Background that crops and renders share, in [0, 1]. */
export const IMAGE_BACKGROUND = 0.5;

/**
 * An image as HTML, in a few kilobytes.
 *
 * @param image `[H, W, C]` in [0, 1]
 * @param alt What it shows
 * @param options `caption`: text under the image; `quality`: WebP quality, 78 by default
 */
export async function htmlFloatImage(
  image: FloatImage,
  alt: string,
  options: { readonly caption?: string; readonly quality?: number } = {},
): Promise<string> {
  const { caption = "", quality = 78 } = options;
  const size = [image.width, image.height] as const;
  return htmlImage(await encodeWebp(image, { quality }), "webp", alt, { caption, size });
}
