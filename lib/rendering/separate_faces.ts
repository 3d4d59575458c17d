/**
 * Meshes from loose triangles.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";

/**
 * A mesh of F faces without shared vertices: corner i of face f is vertex 3f + i, so that gradients `[3F, 2]` of its
 * vertices are gradients `[F, 3, 2]` of the corners.
 *
 * @param corners Screen x and y of each corner, `[F, 3, 2]`
 * @param depths Depth of each corner, `[F, 3]`; zeros by default
 * @returns Vertices `[3F, 3]` and faces `[F, 3]`
 * @throws {TypeError} If a shape does not match
 */
export function separateFaces(
  corners: FloatArray,
  depths?: FloatArray,
): { vertices: FloatArray; faces: Int32Array } {
  const { F } = checkShapes("separate faces", {
    corners: [corners, ["F", 3, 2]],
    ...(depths && { depths: [depths, ["F", 3]] as const }),
  });
  const vertices = zerosLike(corners, 9 * F); // [3F, 3]
  for (let v = 0; v < 3 * F; v++) {
    vertices[3 * v] = corners[2 * v];
    vertices[3 * v + 1] = corners[2 * v + 1];
    vertices[3 * v + 2] = depths ? depths[v] : 0;
  }
  return { vertices, faces: Int32Array.from({ length: 3 * F }, (_, i) => i) };
}

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
