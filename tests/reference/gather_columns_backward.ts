/**
 * Gradient of gathered columns.
 *
 * @module
 */
import { type FloatImage, zerosLike } from "../../lib/core/arrays.ts";

/** The gradient of `gatherColumns` with respect to its image of `width` columns. */
export function gatherColumnsBackward(
  gradient: FloatImage,
  columns: readonly number[],
  width: number,
): FloatImage {
  const { data, height, channels } = gradient;
  const result = zerosLike(data, height * width * channels); // [H, W, C]
  for (let row = 0; row < height; row++) {
    columns.forEach((column, j) => {
      for (let channel = 0; channel < channels; channel++) {
        result[(row * width + column) * channels + channel] +=
          data[(row * columns.length + j) * channels + channel];
      }
    });
  }
  return { data: result, height, width, channels };
}
