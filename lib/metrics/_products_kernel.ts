/**
 * Inner products of many vectors with many others, in float64.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** Vectors of one side that are multiplied at once. */
const TILE = 4;
/** Values of a vector that stay in the cache while the other side passes. */
const DEPTH = 512;

/**
 * Adds the inner products of vectors: `out[i, j] += Σ a[i, k] b[j, k]`.
 *
 * @param a Vectors, `[N, K]`
 * @param b Vectors, `[M, K]`
 * @param out Sums, `[N, M]`
 * @param size N, M and K
 * @param lowerOnly Whether entries with j > i + 3 may be left as they are (of a symmetric result)
 */
export function addProducts(
  a: FloatArray,
  b: FloatArray,
  out: Float64Array,
  size: { readonly n: number; readonly m: number; readonly k: number },
  lowerOnly = false,
): void {
  const { n, m, k } = size;
  for (let start = 0; start < k; start += DEPTH) {
    const end = Math.min(k, start + DEPTH);
    for (let i = 0; i < n; i += TILE) {
      const columns = lowerOnly ? Math.min(m, i + TILE) : m;
      for (let j = 0; j < columns; j += TILE) {
        if (i + TILE <= n && j + TILE <= m) addTile(a, b, out, i, j, k, m, start, end);
        else addEdge(a, b, out, i, j, Math.min(n, i + TILE), Math.min(m, j + TILE), k, m, start, end);
      }
    }
  }
}

function addTile(
  a: FloatArray,
  b: FloatArray,
  out: Float64Array,
  i: number,
  j: number,
  k: number,
  m: number,
  start: number,
  end: number,
): void {
  let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0;
  let s20 = 0, s21 = 0, s22 = 0, s23 = 0, s30 = 0, s31 = 0, s32 = 0, s33 = 0;
  const a0 = i * k, a1 = a0 + k, a2 = a1 + k, a3 = a2 + k;
  const b0 = j * k, b1 = b0 + k, b2 = b1 + k, b3 = b2 + k;
  for (let p = start; p < end; p++) {
    const x0 = a[a0 + p], x1 = a[a1 + p], x2 = a[a2 + p], x3 = a[a3 + p];
    const y0 = b[b0 + p], y1 = b[b1 + p], y2 = b[b2 + p], y3 = b[b3 + p];
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  const r0 = i * m + j, r1 = r0 + m, r2 = r1 + m, r3 = r2 + m;
  out[r0] += s00;
  out[r0 + 1] += s01;
  out[r0 + 2] += s02;
  out[r0 + 3] += s03;
  out[r1] += s10;
  out[r1 + 1] += s11;
  out[r1 + 2] += s12;
  out[r1 + 3] += s13;
  out[r2] += s20;
  out[r2 + 1] += s21;
  out[r2 + 2] += s22;
  out[r2 + 3] += s23;
  out[r3] += s30;
  out[r3 + 1] += s31;
  out[r3 + 2] += s32;
  out[r3 + 3] += s33;
}

function addEdge(
  a: FloatArray,
  b: FloatArray,
  out: Float64Array,
  firstRow: number,
  firstColumn: number,
  lastRow: number,
  lastColumn: number,
  k: number,
  m: number,
  start: number,
  end: number,
): void {
  for (let i = firstRow; i < lastRow; i++) {
    for (let j = firstColumn; j < lastColumn; j++) {
      let sum = 0;
      for (let p = start; p < end; p++) sum += a[i * k + p] * b[j * k + p];
      out[i * m + j] += sum;
    }
  }
}
