/**
 * Half a texture to a mirror-symmetric one.
 *
 * @module
 */
import type { FloatImage } from "../../lib/core/arrays.ts";
import { gatherColumns } from "../../lib/mesh/_gather_columns_kernel.ts";
import { gatherColumnsBackward } from "./gather_columns_backward.ts";

/** Columns of the half that make the whole: the half in the middle, reflected at u = ¼ and u = ¾. */
function columnsOf(half: number): number[] {
  if (half % 2 !== 0) {
    throw new RangeError(`Cannot symmetrize a texture as its width must be even: current value is ${half}`);
  }
  return Array.from({ length: 2 * half }, (_, j) => {
    const column = j - half / 2;
    return column < 0 ? -1 - column : column < half ? column : 2 * half - 1 - column;
  });
}

/**
 * Completes the half u in [¼, ¾] (the side x > 0) by its mirror images: works for textures and displacement maps.
 *
 * @param half The half, `[H, W/2, C]`
 * @returns The whole, `[H, W, C]`
 * @throws {RangeError} If the half's width is odd
 */
export function symmetrizeTexture(half: FloatImage): FloatImage {
  return gatherColumns(half, columnsOf(half.width));
}

/**
 * The gradient of `symmetrizeTexture`.
 *
 * @param gradient Gradient with respect to the whole, `[H, W, C]`
 * @returns Gradient with respect to the half, `[H, W/2, C]`
 */
export function symmetrizeTextureBackward(gradient: FloatImage): FloatImage {
  return gatherColumnsBackward(gradient, columnsOf(gradient.width / 2), gradient.width / 2);
}
