/**
 * Textures as people see them.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { smoothPoles } from "../mesh/smooth_poles.ts";

/**
 * Smooths a generated texture towards its poles, unless exemplars gave it its detail, which photographs know there too.
 *
 * @param texture As a generator makes it, `[R, R, 3]`
 * @param build Build of the generator
 */
export function shownTexture(
  texture: FloatImage,
  { exemplars = 0 }: { readonly exemplars?: number },
): FloatImage {
  return exemplars > 0 ? texture : smoothPoles(texture);
}
