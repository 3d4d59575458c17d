/**
 * Loops of the interpolation of a mesh's values, correct in perspective.
 *
 * The weights of a pixel are correct in perspective: each is the one on the screen times the corner's 1 / w, divided by their
 * sum. By how they change with the screen positions, these have gradients.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** Added, with its sign, to the doubled area of a face where the backward pass divides by it. */
const AREA_EPSILON = 1e-8;

/** In place of a face after the last pixel, so that the last run ends too. */
const END = -2;

/** What is interpolated, and where it is seen. */
export interface InterpolatedScene {
  /** Values, `[N, D]`. */
  readonly values: FloatArray;
  /** Length of a row, D. */
  readonly channels: number;
  /** Row at each corner, `[F, 3]`. */
  readonly indices: Int32Array;
  /** Screen positions with 1 / w, `[V, 4]`. */
  readonly screen: FloatArray;
  /** Vertex indices, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Visible face, `[H, W]`. */
  readonly faceIndex: Int32Array;
  /** Weights, correct in perspective, `[H, W, 3]`. */
  readonly barycentric: FloatArray;
  /** First pixel that may show a face. */
  readonly firstPixel: number;
  /** Behind the last one. */
  readonly endPixel: number;
}

/**
 * Writes the values at covered pixels.
 *
 * @param image Filled with 0 by the caller, `[H, W, D]`
 */
export function interpolateMeshForward(scene: InterpolatedScene, image: FloatArray): void {
  const { values, channels: D, indices, faceIndex, barycentric, firstPixel, endPixel } = scene;
  let known = -1, rowA = 0, rowB = 0, rowC = 0;
  for (let o = firstPixel; o < endPixel; o++) {
    const face = faceIndex[o];
    if (face < 0) continue;
    if (face !== known) {
      const k = 3 * face;
      known = face;
      rowA = D * indices[k], rowB = D * indices[k + 1], rowC = D * indices[k + 2];
    }
    const wA = barycentric[3 * o], wB = barycentric[3 * o + 1], wC = barycentric[3 * o + 2];
    for (let d = 0, p = o * D; d < D; d++, p++) {
      image[p] = wA * values[rowA + d] + wB * values[rowB + d] + wC * values[rowC + d];
    }
  }
}

/**
 * Adds the gradients of the values and, with visibility held fixed, of x, y and 1 / w of the screen positions.
 *
 * @param gradientImage Gradient of the image, `[H, W, D]`
 * @param gradientValues Added to, `[N, D]`; null for none
 * @param gradientScreen Added to, `[V, 4]`; null for none
 */
export function interpolateMeshBackward(
  scene: InterpolatedScene,
  gradientImage: FloatArray,
  gradientValues: FloatArray | null,
  gradientScreen: FloatArray | null,
): void {
  const { values, channels: D, indices, screen, faces, faceIndex, barycentric, firstPixel, endPixel } = scene;
  let known = -1, rowA = 0, rowB = 0, rowC = 0, qA = 0, qB = 0, qC = 0, a = 0, b = 0, c = 0;
  let bX = 0, bY = 0, cX = 0, cY = 0; // changes of the weights of B and C across the screen
  let ax = 0, ay = 0, aq = 0, bx = 0, by = 0, bq = 0, cx = 0, cy = 0, cq = 0; // gradients over a run of pixels
  for (let o = firstPixel; o <= endPixel; o++) {
    const face = o < endPixel ? faceIndex[o] : END;
    if (face === -1) continue;
    if (face !== known) {
      if (known >= 0 && gradientScreen !== null) {
        gradientScreen[a] += ax / qA, gradientScreen[a + 1] += ay / qA, gradientScreen[a + 3] += aq / qA;
        gradientScreen[b] += bx / qB, gradientScreen[b + 1] += by / qB, gradientScreen[b + 3] += bq / qB;
        gradientScreen[c] += cx / qC, gradientScreen[c + 1] += cy / qC, gradientScreen[c + 3] += cq / qC;
        ax =
          ay =
          aq =
          bx =
          by =
          bq =
          cx =
          cy =
          cq =
            0;
      }
      if (face === END) break;
      const k = 3 * face;
      known = face;
      rowA = D * indices[k], rowB = D * indices[k + 1], rowC = D * indices[k + 2];
      a = 4 * faces[k], b = 4 * faces[k + 1], c = 4 * faces[k + 2];
      qA = screen[a + 3], qB = screen[b + 3], qC = screen[c + 3];
      const ux = screen[b] - screen[a], uy = screen[b + 1] - screen[a + 1];
      const wx = screen[c] - screen[a], wy = screen[c + 1] - screen[a + 1];
      let area = ux * wy - wx * uy;
      area += area < 0 ? -AREA_EPSILON : AREA_EPSILON;
      bX = -wy / area, bY = wx / area, cX = uy / area, cY = -ux / area;
    }
    const wA = barycentric[3 * o], wB = barycentric[3 * o + 1], wC = barycentric[3 * o + 2];
    let sA = 0, sB = 0, sC = 0; // gradients of the weights
    for (let d = 0, p = o * D; d < D; d++, p++) {
      const gradient = gradientImage[p];
      sA += gradient * values[rowA + d], sB += gradient * values[rowB + d], sC += gradient * values[rowC + d];
      if (gradientValues === null) continue;
      gradientValues[rowA + d] += wA * gradient;
      gradientValues[rowB + d] += wB * gradient;
      gradientValues[rowC + d] += wC * gradient;
    }
    const here = wA * sA + wB * sB + wC * sC; // their sum is 1
    sA -= here, sB -= here, sC -= here;
    aq += wA * sA, bq += wB * sB, cq += wC * sC;
    const toB = qB * sB - qA * sA, toC = qC * sC - qA * sA;
    const toX = toB * bX + toC * cX, toY = toB * bY + toC * cY;
    ax += wA * toX, ay += wA * toY;
    bx += wB * toX, by += wB * toY;
    cx += wC * toX, cy += wC * toY;
  }
}
