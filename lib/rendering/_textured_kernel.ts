/**
 * Loops of the textured image: interpolation of texture coordinates and bilinear sampling in one, forward and backward.
 *
 * The rules are those of `_interpolate_kernel.ts` and `_texture_kernel.ts`, one pixel at a time instead of one image
 * at a time, so that nothing but the image is written.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import type { ColumnMap } from "./_texture_kernel.ts";

/** Added, with its sign, to the doubled area of a face where the backward pass divides by it. */
const AREA_EPSILON = 1e-8;

/** Sums of a face in the backward pass: three corners' weights times the gradients of u, of v, and of 1 / w. */
export const SUMS = 9;

/** In place of a face after the last pixel, so that the last run ends too. */
const END = -2;

/** What is drawn, and where it is seen. */
export interface TexturedScene {
  /** Screen positions, `[V, 3]`, or `[V, 4]` with 1 / w, where weights are correct in perspective. */
  readonly vertices: FloatArray;
  /** Length of a position: 3 or 4. */
  readonly stride: number;
  /** Vertex indices, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Texels, `[h, w, C]`. */
  readonly texture: FloatArray;
  /** Rows of the texture, h. */
  readonly height: number;
  /** Columns of the texture, w. */
  readonly width: number;
  /** Channels, C. */
  readonly channels: number;
  /** From u to columns. */
  readonly columns: ColumnMap;
  /** From 1 − v to rows. */
  readonly rows: ColumnMap;
  /** Texture coordinates at the corners, `[F, 3, 2]`. */
  readonly cornerUvs: FloatArray;
  /** Visible face, `[H, W]`. */
  readonly faceIndex: Int32Array;
  /** Weights of its corners, `[H, W, 3]`. */
  readonly barycentric: FloatArray;
  /** First pixel that may show a face. */
  readonly firstPixel: number;
  /** Behind the last one. */
  readonly endPixel: number;
  /** Memory of the backward pass, overwritten, `[F, SUMS]`. */
  readonly sums: Float64Array;
}

/** The four texels of a sample: places, weights, and whether they are inside. */
const tap = {
  /** Places of the texels: upper left, upper right, lower left, lower right. */
  tl: 0,
  tr: 0,
  bl: 0,
  br: 0,
  /** Weights of the left and right column and of the upper and lower row. */
  wl: 0,
  wr: 0,
  wt: 0,
  wb: 0,
  /** 0 where the coordinate is clamped, 1 elsewhere. */
  slopeX: 1,
  slopeY: 1,
  /** 1 where the column or row is inside, 0 outside. */
  hasLeft: 1,
  hasRight: 1,
  hasTop: 1,
  hasBottom: 1,
};

/** Finds the texels of a sample anywhere; false where all are outside. */
function findTexels(scene: TexturedScene, column: number, row: number): boolean {
  const { height, width, channels, columns, rows } = scene;
  let x = column, y = row;
  tap.hasLeft =
    tap.hasRight =
    tap.hasTop =
    tap.hasBottom =
      1;
  tap.slopeX = tap.slopeY = 1;
  if (columns.clamp && !(x > 0 && x < width - 1)) {
    tap.slopeX = 0, x = x <= 0 ? 0 : x >= width - 1 ? width - 1 : x;
  }
  if (rows.clamp && !(y > 0 && y < height - 1)) {
    tap.slopeY = 0, y = y <= 0 ? 0 : y >= height - 1 ? height - 1 : y;
  }
  if (!(x > -1 && x <= width && y > -1 && (y < height || rows.wrap && y <= height))) return false;
  let left = Math.floor(x) | 0, right = left + 1, top = Math.floor(y) | 0, bottom = top + 1;
  const fx = x - left, fy = y - top;
  if (columns.wrap) {
    if (left === width) left = 0, right = 1; // rounded up to the seam
    if (right >= width) right = 0;
  }
  if (rows.wrap) {
    if (top === height) top = 0, bottom = 1;
    if (bottom >= height) bottom = 0;
  }
  // Texels outside have no weight and no slope, and are read at 0.
  tap.wl = 1 - fx, tap.wr = fx, tap.wt = 1 - fy, tap.wb = fy;
  if (left < 0 || left >= width) tap.wl = tap.hasLeft = left = 0;
  if (right < 0 || right >= width) tap.wr = tap.hasRight = right = 0;
  if (top < 0 || top >= height) tap.wt = tap.hasTop = top = 0;
  if (bottom < 0 || bottom >= height) tap.wb = tap.hasBottom = bottom = 0;
  tap.tl = (top * width + left) * channels, tap.tr = (top * width + right) * channels;
  tap.bl = (bottom * width + left) * channels, tap.br = (bottom * width + right) * channels;
  return true;
}

/**
 * Draws the textured image.
 *
 * @param image Overwritten; 0 beside the mesh, `[H, W, C]`
 */
export function texturedForward(scene: TexturedScene, image: FloatArray): void {
  const { texture, height, width, channels, cornerUvs, faceIndex, barycentric, firstPixel, endPixel } = scene;
  const { scale, shift, wrap } = scene.columns,
    { scale: rowScale, shift: rowShift, wrap: rowWrap } = scene.rows;
  const rowLength = width * channels, lastRow = height - 1, lastColumn = width - 1;
  let known = -1, uA = 0, vA = 0, uB = 0, vB = 0, uC = 0, vC = 0;
  image.fill(0);
  for (let o = firstPixel; o < endPixel; o++) {
    const face = faceIndex[o];
    if (face < 0) continue;
    if (face !== known) {
      const q = 6 * face;
      known = face;
      uA = cornerUvs[q], uB = cornerUvs[q + 2], uC = cornerUvs[q + 4];
      vA = cornerUvs[q + 1], vB = cornerUvs[q + 3], vC = cornerUvs[q + 5];
    }
    const wA = barycentric[3 * o], wB = barycentric[3 * o + 1], wC = barycentric[3 * o + 2];
    let x = (wA * uA + wB * uB + wC * uC) * scale + shift;
    let y = (1 - (wA * vA + wB * vB + wC * vC)) * rowScale + rowShift;
    let s = o * channels;
    let isInside = x >= 0 && x < lastColumn && y >= 0 && y < lastRow;
    if (!isInside) {
      if (wrap && !(x >= 0 && x < width)) x -= width * Math.floor(x / width);
      if (rowWrap && !(y >= 0 && y < height)) y -= height * Math.floor(y / height);
      isInside = x >= 0 && x < lastColumn && y >= 0 && y < lastRow;
    }
    if (isInside) {
      const left = x | 0, top = y | 0, fx = x - left, fy = y - top;
      const wtr = (1 - fy) * fx, wbl = fy * (1 - fx), wbr = fy * fx, wtl = (1 - fy) * (1 - fx);
      let t = (top * width + left) * channels, b = t + rowLength;
      if (channels === 3) {
        image[s] = wtl * texture[t] + wtr * texture[t + 3] + wbl * texture[b] + wbr * texture[b + 3];
        image[s + 1] = wtl * texture[t + 1] + wtr * texture[t + 4] + wbl * texture[b + 1] +
          wbr * texture[b + 4];
        image[s + 2] = wtl * texture[t + 2] + wtr * texture[t + 5] + wbl * texture[b + 2] +
          wbr * texture[b + 5];
        continue;
      }
      for (let c = 0; c < channels; c++, s++, t++, b++) {
        image[s] = wtl * texture[t] + wtr * texture[t + channels] + wbl * texture[b] +
          wbr * texture[b + channels];
      }
      continue;
    }
    if (!findTexels(scene, x, y)) continue;
    const { tl, tr, bl, br, wl, wr, wt, wb } = tap;
    for (let c = 0; c < channels; c++, s++) {
      image[s] = wt * (wl * texture[tl + c] + wr * texture[tr + c]) +
        wb * (wl * texture[bl + c] + wr * texture[br + c]);
    }
  }
}

/** Σ image · (image − 2 target) over covered pixels; 0 elsewhere, where the image is 0. */
export function texturedCompare(scene: TexturedScene, image: FloatArray, target: FloatArray): number {
  const { faceIndex, channels, firstPixel, endPixel } = scene;
  let sum = 0;
  for (let o = firstPixel; o < endPixel; o++) {
    if (faceIndex[o] < 0) continue;
    for (let s = o * channels, end = s + channels; s < end; s++) sum += image[s] * (image[s] - 2 * target[s]);
  }
  return sum;
}

/** An image and what the gradient of its mean squared error is made of: factor · (image − target). */
export interface ComparedImage {
  /** The image, `[H, W, C]`. */
  readonly image: FloatArray;
  /** 2 / (H W C). */
  readonly factor: number;
}

/**
 * Adds the gradients of the texture and, with visibility held fixed, of the vertices' x, y and 1 / w.
 *
 * @param gradientImage Gradient of the image, `[H, W, C]`; with `compared`, the target instead
 * @param gradientTexture Added to, `[h, w, C]`; null for none
 * @param gradientVertices Added to, `[V, 2]`, or `[V, 4]` where positions hold 1 / w; null for none
 * @param compared The image, for the gradient of its mean squared error
 */
export function texturedBackward(
  scene: TexturedScene,
  gradientImage: FloatArray,
  gradientTexture: FloatArray | null,
  gradientVertices: FloatArray | null,
  compared: ComparedImage | null = null,
): void {
  const { texture, height, width, channels, cornerUvs } = scene;
  const { scale, shift, wrap } = scene.columns,
    { scale: rowScale, shift: rowShift, wrap: rowWrap } = scene.rows;
  const { faceIndex, barycentric, firstPixel, endPixel, sums } = scene, perspective = scene.stride === 4;
  const rowLength = width * channels, lastRow = height - 1, lastColumn = width - 1;
  const own = gradientTexture ?? texture; // never written when there is no gradient to add to
  const image = compared?.image ?? gradientImage, factor = compared?.factor ?? 0;
  sums.fill(0);
  let known = -1, uA = 0, vA = 0, uB = 0, vB = 0, uC = 0, vC = 0;
  // Sums over a run of pixels of one face: a corner's weight times the gradients of u and v, and times that of 1 / w.
  let pA = 0, pB = 0, pC = 0, rA = 0, rB = 0, rC = 0, sA = 0, sB = 0, sC = 0;
  for (let o = firstPixel; o <= endPixel; o++) {
    const face = o < endPixel ? faceIndex[o] : END;
    if (face === -1) continue;
    if (face !== known) {
      if (known >= 0) {
        const t = SUMS * known;
        sums[t] += pA, sums[t + 1] += pB, sums[t + 2] += pC;
        sums[t + 3] += rA, sums[t + 4] += rB, sums[t + 5] += rC;
        sums[t + 6] += sA, sums[t + 7] += sB, sums[t + 8] += sC;
        pA =
          pB =
          pC =
          rA =
          rB =
          rC =
          sA =
          sB =
          sC =
            0;
      }
      if (face === END) break;
      const q = 6 * face;
      known = face;
      uA = cornerUvs[q], uB = cornerUvs[q + 2], uC = cornerUvs[q + 4];
      vA = cornerUvs[q + 1], vB = cornerUvs[q + 3], vC = cornerUvs[q + 5];
    }
    const wA = barycentric[3 * o], wB = barycentric[3 * o + 1], wC = barycentric[3 * o + 2];
    const u = wA * uA + wB * uB + wC * uC, v = wA * vA + wB * vB + wC * vC;
    let x = u * scale + shift, y = (1 - v) * rowScale + rowShift;
    let s = o * channels, gradientX = 0, gradientY = 0;
    let isInside = x >= 0 && x < lastColumn && y >= 0 && y < lastRow;
    if (!isInside) {
      if (wrap && !(x >= 0 && x < width)) x -= width * Math.floor(x / width);
      if (rowWrap && !(y >= 0 && y < height)) y -= height * Math.floor(y / height);
      isInside = x >= 0 && x < lastColumn && y >= 0 && y < lastRow;
    }
    if (isInside) {
      const left = x | 0, top = y | 0, fx = x - left, fy = y - top, gx = 1 - fx, gy = 1 - fy;
      const wtl = gy * gx, wtr = gy * fx, wbl = fy * gx, wbr = fy * fx;
      let t = (top * width + left) * channels, d = t + rowLength;
      let ofTl = 0, ofTr = 0, ofBl = 0, ofBr = 0; // gradients of the four weights
      if (channels === 3) {
        let g0 = gradientImage[s], g1 = gradientImage[s + 1], g2 = gradientImage[s + 2];
        if (compared !== null) {
          g0 = factor * (image[s] - g0), g1 = factor * (image[s + 1] - g1), g2 = factor * (image[s + 2] - g2);
        }
        ofTl = g0 * texture[t] + g1 * texture[t + 1] + g2 * texture[t + 2];
        ofTr = g0 * texture[t + 3] + g1 * texture[t + 4] + g2 * texture[t + 5];
        ofBl = g0 * texture[d] + g1 * texture[d + 1] + g2 * texture[d + 2];
        ofBr = g0 * texture[d + 3] + g1 * texture[d + 4] + g2 * texture[d + 5];
        if (gradientTexture !== null) {
          own[t] += wtl * g0, own[t + 1] += wtl * g1, own[t + 2] += wtl * g2;
          own[t + 3] += wtr * g0, own[t + 4] += wtr * g1, own[t + 5] += wtr * g2;
          own[d] += wbl * g0, own[d + 1] += wbl * g1, own[d + 2] += wbl * g2;
          own[d + 3] += wbr * g0, own[d + 4] += wbr * g1, own[d + 5] += wbr * g2;
        }
      } else {
        for (let i = 0; i < channels; i++, s++, t++, d++) {
          const gradient = compared === null ? gradientImage[s] : factor * (image[s] - gradientImage[s]);
          ofTl += gradient * texture[t], ofTr += gradient * texture[t + channels];
          ofBl += gradient * texture[d], ofBr += gradient * texture[d + channels];
          if (gradientTexture === null) continue;
          own[t] += wtl * gradient, own[t + channels] += wtr * gradient;
          own[d] += wbl * gradient, own[d + channels] += wbr * gradient;
        }
      }
      gradientX = gy * (ofTr - ofTl) + fy * (ofBr - ofBl);
      gradientY = gx * (ofBl - ofTl) + fx * (ofBr - ofTr);
    } else if (findTexels(scene, x, y)) {
      const { tl, tr, bl, br, wl, wr, wt, wb, hasLeft, hasRight, hasTop, hasBottom } = tap;
      for (let i = 0; i < channels; i++, s++) {
        const gradient = compared === null ? gradientImage[s] : factor * (image[s] - gradientImage[s]);
        const p = texture[tl + i], r = texture[tr + i], d = texture[bl + i], e = texture[br + i];
        if (gradientTexture !== null) {
          own[tl + i] += wt * wl * gradient;
          own[tr + i] += wt * wr * gradient;
          own[bl + i] += wb * wl * gradient;
          own[br + i] += wb * wr * gradient;
        }
        gradientX += gradient * (wt * (hasRight * r - hasLeft * p) + wb * (hasRight * e - hasLeft * d));
        gradientY += gradient * (wl * (hasBottom * d - hasTop * p) + wr * (hasBottom * e - hasTop * r));
      }
      gradientX *= tap.slopeX, gradientY *= tap.slopeY;
    }
    const ofU = gradientX * scale, ofV = -gradientY * rowScale;
    pA += wA * ofU, pB += wB * ofU, pC += wC * ofU;
    rA += wA * ofV, rB += wB * ofV, rC += wC * ofV;
    if (perspective) {
      const ofDepth = ofU * u + ofV * v;
      sA += wA * ofDepth, sB += wB * ofDepth, sC += wC * ofDepth;
    }
  }
  if (gradientVertices !== null) addCornerGradients(scene, gradientVertices);
}

/** Adds the gradients of the corners of all faces, given the sums over their pixels. */
function addCornerGradients(
  { vertices, stride, faces, cornerUvs, sums }: TexturedScene,
  gradientVertices: FloatArray,
): void {
  const perspective = stride === 4, step = perspective ? 4 : 2;
  for (let face = 0, t = 0, k = 0, q = 0; k < faces.length; face++, t += SUMS, k += 3, q += 6) {
    const pA = sums[t],
      pB = sums[t + 1],
      pC = sums[t + 2],
      rA = sums[t + 3],
      rB = sums[t + 4],
      rC = sums[t + 5];
    const sA = sums[t + 6], sB = sums[t + 7], sC = sums[t + 8];
    if (pA === 0 && pB === 0 && pC === 0 && rA === 0 && rB === 0 && rC === 0) continue; // not seen
    const a = faces[k], b = faces[k + 1], c = faces[k + 2], iA = stride * a, iB = stride * b, iC = stride * c;
    const uA = cornerUvs[q], uB = cornerUvs[q + 2], uC = cornerUvs[q + 4];
    const vA = cornerUvs[q + 1], vB = cornerUvs[q + 3], vC = cornerUvs[q + 5];
    const bx = vertices[iB] - vertices[iA], by = vertices[iB + 1] - vertices[iA + 1];
    const cx = vertices[iC] - vertices[iA], cy = vertices[iC + 1] - vertices[iA + 1];
    let area = bx * cy - cx * by;
    area += area < 0 ? -AREA_EPSILON : AREA_EPSILON;
    const qA = perspective ? vertices[iA + 3] : 1, qB = perspective ? vertices[iB + 3] : 1;
    const qC = perspective ? vertices[iC + 3] : 1;
    // Changes of u / w, v / w and 1 / w across the screen, with the sign that moving corners have.
    const uOfB = uB * qB - uA * qA,
      uOfC = uC * qC - uA * qA,
      vOfB = vB * qB - vA * qA,
      vOfC = vC * qC - vA * qA;
    const ux = (uOfC * by - uOfB * cy) / area, uy = (uOfB * cx - uOfC * bx) / area;
    const vx = (vOfC * by - vOfB * cy) / area, vy = (vOfB * cx - vOfC * bx) / area;
    const qx = ((qC - qA) * by - (qB - qA) * cy) / area, qy = ((qB - qA) * cx - (qC - qA) * bx) / area;
    const tA = step * a, tB = step * b, tC = step * c;
    gradientVertices[tA] += (ux * pA + vx * rA - qx * sA) / qA;
    gradientVertices[tA + 1] += (uy * pA + vy * rA - qy * sA) / qA;
    gradientVertices[tB] += (ux * pB + vx * rB - qx * sB) / qB;
    gradientVertices[tB + 1] += (uy * pB + vy * rB - qy * sB) / qB;
    gradientVertices[tC] += (ux * pC + vx * rC - qx * sC) / qC;
    gradientVertices[tC + 1] += (uy * pC + vy * rC - qy * sC) / qC;
    if (!perspective) continue;
    gradientVertices[tA + 3] += (uA * pA + vA * rA - sA) / qA;
    gradientVertices[tB + 3] += (uB * pB + vB * rB - sB) / qB;
    gradientVertices[tC + 3] += (uC * pC + vC * rC - sC) / qC;
  }
}
