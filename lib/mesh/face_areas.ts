/**
 * Areas of faces.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/**
 * Normal of each face, as long as twice its area.
 *
 * @param vertices Positions, `[V, 3]`
 * @param faces Vertex indices, counter-clockwise seen from outside, `[F, 3]`
 * @returns Normals, `[F, 3]`
 */
export function scaledFaceNormals(vertices: FloatArray, faces: ArrayLike<number>): Float64Array {
  const normals = new Float64Array(faces.length); // [F, 3]
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [3 * faces[f], 3 * faces[f + 1], 3 * faces[f + 2]];
    const abx = vertices[b] - vertices[a], acx = vertices[c] - vertices[a];
    const aby = vertices[b + 1] - vertices[a + 1], acy = vertices[c + 1] - vertices[a + 1];
    const abz = vertices[b + 2] - vertices[a + 2], acz = vertices[c + 2] - vertices[a + 2];
    normals[f] = aby * acz - abz * acy;
    normals[f + 1] = abz * acx - abx * acz;
    normals[f + 2] = abx * acy - aby * acx;
  }
  return normals;
}

/**
 * Area of each face.
 *
 * @param vertices Positions, `[V, 3]`
 * @param faces Vertex indices, `[F, 3]`
 * @returns Areas, `[F]`
 */
export function faceAreas(vertices: FloatArray, faces: ArrayLike<number>): Float64Array {
  const normals = scaledFaceNormals(vertices, faces);
  return Float64Array.from({ length: faces.length / 3 }, (_, f) => {
    const [x, y, z] = normals.subarray(3 * f, 3 * f + 3);
    return Math.sqrt(x * x + y * y + z * z) / 2;
  });
}
