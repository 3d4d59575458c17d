/**
 * Fréchet distance of two Gaussians, the number behind FID.
 *
 * @module
 */
import type { FeatureStatistics } from "./feature_statistics.ts";
import { addProducts } from "./_products_kernel.ts";
import { traceOfProductRoot } from "../backend/ops/symmetric_matrices.ts";
import { symmetricEigenvalues } from "../core/symmetric_eigen.ts";

/**
 * Squared Fréchet distance ‖m₁ − m₂‖² + tr S₁ + tr S₂ − 2 tr (S₁ S₂)^½.
 *
 * The trace of the root is the sum of the roots of the eigenvalues of Lᵀ S₂ L with S₁ = L Lᵀ, so that only symmetric
 * matrices are decomposed. Sets with fewer vectors than dimensions are as exact as others, and faster.
 *
 * @param first Statistics in D dimensions
 * @param second Statistics in D dimensions
 * @returns The distance, up to rounding 0 or more
 * @throws {TypeError} If the dimensions differ
 */
export function frechetDistance(first: FeatureStatistics, second: FeatureStatistics): number {
  const d = first.mean.length;
  if (second.mean.length !== d) {
    throw new TypeError(
      `Cannot compare feature statistics: both must have D=${d} dimensions, current value is ${second.mean.length}`,
    );
  }
  let distance = 0;
  for (let i = 0; i < d; i++) {
    distance += (first.mean[i] - second.mean[i]) ** 2;
    distance += first.covariance[i * d + i] + second.covariance[i * d + i];
  }
  return distance - 2 * traceOfRoot(first, second);
}

/** Dimensions from which the native backend's solvers are worth the way there. */
const MIN_NATIVE_DIMENSIONS = 200;

function traceOfRoot(first: FeatureStatistics, second: FeatureStatistics): number {
  const d = first.mean.length;
  const isFullRank = Math.min(first.count, second.count) > d; // the factor below is smaller otherwise
  if (isFullRank && d >= MIN_NATIVE_DIMENSIONS) {
    const trace = traceOfProductRoot(first.covariance, second.covariance, d);
    if (trace !== null) return trace;
  }
  const [small, large] = first.count <= second.count ? [first, second] : [second, first];
  const { columns, rank } = pivotedCholesky(small.covariance, d); // [rank, D]: Lᵀ
  const product = new Float64Array(rank * d); // [rank, D]: Lᵀ S
  addProducts(columns, large.covariance, product, { n: rank, m: d, k: d });
  const middle = new Float64Array(rank * rank); // [rank, rank]: Lᵀ S L, its lower triangle
  addProducts(product, columns, middle, { n: rank, m: rank, k: d }, true);
  return symmetricEigenvalues(middle, rank).reduce((sum, value) => sum + Math.sqrt(Math.max(value, 0)), 0);
}

/** Lᵀ with L Lᵀ = the positive semi-definite `matrix`, of as many rows as its numerical rank. */
function pivotedCholesky(matrix: Float64Array, d: number): { columns: Float64Array; rank: number } {
  const rest = Float64Array.from({ length: d }, (_, i) => matrix[i * d + i]); // [D]
  const tolerance = d * Number.EPSILON * Math.max(...rest);
  const columns = new Float64Array(d * d); // [rank, D]
  for (let rank = 0; rank < d; rank++) {
    let pivot = 0;
    for (let i = 1; i < d; i++) if (rest[i] > rest[pivot]) pivot = i;
    if (!(rest[pivot] > tolerance)) return { columns, rank };
    const column = columns.subarray(rank * d, (rank + 1) * d);
    for (let i = 0; i < d; i++) column[i] = matrix[pivot * d + i];
    for (let r = 0; r < rank; r++) {
      const factor = columns[r * d + pivot];
      if (factor !== 0) { for (let i = 0, base = r * d; i < d; i++) column[i] -= factor * columns[base + i]; }
    }
    const scale = 1 / Math.sqrt(rest[pivot]);
    for (let i = 0; i < d; i++) {
      column[i] *= scale;
      rest[i] = i === pivot ? 0 : rest[i] - column[i] * column[i];
    }
  }
  return { columns, rank: d };
}
