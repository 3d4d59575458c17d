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
  samples.fill(0);
  for (let n = 0, count = uvs.length / 2; n < count; n++) {
    if (faceIndex !== null && faceIndex[n] < 0) continue;
    const x = uvs[2 * n] * scale + shift, y = (1 - uvs[2 * n + 1]) * (height - 1);
    const left = Math.floor(x), top = Math.floor(y), fx = x - left, fy = y - top;
    for (let corner = 0; corner < 4; corner++) {
      const row = top + (corner >> 1);
      let column = left + (corner & 1);
      if (wrap) column -= width * Math.floor(column / width);
      if (!(row >= 0 && row < height && column >= 0 && column < width)) continue;
      const weight = (corner & 1 ? fx : 1 - fx) * (corner & 2 ? fy : 1 - fy);
      for (let c = 0, t = (row * width + column) * channels, s = n * channels; c < channels; c++) {
        samples[s++] += weight * texture[t++];
      }
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
    const x = uvs[2 * n] * scale + shift, y = (1 - uvs[2 * n + 1]) * (height - 1);
    const left = Math.floor(x), top = Math.floor(y), fx = x - left, fy = y - top;
    let gradientX = 0, gradientY = 0;
    for (let corner = 0; corner < 4; corner++) {
      const row = top + (corner >> 1);
      let column = left + (corner & 1);
      if (wrap) column -= width * Math.floor(column / width);
      if (!(row >= 0 && row < height && column >= 0 && column < width)) continue;
      const wx = corner & 1 ? fx : 1 - fx, wy = corner & 2 ? fy : 1 - fy;
      const first = (row * width + column) * channels;
      if (gradientTexture !== null) {
        const weight = wx * wy;
        for (let c = 0; c < channels; c++) {
          gradientTexture[first + c] += weight * gradientSamples[n * channels + c];
        }
      }
      if (gradientUvs !== null) {
        let value = 0;
        for (let c = 0; c < channels; c++) value += texture[first + c] * gradientSamples[n * channels + c];
        gradientX += corner & 1 ? wy * value : -wy * value;
        gradientY += corner & 2 ? wx * value : -wx * value;
      }
    }
    if (gradientUvs !== null) {
      gradientUvs[2 * n] += scale * gradientX;
      gradientUvs[2 * n + 1] -= (height - 1) * gradientY;
    }
  }
}
