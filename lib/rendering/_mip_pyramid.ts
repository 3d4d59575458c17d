/**
 * Pyramids of textures: each level is the mean of 2 × 2 texels of the one before.
 *
 * @module
 */
import { type FloatArray, type FloatImage, zerosLike } from "../core/arrays.ts";

/** The texture and its halves, as long as both sides are even. */
export function halveTexture(texture: FloatImage): FloatImage[] {
  const pyramid = [texture];
  for (let fine = texture; fine.height % 2 === 0 && fine.width % 2 === 0;) {
    const { channels: C } = fine, height = fine.height / 2, width = fine.width / 2;
    const data = zerosLike(fine.data, height * width * C); // [h / 2, w / 2, C]
    eachTexel(fine, (from, to) => data[to] += 0.25 * fine.data[from]);
    fine = { data, height, width, channels: C };
    pyramid.push(fine);
  }
  return pyramid;
}

/**
 * Gradient of `halveTexture`.
 *
 * @param ofLevels Gradients of the levels; overwritten
 * @param gradient Added to, `[h, w, C]`
 */
export function addMipGradients(ofLevels: readonly FloatImage[], gradient: FloatArray): void {
  for (let l = ofLevels.length - 1; l > 0; l--) {
    const coarse = ofLevels[l].data, fine = ofLevels[l - 1];
    eachTexel(fine, (from, to) => fine.data[from] += 0.25 * coarse[to]);
  }
  for (let i = 0; i < gradient.length; i++) gradient[i] += ofLevels[0].data[i];
}

/** Calls with the place of each value and that of its mean. */
function eachTexel(
  { height, width, channels: C }: FloatImage,
  visit: (from: number, to: number) => void,
): void {
  for (let i = 0, from = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const to = ((i >> 1) * (width >> 1) + (j >> 1)) * C;
      for (let c = 0; c < C; c++) visit(from++, to + c);
    }
  }
}

/** The samples that read one level. */
export interface LevelSamples {
  /** Their rows, `[M]`. */
  readonly rows: Int32Array;
  /** Share of the level in each, `[M]`. */
  readonly shares: Float64Array;
}

/**
 * Shares samples among the two nearest levels each.
 *
 * @param levels Level of each sample, held between 0 and the last one, `[N]`
 * @param count Number of levels
 * @param faceIndex Samples where it is negative are left out, `[N]`; null takes all
 * @returns The samples of each level
 */
export function shareLevels(
  levels: FloatArray,
  count: number,
  faceIndex: Int32Array | null,
): LevelSamples[] {
  const lengths = new Int32Array(count), last = count - 1;
  const clamp = (level: number) => level > 0 ? level < last ? level : last : 0;
  for (let n = 0; n < levels.length; n++) {
    if (faceIndex !== null && faceIndex[n] < 0) continue;
    const level = clamp(levels[n]), fine = Math.floor(level);
    lengths[fine]++;
    if (level > fine) lengths[fine + 1]++;
  }
  const samples = Array.from(lengths, (length) => ({
    rows: new Int32Array(length),
    shares: new Float64Array(length),
  }));
  lengths.fill(0);
  const put = (l: number, n: number, share: number) => {
    samples[l].shares[lengths[l]] = share;
    samples[l].rows[lengths[l]++] = n;
  };
  for (let n = 0; n < levels.length; n++) {
    if (faceIndex !== null && faceIndex[n] < 0) continue;
    const level = clamp(levels[n]), fine = Math.floor(level);
    put(fine, n, 1 - (level - fine));
    if (level > fine) put(fine + 1, n, level - fine);
  }
  return samples;
}

/** Rows of a table, `[M, D]`. */
export function gatherRows(table: FloatArray, rows: Int32Array, D: number): FloatArray {
  const gathered = zerosLike(table, rows.length * D); // [M, D]
  for (let m = 0, i = 0; m < rows.length; m++) {
    for (let d = 0, p = rows[m] * D; d < D; d++) gathered[i++] = table[p++];
  }
  return gathered;
}
