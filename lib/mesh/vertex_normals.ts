/**
 * Unit normals of vertices, for shading and for files.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";

/**
 * Unit normal of each vertex: the mean of its faces' normals, weighted by area. A vertex without faces has 0.
 *
 * @param vertices Positions, `[V, 3]`
 * @param faces Vertex indices, counter-clockwise seen from outside, `[F, 3]`
 * @returns Normals, `[V, 3]`
 */
export function computeVertexNormals(vertices: FloatArray, faces: Int32Array): FloatArray {
  checkShapes("compute vertex normals", { vertices: [vertices, ["V", 3]], faces: [faces, ["F", 3]] });
  const normals = zerosLike(vertices); // [V, 3]
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [3 * faces[f], 3 * faces[f + 1], 3 * faces[f + 2]];
    const [abx, aby, abz] = [0, 1, 2].map((axis) => vertices[b + axis] - vertices[a + axis]);
    const [acx, acy, acz] = [0, 1, 2].map((axis) => vertices[c + axis] - vertices[a + axis]);
    for (const corner of [a, b, c]) {
      normals[corner] += aby * acz - abz * acy;
      normals[corner + 1] += abz * acx - abx * acz;
      normals[corner + 2] += abx * acy - aby * acx;
    }
  }
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.max(Math.hypot(normals[i], normals[i + 1], normals[i + 2]), 1e-12);
    for (let axis = 0; axis < 3; axis++) normals[i + axis] /= length;
  }
  return normals;
}
