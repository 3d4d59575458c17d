/**
 * Faces that a surface has folded over.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/**
 * Share of the faces that look against their surroundings: their normal and the sum of their neighbours' normals,
 * weighted by area, point to opposite sides. A smooth surface has none, and a sharp edge makes none either.
 *
 * @param vertices Vertices, `[V, 3]`
 * @param faces Faces, `[F, 3]`
 * @param faceNeighbours Neighbours of each face, `[F, 3]`
 * @returns Share in [0, 1]
 */
export function foldedShare(
  vertices: FloatArray,
  faces: ArrayLike<number>,
  faceNeighbours: ArrayLike<number>,
): number {
  const count = faces.length / 3;
  const normals = new Float64Array(faces.length); // [F, 3], as long as twice the area
  for (let f = 0; f < count; f++) {
    const [a, b, c] = [0, 1, 2].map((k) => 3 * faces[3 * f + k]);
    const [ux, uy, uz] = [0, 1, 2].map((k) => vertices[b + k] - vertices[a + k]);
    const [vx, vy, vz] = [0, 1, 2].map((k) => vertices[c + k] - vertices[a + k]);
    normals.set([uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx], 3 * f);
  }
  let folded = 0;
  for (let f = 0; f < count; f++) {
    let along = 0;
    for (let k = 0; k < 3; k++) {
      const other = 3 * faceNeighbours[3 * f + k];
      for (let axis = 0; axis < 3; axis++) along += normals[3 * f + axis] * normals[other + axis];
    }
    if (along < 0) folded++;
  }
  return folded / count;
}
