/**
 * Padding around the circle.
 *
 * @module
 */
import type { FloatImage } from "../../lib/core/arrays.ts";
import { gatherColumns } from "../../lib/mesh/_gather_columns_kernel.ts";
import { gatherColumnsBackward } from "./gather_columns_backward.ts";

function columnsOf(width: number, left: number, right: number): number[] {
  if (left > width || right > width) {
    throw new RangeError(
      `Cannot pad an image around as at most ${width} columns can be added: current value is ${
        Math.max(left, right)
      }`,
    );
  }
  return Array.from({ length: left + width + right }, (_, j) => (j - left + width) % width);
}

/**
 * Adds the last columns on the left and the first columns on the right.
 *
 * @param image The image, `[H, W, C]`
 * @param left Columns added on the left
 * @param right Columns added on the right, as many as on the left if left out
 * @returns The wider image, `[H, left + W + right, C]`
 * @throws {RangeError} If more columns are asked for than there are
 */
export function padCircular(image: FloatImage, left: number, right: number = left): FloatImage {
  return gatherColumns(image, columnsOf(image.width, left, right));
}

/**
 * The gradient of `padCircular`.
 *
 * @param gradient Gradient with respect to the wider image, `[H, left + W + right, C]`
 * @param left Columns added on the left
 * @param right Columns added on the right
 * @returns Gradient with respect to the image, `[H, W, C]`
 */
export function padCircularBackward(gradient: FloatImage, left: number, right: number = left): FloatImage {
  const width = gradient.width - left - right;
  return gatherColumnsBackward(gradient, columnsOf(width, left, right), width);
}
