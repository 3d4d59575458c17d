/**
 * Images made of another image's columns.
 *
 * @module
 */
import { type FloatImage, zerosLike } from "../core/arrays.ts";

/** An image whose column j is column `columns[j]` of `image`. */
export function gatherColumns(image: FloatImage, columns: readonly number[]): FloatImage {
  const { data, height, width, channels } = image;
  const result = zerosLike(data, height * columns.length * channels); // [H, columns, C]
  for (let row = 0; row < height; row++) {
    columns.forEach((column, j) => {
      const from = (row * width + column) * channels;
      result.set(data.subarray(from, from + channels), (row * columns.length + j) * channels);
    });
  }
  return { data: result, height, width: columns.length, channels };
}
