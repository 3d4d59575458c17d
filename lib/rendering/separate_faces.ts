/**
 * Meshes from loose triangles.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";

/**
 * Values at the corners of each face.
 *
 * @param values One row for each vertex or texture coordinate, `[N, D]`
 * @param indices Rows of each face's corners, `[F, 3]`
 * @param channels Length of a row, D
 * @returns Corner values, `[F, 3, D]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If an index is out of range
 */
export function gatherCorners(values: FloatArray, indices: Int32Array, channels: number): FloatArray {
  const { N } = checkShapes("gather corner values", {
    values: [values, ["N", channels]],
    indices: [indices, ["F", 3]],
  });
  const corners = zerosLike(values, indices.length * channels); // [F, 3, D]
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] < 0 || indices[i] >= N) {
      throw new RangeError(
        `Cannot gather corner values of face ${Math.floor(i / 3)} outside rows 0 to ${
          N - 1
        }: current value is ` +
          `${indices[i]}`,
      );
    }
    for (let d = 0; d < channels; d++) corners[i * channels + d] = values[indices[i] * channels + d];
  }
  return corners;
}
