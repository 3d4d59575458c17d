/**
 * Gradients of values that are interpolated over a rasterised view.
 *
 * @module
 */
import type { FloatArray } from "../../lib/core/arrays.ts";

/** Added, with its sign, to the doubled area of a face where the backward pass divides by it. */
const AREA_EPSILON = 1e-8;

/**
 * Adds the gradient of the corner values.
 *
 * @param gradientImage Gradient of the image, `[H, W, D]`
 * @param gradientAttributes Added to, `[F, 3, D]`
 */
export function interpolateBackwardAttributes(
  D: number,
  faceIndex: Int32Array,
  barycentric: FloatArray,
  gradientImage: FloatArray,
  gradientAttributes: FloatArray,
): void {
  for (let o = 0; o < faceIndex.length; o++) {
    const face = faceIndex[o];
    if (face < 0) continue;
    const wA = barycentric[3 * o], wB = barycentric[3 * o + 1], wC = barycentric[3 * o + 2];
    for (let d = 0, p = o * D, q = 3 * face * D; d < D; d++, p++, q++) {
      const gradient = gradientImage[p];
      gradientAttributes[q] += wA * gradient;
      gradientAttributes[q + D] += wB * gradient;
      gradientAttributes[q + 2 * D] += wC * gradient;
    }
  }
}

/**
 * Adds the gradient of the vertices' x and y, with the visible face held fixed: −wᵢ Σ_d g_d ∇I_d at corner i, where ∇I_d is
 * the screen gradient of the interpolated value.
 *
 * @param vertices Screen positions, `[V, 3]`
 * @param faces Vertex indices, `[F, 3]`
 * @param gradientVertices Added to, `[V, 2]`
 */
export function interpolateBackwardVertices(
  attributes: FloatArray,
  D: number,
  faceIndex: Int32Array,
  barycentric: FloatArray,
  vertices: FloatArray,
  faces: Int32Array,
  gradientImage: FloatArray,
  gradientVertices: FloatArray,
): void {
  for (let o = 0; o < faceIndex.length; o++) {
    const face = faceIndex[o];
    if (face < 0) continue;
    const a = faces[3 * face], b = faces[3 * face + 1], c = faces[3 * face + 2];
    let toB = 0, toC = 0; // gradient times the attribute's change from corner A to B and to C
    for (let d = 0, p = o * D, q = 3 * face * D; d < D; d++, p++, q++) {
      toB += gradientImage[p] * (attributes[q + D] - attributes[q]);
      toC += gradientImage[p] * (attributes[q + 2 * D] - attributes[q]);
    }
    const bx = vertices[3 * b] - vertices[3 * a], by = vertices[3 * b + 1] - vertices[3 * a + 1];
    const cx = vertices[3 * c] - vertices[3 * a], cy = vertices[3 * c + 1] - vertices[3 * a + 1];
    let area = bx * cy - cx * by;
    area += area < 0 ? -AREA_EPSILON : AREA_EPSILON;
    const x = (toC * by - toB * cy) / area, y = (toB * cx - toC * bx) / area;
    const wA = barycentric[3 * o], wB = barycentric[3 * o + 1], wC = barycentric[3 * o + 2];
    gradientVertices[2 * a] += wA * x, gradientVertices[2 * a + 1] += wA * y;
    gradientVertices[2 * b] += wB * x, gradientVertices[2 * b + 1] += wB * y;
    gradientVertices[2 * c] += wC * x, gradientVertices[2 * c + 1] += wC * y;
  }
}
