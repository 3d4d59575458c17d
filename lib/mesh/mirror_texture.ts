/**
 * The texture of an object's mirror image.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { gatherColumns } from "./_gather_columns_kernel.ts";

/**
 * Mirrors a texture about the object's plane x = 0: u becomes ½ − u. It is its own inverse, and its own gradient.
 *
 * @param texture The texture, `[H, W, C]`
 * @returns The mirrored texture, `[H, W, C]`
 * @throws {RangeError} If the width is odd
 */
export function mirrorTexture(texture: FloatImage): FloatImage {
  const { width } = texture;
  if (width % 2 !== 0) {
    throw new RangeError(`Cannot mirror a texture as its width must be even: current value is ${width}`);
  }
  const columns = Array.from({ length: width }, (_, j) => (width / 2 - 1 - j + width) % width);
  return gatherColumns(texture, columns);
}

/**
 * The middle half of the columns: all that an even reflection has.
 *
 * @param texture `[H, W, C]` with W a multiple of 4
 * @returns `[H, W / 2, C]`
 */
export function middleHalf(texture: FloatImage): FloatImage {
  const { width } = texture;
  return gatherColumns(texture, Array.from({ length: width / 2 }, (_, j) => width / 4 + j));
}
