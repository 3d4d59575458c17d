/**
 * Unit normals of faces.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";

/** Normals shorter than this before normalisation belong to faces without area. */
const LEAST_LENGTH = 1e-12;

/**
 * Unit normal of each face; a face without area has the normal 0.
 *
 * @param vertices Positions, `[V, 3]`
 * @param faces Vertex indices, counter-clockwise seen from outside, `[F, 3]`
 * @param normals Where to write, `[F, 3]`; made if left out
 * @returns `normals`
 */
export function computeFaceNormals(
  vertices: FloatArray,
  faces: Int32Array,
  normals: FloatArray = zerosLike(vertices, faces.length),
): FloatArray {
  checkShapes("compute face normals", {
    vertices: [vertices, ["V", 3]],
    faces: [faces, ["F", 3]],
    normals: [normals, ["F", 3]],
  });
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [3 * faces[f], 3 * faces[f + 1], 3 * faces[f + 2]];
    const abx = vertices[b] - vertices[a];
    const aby = vertices[b + 1] - vertices[a + 1];
    const abz = vertices[b + 2] - vertices[a + 2];
    const acx = vertices[c] - vertices[a];
    const acy = vertices[c + 1] - vertices[a + 1];
    const acz = vertices[c + 2] - vertices[a + 2];
    const nx = aby * acz - abz * acy;
    const ny = abz * acx - abx * acz;
    const nz = abx * acy - aby * acx;
    const scale = 1 / Math.max(Math.sqrt(nx * nx + ny * ny + nz * nz), LEAST_LENGTH);
    normals[f] = nx * scale;
    normals[f + 1] = ny * scale;
    normals[f + 2] = nz * scale;
  }
  return normals;
}

/**
 * The gradient of `computeFaceNormals`. Faces without area receive none.
 *
 * @param vertices Positions, `[V, 3]`
 * @param faces Vertex indices, `[F, 3]`
 * @param gradientNormals Gradient with respect to the normals, `[F, 3]`
 * @param gradientVertices Where the gradient is added, `[V, 3]`; made of zeros if left out
 * @returns `gradientVertices`
 */
export function computeFaceNormalsBackward(
  vertices: FloatArray,
  faces: Int32Array,
  gradientNormals: FloatArray,
  gradientVertices: FloatArray = zerosLike(vertices),
): FloatArray {
  checkShapes("differentiate face normals", {
    vertices: [vertices, ["V", 3]],
    faces: [faces, ["F", 3]],
    gradientNormals: [gradientNormals, ["F", 3]],
    gradientVertices: [gradientVertices, ["V", 3]],
  });
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [3 * faces[f], 3 * faces[f + 1], 3 * faces[f + 2]];
    const abx = vertices[b] - vertices[a];
    const aby = vertices[b + 1] - vertices[a + 1];
    const abz = vertices[b + 2] - vertices[a + 2];
    const acx = vertices[c] - vertices[a];
    const acy = vertices[c + 1] - vertices[a + 1];
    const acz = vertices[c + 2] - vertices[a + 2];
    let nx = aby * acz - abz * acy;
    let ny = abz * acx - abx * acz;
    let nz = abx * acy - aby * acx;
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
    if (length < LEAST_LENGTH) continue;
    nx /= length;
    ny /= length;
    nz /= length;
    const along = gradientNormals[f] * nx + gradientNormals[f + 1] * ny + gradientNormals[f + 2] * nz;
    const gx = (gradientNormals[f] - along * nx) / length;
    const gy = (gradientNormals[f + 1] - along * ny) / length;
    const gz = (gradientNormals[f + 2] - along * nz) / length;
    const gbx = acy * gz - acz * gy; // with respect to b: ac × g
    const gby = acz * gx - acx * gz;
    const gbz = acx * gy - acy * gx;
    const gcx = gy * abz - gz * aby; // with respect to c: g × ab
    const gcy = gz * abx - gx * abz;
    const gcz = gx * aby - gy * abx;
    gradientVertices[b] += gbx;
    gradientVertices[b + 1] += gby;
    gradientVertices[b + 2] += gbz;
    gradientVertices[c] += gcx;
    gradientVertices[c + 1] += gcy;
    gradientVertices[c + 2] += gcz;
    gradientVertices[a] -= gbx + gcx;
    gradientVertices[a + 1] -= gby + gcy;
    gradientVertices[a + 2] -= gbz + gcz;
  }
  return gradientVertices;
}
