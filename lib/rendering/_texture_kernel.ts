/**
 * Loops of bilinear texture sampling.
 *
 * Columns are at `scale·u + shift` and rows at `scale·(1 − v) + shift`; by default rows are corner aligned: v = 1 is the
 * centre of row 0, v = 0 that of the last. Outside the texture values are 0, unless an axis wraps around or is clamped.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** How texture coordinates become columns, or rows from the top (of 1 − v). */
export interface ColumnMap {
  /** Columns per unit of u. */
  readonly scale: number;
  /** Column of u = 0. */
  readonly shift: number;
  /** Whether columns continue around; otherwise the outside is 0. */
  readonly wrap: boolean;
  /** Whether the outside has the value of the nearest column; no by default. */
  readonly clamp?: boolean;
}

/** Rows at v = 1 and v = 0 are the first and the last one; outside is 0. */
export function cornerRows(height: number): ColumnMap {
  return { scale: height - 1, shift: 0, wrap: false };
}

/**
 * Samples a texture.
 *
 * @param texture Texels, `[H, W, C]`
 * @param uvs Texture coordinates, `[N, 2]`
 * @param faceIndex Rows where it is negative are left 0, `[N]`; null samples all
 * @param samples Overwritten, `[N, C]`
 * @param rows Where rows are; corner aligned by default
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
  rows: ColumnMap = cornerRows(height),
): void {
  const { scale, shift, wrap } = map, lastColumn = width - 1, lastRow = height - 1, below = width * channels;
  for (let n = 0, count = uvs.length / 2; n < count; n++) {
    const s = n * channels;
    if (faceIndex !== null && faceIndex[n] < 0) {
      for (let c = 0; c < channels; c++) samples[s + c] = 0;
      continue;
    }
    let x = uvs[2 * n] * scale + shift;
    let y = (1 - uvs[2 * n + 1]) * rows.scale + rows.shift;
    if (wrap && !(x >= 0 && x < width)) x -= width * Math.floor(x / width);
    if (rows.wrap && !(y >= 0 && y < height)) y -= height * Math.floor(y / height);
    if (channels === 3 && x >= 0 && x < lastColumn && y >= 0 && y < lastRow) {
      const left = x | 0, top = y | 0, fx = x - left, fy = y - top;
      const wtl = (1 - fy) * (1 - fx), wtr = (1 - fy) * fx, wbl = fy * (1 - fx), wbr = fy * fx;
      const t = (top * width + left) * 3, b = t + below;
      for (let c = 0; c < 3; c++) {
        samples[s + c] = wtl * texture[t + c] + wtr * texture[t + c + 3] + wbl * texture[b + c] +
          wbr * texture[b + c + 3];
      }
      continue;
    }
    if (map.clamp) x = x < 0 ? 0 : x > width - 1 ? width - 1 : x;
    if (rows.clamp) y = y < 0 ? 0 : y > height - 1 ? height - 1 : y;
    if (!(x > -1 && x <= width && y > -1 && (y < height || rows.wrap))) {
      for (let c = 0; c < channels; c++) samples[s + c] = 0;
      continue;
    }
    let left = Math.floor(x) | 0, right = left + 1, top = Math.floor(y) | 0, bottom = top + 1;
    const fx = x - left, fy = y - top;
    if (wrap) {
      if (left === width) left = 0, right = 1; // rounded up to the seam
      if (right >= width) right = 0;
    }
    if (rows.wrap) {
      if (top === height) top = 0, bottom = 1; // rounded up
      if (bottom >= height) bottom = 0;
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
 * @param rows As in the forward pass
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
  rows: ColumnMap = cornerRows(height),
): void {
  const { scale, shift, wrap } = map, lastColumn = width - 1, lastRow = height - 1, below = width * channels;
  for (let n = 0, count = uvs.length / 2; n < count; n++) {
    if (faceIndex !== null && faceIndex[n] < 0) continue;
    const s = n * channels;
    let x = uvs[2 * n] * scale + shift;
    let y = (1 - uvs[2 * n + 1]) * rows.scale + rows.shift;
    if (wrap && !(x >= 0 && x < width)) x -= width * Math.floor(x / width);
    if (rows.wrap && !(y >= 0 && y < height)) y -= height * Math.floor(y / height);
    if (channels === 3 && x > 0 && x < lastColumn && y > 0 && y < lastRow) {
      const left = x | 0, top = y | 0, fx = x - left, fy = y - top, gx = 1 - fx, gy = 1 - fy;
      const t = (top * width + left) * 3, b = t + below;
      const g0 = gradientSamples[s], g1 = gradientSamples[s + 1], g2 = gradientSamples[s + 2];
      if (gradientTexture !== null) {
        const wtl = gy * gx, wtr = gy * fx, wbl = fy * gx, wbr = fy * fx;
        gradientTexture[t] += wtl * g0,
          gradientTexture[t + 1] += wtl * g1,
          gradientTexture[t + 2] += wtl * g2;
        gradientTexture[t + 3] += wtr * g0,
          gradientTexture[t + 4] += wtr * g1,
          gradientTexture[t + 5] += wtr * g2;
        gradientTexture[b] += wbl * g0,
          gradientTexture[b + 1] += wbl * g1,
          gradientTexture[b + 2] += wbl * g2;
        gradientTexture[b + 3] += wbr * g0,
          gradientTexture[b + 4] += wbr * g1,
          gradientTexture[b + 5] += wbr * g2;
      }
      if (gradientUvs === null) continue;
      const ofTl = g0 * texture[t] + g1 * texture[t + 1] + g2 * texture[t + 2];
      const ofTr = g0 * texture[t + 3] + g1 * texture[t + 4] + g2 * texture[t + 5];
      const ofBl = g0 * texture[b] + g1 * texture[b + 1] + g2 * texture[b + 2];
      const ofBr = g0 * texture[b + 3] + g1 * texture[b + 4] + g2 * texture[b + 5];
      gradientUvs[2 * n] += scale * (gy * (ofTr - ofTl) + fy * (ofBr - ofBl));
      gradientUvs[2 * n + 1] -= rows.scale * (gx * (ofBl - ofTl) + fx * (ofBr - ofTr));
      continue;
    }
    let slopeX = scale, slopeY = rows.scale;
    if (map.clamp && !(x > 0 && x < width - 1)) slopeX = 0, x = x <= 0 ? 0 : x >= width - 1 ? width - 1 : x;
    if (rows.clamp && !(y > 0 && y < height - 1)) {
      slopeY = 0, y = y <= 0 ? 0 : y >= height - 1 ? height - 1 : y;
    }
    if (!(x > -1 && x <= width && y > -1 && (y < height || rows.wrap))) continue;
    let left = Math.floor(x) | 0, right = left + 1, top = Math.floor(y) | 0, bottom = top + 1;
    const fx = x - left, fy = y - top;
    if (wrap) {
      if (left === width) left = 0, right = 1; // rounded up to the seam
      if (right >= width) right = 0;
    }
    if (rows.wrap) {
      if (top === height) top = 0, bottom = 1; // rounded up
      if (bottom >= height) bottom = 0;
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
    gradientUvs[2 * n] += slopeX * gradientX;
    gradientUvs[2 * n + 1] -= slopeY * gradientY;
  }
}
