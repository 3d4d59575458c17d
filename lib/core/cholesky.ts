/**
 * Cholesky's factor of a symmetric positive definite matrix, and the systems that it solves.
 *
 * @module
 */

/**
 * Factorises a matrix as L Lᵀ.
 *
 * @param matrix Symmetric positive definite, row-major, `[N, N]`; its lower triangle is read
 * @param size N
 * @returns L, 0 above the diagonal, `[N, N]`
 * @throws {TypeError} If there are not N × N values
 * @throws {RangeError} If the matrix is not positive definite
 */
export function choleskyFactor(matrix: Float64Array, size: number): Float64Array {
  if (matrix.length !== size * size) {
    throw new TypeError(
      `Cannot factorise a matrix as it must hold ${size} × ${size} values: current value is ${matrix.length}`,
    );
  }
  const factor = new Float64Array(size * size); // [N, N]
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      if (j < i) {
        factor[i * size + j] = sum / factor[j * size + j];
      } else if (sum > 0) {
        factor[i * size + i] = Math.sqrt(sum);
      } else {
        throw new RangeError(
          `Cannot factorise a matrix as it must be positive definite: current value of pivot ${i} is ${sum}`,
        );
      }
    }
  }
  return factor;
}

/**
 * Solves L Lᵀ x = b.
 *
 * @param factor L of `choleskyFactor`, `[N, N]`
 * @param vector b, `[N]`
 * @returns x, `[N]`
 */
export function solveCholesky(factor: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length, solution = vector.slice(); // [N]
  for (let i = 0; i < size; i++) {
    let sum = solution[i];
    for (let k = 0; k < i; k++) sum -= factor[i * size + k] * solution[k];
    solution[i] = sum / factor[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    const value = solution[i] /= factor[i * size + i];
    for (let k = 0; k < i; k++) solution[k] -= factor[i * size + k] * value;
  }
  return solution;
}
