/**
 * Eigen-decomposition of small symmetric matrices by Jacobi rotations, in float64.
 *
 * @module
 */

/** Sweeps after which the rotations stop; a handful is enough for matrices of 8 × 8. */
const MAX_SWEEPS = 30;

/**
 * Decomposes a symmetric matrix A into Qᵀ diag(λ) Q, in place and without allocation.
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
