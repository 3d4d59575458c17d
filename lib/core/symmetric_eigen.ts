/**
 * Eigenvalues of symmetric matrices in float64: with their vectors for small matrices, alone for matrices of any size.
 *
 * @module
 */

/** Sweeps after which the rotations stop; a handful is enough for matrices of 8 × 8. */
const MAX_SWEEPS = 30;

/**
 * Decomposes a small symmetric matrix A into Qᵀ diag(λ) Q by Jacobi rotations, in place and without allocation.
 *
 * @param matrix Symmetric matrix, row-major, `[n, n]`; on return its diagonal holds the eigenvalues (in no order)
 * @param vectors Written: unit eigenvectors as **rows**, row i belonging to eigenvalue i, `[n, n]`
 * @param n Rows and columns
 */
export function symmetricEigen(matrix: Float64Array, vectors: Float64Array, n: number): void {
  vectors.fill(0);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off = 0, diagonal = 0;
    for (let i = 0; i < n; i++) {
      diagonal += matrix[i * n + i] ** 2;
      for (let j = i + 1; j < n; j++) off += matrix[i * n + j] ** 2;
    }
    if (off <= 1e-34 * diagonal || off === 0) return;
    for (let i = 0; i < n - 1; i++) {
      for (let j = i + 1; j < n; j++) rotate(matrix, vectors, n, i, j);
    }
  }
}

/** One rotation in the plane of axes i < j that makes entry (i, j) zero. */
function rotate(matrix: Float64Array, vectors: Float64Array, n: number, i: number, j: number): void {
  const entry = matrix[i * n + j];
  if (entry === 0) return;
  const ii = matrix[i * n + i], jj = matrix[j * n + j];
  const theta = (jj - ii) / (2 * entry);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1)); // tangent, the smaller root
  const c = 1 / Math.sqrt(t * t + 1), s = t * c;
  matrix[i * n + i] = ii - t * entry;
  matrix[j * n + j] = jj + t * entry;
  matrix[i * n + j] = matrix[j * n + i] = 0;
  for (let k = 0; k < n; k++) {
    if (k !== i && k !== j) {
      const ki = matrix[k * n + i], kj = matrix[k * n + j];
      matrix[k * n + i] = matrix[i * n + k] = c * ki - s * kj;
      matrix[k * n + j] = matrix[j * n + k] = s * ki + c * kj;
    }
    const vi = vectors[i * n + k], vj = vectors[j * n + k];
    vectors[i * n + k] = c * vi - s * vj;
    vectors[j * n + k] = s * vi + c * vj;
  }
}

/**
 * Eigenvalues of a symmetric matrix, ascending: Householder reduction to tridiagonal form, then implicit QL.
 *
 * @param matrix Symmetric matrix, `[D, D]`; only the lower triangle is read
 * @param size D
 * @returns Eigenvalues, `[D]`
 * @throws {RangeError} If a value is not finite
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  if (!matrix.every(Number.isFinite)) {
    throw new RangeError(
      "Cannot find eigenvalues: all entries must be finite numbers, current value has others",
    );
  }
  const { diagonal, offDiagonal } = tridiagonalize(Float64Array.from(matrix), size);
  implicitQl(diagonal, offDiagonal);
  return diagonal.sort();
}

/** Householder reduction; destroys `a`. `offDiagonal[i]` links i and i + 1. */
function tridiagonalize(a: Float64Array, n: number): { diagonal: Float64Array; offDiagonal: Float64Array } {
  const diagonal = new Float64Array(n), offDiagonal = new Float64Array(n);
  const v = new Float64Array(n), p = new Float64Array(n); // [D]
  for (let k = n - 1; k > 0; k--) {
    // Row k, columns 0..k−1, is mapped onto column k−1 by the reflection I − 2 v vᵀ.
    let scale = 0;
    for (let j = 0; j < k; j++) scale = Math.max(scale, Math.abs(a[k * n + j]));
    diagonal[k] = a[k * n + k];
    if (scale === 0) continue;
    let norm = 0;
    for (let j = 0; j < k; j++) norm += (v[j] = a[k * n + j] / scale) ** 2;
    norm = Math.sqrt(norm);
    const alpha = v[k - 1] > 0 ? -norm : norm;
    offDiagonal[k - 1] = alpha * scale;
    v[k - 1] -= alpha;
    let square = 0;
    for (let j = 0; j < k; j++) square += v[j] * v[j];
    if (square === 0) continue;
    // p = A v · 2/(vᵀv) with the lower triangle only, then A −= v qᵀ + q vᵀ.
    p.fill(0, 0, k);
    for (let i = 0; i < k; i++) {
      let sum = 0;
      const row = i * n, vi = v[i];
      for (let j = 0; j < i; j++) {
        sum += a[row + j] * v[j];
        p[j] += a[row + j] * vi;
      }
      p[i] += sum + a[row + i] * vi;
    }
    let along = 0;
    for (let j = 0; j < k; j++) along += (p[j] *= 2 / square) * v[j];
    for (let j = 0; j < k; j++) p[j] -= along / square * v[j];
    for (let i = 0; i < k; i++) {
      const row = i * n, vi = v[i], pi = p[i];
      for (let j = 0; j <= i; j++) a[row + j] -= vi * p[j] + pi * v[j];
    }
  }
  diagonal[0] = a[0];
  return { diagonal, offDiagonal };
}

/** Implicit QL with Wilkinson's shift; leaves the eigenvalues in `d`. */
function implicitQl(d: Float64Array, e: Float64Array): void {
  const n = d.length;
  for (let l = 0; l < n; l++) {
    for (let round = 0;; round++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++;
      if (m === l) break;
      if (round === 60) throw new RangeError(`Cannot find eigenvalues: no convergence at value ${l} of ${n}`);
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.hypot(g, 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
      let sine = 1, cosine = 1, p = 0, i = m - 1;
      for (; i >= l; i--) {
        const f = sine * e[i], b = cosine * e[i];
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        sine = f / r;
        cosine = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * sine + 2 * cosine * b;
        p = sine * r;
        d[i + 1] = g + p;
        g = cosine * r - b;
      }
      if (r === 0 && i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}
