/**
 * Unit normals of vertices, for shading and for files.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { scaledFaceNormals } from "./face_areas.ts";

/**
 * Unit normal of each vertex: the mean of its faces' normals, weighted by area. A vertex without faces has 0.
 *
 * @param vertices Positions, `[V, 3]`
 * @param faces Vertex indices, counter-clockwise seen from outside, `[F, 3]`
 * @returns Normals, `[V, 3]`
 */
export function computeVertexNormals(vertices: FloatArray, faces: Int32Array): FloatArray {
  checkShapes("compute vertex normals", { vertices: [vertices, ["V", 3]], faces: [faces, ["F", 3]] });
  const normals = sumFaceNormals(vertices, faces); // [V, 3]
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.max(Math.hypot(normals[i], normals[i + 1], normals[i + 2]), 1e-12);
    for (let axis = 0; axis < 3; axis++) normals[i + axis] /= length;
  }
  return normals;
}

/**
 * The gradient of `computeVertexNormals`. Vertices without a normal pass none.
 *
 * @param vertices Positions, `[V, 3]`
 * @param faces Vertex indices, `[F, 3]`
 * @param gradientNormals Gradient with respect to the normals, `[V, 3]`
 * @param gradientVertices Where the gradient is added, `[V, 3]`
 */
export function computeVertexNormalsBackward(
  vertices: FloatArray,
  faces: Int32Array,
  gradientNormals: FloatArray,
  gradientVertices: FloatArray,
): void {
  checkShapes("differentiate vertex normals", {
    vertices: [vertices, ["V", 3]],
    faces: [faces, ["F", 3]],
    gradientNormals: [gradientNormals, ["V", 3]],
    gradientVertices: [gradientVertices, ["V", 3]],
  });
  const ofSums = sumFaceNormals(vertices, faces); // [V, 3], sums and then their gradients
  for (let i = 0; i < ofSums.length; i += 3) {
    const n = [ofSums[i], ofSums[i + 1], ofSums[i + 2]], length = Math.hypot(...n);
    const along = n.reduce((sum, value, axis) => sum + value * gradientNormals[i + axis], 0) / length ** 2;
    for (let axis = 0; axis < 3; axis++) {
      ofSums[i + axis] = length < 1e-12 ? 0 : (gradientNormals[i + axis] - along * n[axis]) / length;
    }
  }
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [3 * faces[f], 3 * faces[f + 1], 3 * faces[f + 2]];
    for (let k = 0; k < 3; k++) {
      // The normal's sum is ab × ac: ab receives ac × g and ac receives g × ab.
      const i = (k + 1) % 3, j = (k + 2) % 3;
      const g = (axis: number) => ofSums[a + axis] + ofSums[b + axis] + ofSums[c + axis];
      const ab = (axis: number) => vertices[b + axis] - vertices[a + axis];
      const ac = (axis: number) => vertices[c + axis] - vertices[a + axis];
      const toB = ac(i) * g(j) - ac(j) * g(i), toC = g(i) * ab(j) - g(j) * ab(i);
      gradientVertices[b + k] += toB;
      gradientVertices[c + k] += toC;
      gradientVertices[a + k] -= toB + toC;
    }
  }
}

/** Sum of the normals of each vertex's faces, as long as twice their areas, `[V, 3]`. */
export function sumFaceNormals(vertices: FloatArray, faces: Int32Array): FloatArray {
  const ofFaces = scaledFaceNormals(vertices, faces), normals = zerosLike(vertices); // [F, 3], [V, 3]
  for (const [corner, vertex] of faces.entries()) {
    const face = corner - corner % 3;
    for (let axis = 0; axis < 3; axis++) normals[3 * vertex + axis] += ofFaces[face + axis];
  }
  return normals;
}
