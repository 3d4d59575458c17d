/**
 * Loops of the interpolation of corner attributes.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/**
 * Writes Σ wᵢ·attributeᵢ at covered pixels and 0 elsewhere.
 *
 * @param attributes Corner values, `[F, 3, D]`
 * @param D Values at a corner
 * @param faceIndex Visible face, `[H, W]`
 * @param barycentric Weights, `[H, W, 3]`
 * @param image Overwritten, `[H, W, D]`
 */
export function interpolateForward(
  attributes: FloatArray,
  D: number,
  faceIndex: Int32Array,
  barycentric: FloatArray,
  image: FloatArray,
): void {
  for (let o = 0; o < faceIndex.length; o++) {
    const face = faceIndex[o];
    if (face < 0) {
      for (let d = 0; d < D; d++) image[o * D + d] = 0;
      continue;
    }
    const wA = barycentric[3 * o], wB = barycentric[3 * o + 1], wC = barycentric[3 * o + 2];
    for (let d = 0, p = o * D, q = 3 * face * D; d < D; d++, p++, q++) {
      image[p] = wA * attributes[q] + wB * attributes[q + D] + wC * attributes[q + 2 * D];
    }
  }
}
