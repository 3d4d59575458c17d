/**
 * One photograph turned into UV maps, by geometry alone.
 *
 * @module
 */
import { type FloatArray, type FloatImage, floatImage } from "../core/arrays.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { type Fragments, rasterize } from "../rendering/rasterize.ts";
import { projectImage, type UvLayout } from "./uv_layout.ts";
import { spreadVisible, visibleWeights } from "./visibility.ts";

/** Colours and alpha in UV space. */
export interface UvMaps {
  /** Colours times alpha, `[R, R, 3]`. */
  texture: FloatImage;
  /** Where the photograph shows the object, 0 to 1, `[R, R, 1]`. */
  alpha: FloatImage;
}

/**
 * Turns a photograph into UV maps.
 *
 * @param photo Colours in [−1, 1] times the mask, then the mask, `[S, S, 4]`
 * @param screen Screen positions of the object, `[V, 3]`
 * @param topology Faces and texture coordinates
 * @param settings `layout`: texels of the UV layout; `visibilitySide`: side of the texture whose texels are tested for
 *   being seen; `symmetric`: whether texture columns lie as on a template with mirror symmetry
 * @param reuse Fragments of an earlier call with the same image size, to be overwritten
 * @returns Maps, 0 where the photograph does not show the surface
 */
export function makeUvMaps(
  photo: FloatImage,
  screen: FloatArray,
  topology: Mesh,
  settings: { readonly layout: UvLayout; readonly visibilitySide: number; readonly symmetric: boolean },
  reuse?: Fragments,
): UvMaps {
  const { layout, visibilitySide, symmetric } = settings;
  const { resolution } = layout;
  const fragments = rasterize(screen, topology.faces, photo.height, photo.width, reuse);
  const weights = visibleWeights(fragments, topology, visibilitySide, symmetric);
  const visible = spreadVisible(weights, visibilitySide, resolution);
  const projected = projectImage(layout, screen, photo);
  const texture = floatImage(resolution, resolution, 3), alpha = floatImage(resolution, resolution, 1);
  for (let texel = 0; texel < visible.length; texel++) {
    if (!visible[texel]) continue;
    for (let c = 0; c < 3; c++) texture.data[texel * 3 + c] = projected.data[texel * 4 + c];
    alpha.data[texel] = projected.data[texel * 4 + 3];
  }
  return { texture, alpha };
}

/** Side of the texture for the visibility test: at least 8 pixels a texel, so that no seen texel falls between pixels. */
export function visibilitySideOf(textureSide: number, imageSide: number): number {
  return Math.min(textureSide, Math.floor(imageSide / 8));
}

/** Whether nothing is left of alpha with 16 bits. */
export function isEmptyAlpha(alpha: FloatImage): boolean {
  return !alpha.data.some((value) => Math.f16round(value) > 0);
}
