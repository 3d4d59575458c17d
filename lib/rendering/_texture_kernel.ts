/**
 * Loops of bilinear texture sampling.
 *
 * Rows are corner aligned: v = 1 is the centre of row 0, v = 0 that of the last. Columns are at
 * `columnScale·u + columnShift`. Outside the texture values are 0, unless columns wrap around.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** How texture coordinates become columns. */
export interface ColumnMap {
  /** Columns per unit of u. */
  readonly scale: number;
  /** Column of u = 0. */
  readonly shift: number;
  /** Whether columns continue around; otherwise the outside is 0. */
  readonly wrap: boolean;
}

/**
 * Samples a texture.
 *
 * @param texture Texels, `[H, W, C]`
 * @param uvs Texture coordinates, `[N, 2]`
 * @param faceIndex Rows where it is negative are left 0, `[N]`; null samples all
 * @param samples Overwritten, `[N, C]`
 */
export function sampleForward(
  texture: FloatArray,
  height: number,
  width: number,
  channels: number,
  map: ColumnMap,
  uvs: FloatArray,
  faceIndex: Int32Array | null,
  samples: FloatArray,
): void {
  const { scale, shift, wrap } = map;
  for (let n = 0, count = uvs.length / 2; n < count; n++) {
    const s = n * channels;
    if (faceIndex !== null && faceIndex[n] < 0) {
      for (let c = 0; c < channels; c++) samples[s + c] = 0;
      continue;
    }
    let x = uvs[2 * n] * scale + shift;
    const y = (1 - uvs[2 * n + 1]) * (height - 1);
    if (wrap && !(x >= 0 && x < width)) x -= width * Math.floor(x / width);
    if (!(x > -1 && x <= width && y > -1 && y < height)) {
      for (let c = 0; c < channels; c++) samples[s + c] = 0;
      continue;
    }
    let left = Math.floor(x) | 0, right = left + 1, top = Math.floor(y) | 0, bottom = top + 1;
    const fx = x - left, fy = y - top;
    if (wrap) {
      if (left === width) left = 0, right = 1; // rounded up to the seam
      if (right >= width) right = 0;
    }
    // Texels outside have no weight and are read at 0.
    let wl = 1 - fx, wr = fx, wt = 1 - fy, wb = fy;
    if (left < 0 || left >= width) wl = left = 0;
    if (right < 0 || right >= width) wr = right = 0;
    if (top < 0 || top >= height) wt = top = 0;
    if (bottom < 0 || bottom >= height) wb = bottom = 0;
    const tl = (top * width + left) * channels, tr = (top * width + right) * channels;
    const bl = (bottom * width + left) * channels, br = (bottom * width + right) * channels;
    for (let c = 0; c < channels; c++) {
      samples[s + c] = wt * (wl * texture[tl + c] + wr * texture[tr + c]) +
        wb * (wl * texture[bl + c] + wr * texture[br + c]);
    }
  }
}

/**
 * Adds the gradients of the texture and of the coordinates.
 *
 * @param gradientSamples Gradient of the samples, `[N, C]`
 * @param gradientTexture Added to, `[H, W, C]`; null for none
 * @param gradientUvs Added to, `[N, 2]`; null for none
 */
export function sampleBackward(
  texture: FloatArray,
  height: number,
  width: number,
  channels: number,
  map: ColumnMap,
  uvs: FloatArray,
  faceIndex: Int32Array | null,
  gradientSamples: FloatArray,
  gradientTexture: FloatArray | null,
  gradientUvs: FloatArray | null,
): void {
  const { scale, shift, wrap } = map;
  for (let n = 0, count = uvs.length / 2; n < count; n++) {
    if (faceIndex !== null && faceIndex[n] < 0) continue;
    const s = n * channels;
    let x = uvs[2 * n] * scale + shift;
    const y = (1 - uvs[2 * n + 1]) * (height - 1);
    if (wrap && !(x >= 0 && x < width)) x -= width * Math.floor(x / width);
    if (!(x > -1 && x <= width && y > -1 && y < height)) continue;
    let left = Math.floor(x) | 0, right = left + 1, top = Math.floor(y) | 0, bottom = top + 1;
    const fx = x - left, fy = y - top;
    if (wrap) {
      if (left === width) left = 0, right = 1; // rounded up to the seam
      if (right >= width) right = 0;
    }
    // Texels outside have no weight and no slope, and are read at 0.
    let wl = 1 - fx, wr = fx, wt = 1 - fy, wb = fy, hasLeft = 1, hasRight = 1, hasTop = 1, hasBottom = 1;
    if (left < 0 || left >= width) wl = hasLeft = left = 0;
    if (right < 0 || right >= width) wr = hasRight = right = 0;
    if (top < 0 || top >= height) wt = hasTop = top = 0;
    if (bottom < 0 || bottom >= height) wb = hasBottom = bottom = 0;
    const tl = (top * width + left) * channels, tr = (top * width + right) * channels;
    const bl = (bottom * width + left) * channels, br = (bottom * width + right) * channels;
    if (gradientTexture !== null) {
      const wtl = wt * wl, wtr = wt * wr, wbl = wb * wl, wbr = wb * wr;
      for (let c = 0; c < channels; c++) {
        const gradient = gradientSamples[s + c];
        gradientTexture[tl + c] += wtl * gradient;
        gradientTexture[tr + c] += wtr * gradient;
        gradientTexture[bl + c] += wbl * gradient;
        gradientTexture[br + c] += wbr * gradient;
      }
    }
    if (gradientUvs === null) continue;
    let gradientX = 0, gradientY = 0;
    for (let c = 0; c < channels; c++) {
      const gradient = gradientSamples[s + c];
      const a = texture[tl + c], b = texture[tr + c], d = texture[bl + c], e = texture[br + c];
      gradientX += gradient * (wt * (hasRight * b - hasLeft * a) + wb * (hasRight * e - hasLeft * d));
      gradientY += gradient * (wl * (hasBottom * d - hasTop * a) + wr * (hasBottom * e - hasTop * b));
    }
    gradientUvs[2 * n] += scale * gradientX;
    gradientUvs[2 * n + 1] -= (height - 1) * gradientY;
  }
}
