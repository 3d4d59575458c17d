/**
 * Precision and recall of generated features: are they like real ones, and do they cover them?
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { addProducts } from "./_products_kernel.ts";

/** Shares in [0, 1]. */
export interface PrecisionRecall {
  /** Generated vectors that lie in the neighbourhood of a real one. */
  readonly precision: number;
  /** Real vectors that lie in the neighbourhood of a generated one. */
  readonly recall: number;
}

/**
 * Improved precision and recall: the set of real images is taken to be the union of balls around their features,
 * each as large as the distance to the k-th nearest other real one; likewise the generated ones.
 *
 * @param generated Features, `[N, D]`
 * @param real Features, `[M, D]`
 * @param dimensions D
 * @param options `neighbours`: a vector's neighbourhood reaches to its so many-th nearest neighbour in its own
 *   set, 3 by default
 * @throws {RangeError} If a set has no more vectors than `neighbours`
 */
export function precisionRecall(
  generated: FloatArray,
  real: FloatArray,
  dimensions: number,
  { neighbours = 3 }: { readonly neighbours?: number } = {},
): PrecisionRecall {
  const n = generated.length / dimensions, m = real.length / dimensions;
  if (!(Math.min(n, m) > neighbours)) {
    throw new RangeError(
      `Cannot find precision and recall: each set needs more than ${neighbours} vectors, ` +
        `current values are ${n} and ${m}`,
    );
  }
  const between = squaredDistances(generated, real, dimensions); // [N, M]
  const realReach = reaches(squaredDistances(real, real, dimensions), m, neighbours);
  const generatedReach = reaches(squaredDistances(generated, generated, dimensions), n, neighbours);
  let inside = 0, covered = 0;
  for (let i = 0; i < n; i++) if (realReach.some((reach, j) => between[i * m + j] <= reach)) inside++;
  for (let j = 0; j < m; j++) if (generatedReach.some((reach, i) => between[i * m + j] <= reach)) covered++;
  return { precision: inside / n, recall: covered / m };
}

/**
 * Mean distance between different vectors of a set: how much its images differ from each other.
 *
 * @param features Features, `[N, D]`
 * @param dimensions D
 * @returns The mean; 0 of fewer than two vectors
 */
export function meanPairDistance(features: FloatArray, dimensions: number): number {
  const n = features.length / dimensions;
  if (n < 2) return 0;
  const squares = squaredDistances(features, features, dimensions);
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += Math.sqrt(squares[i * n + j]);
  return 2 * sum / (n * (n - 1));
}

/** Squared distances, `[N, M]`. */
function squaredDistances(a: FloatArray, b: FloatArray, d: number): Float64Array {
  const n = a.length / d, m = b.length / d;
  const squares = new Float64Array(n * m);
  addProducts(a, b, squares, { n, m, k: d });
  const lengths = (x: FloatArray, count: number) =>
    Float64Array.from({ length: count }, (_, i) => {
      let sum = 0;
      for (let k = i * d; k < (i + 1) * d; k++) sum += x[k] * x[k];
      return sum;
    });
  const ofA = lengths(a, n), ofB = lengths(b, m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      squares[i * m + j] = Math.max(0, ofA[i] + ofB[j] - 2 * squares[i * m + j]);
    }
  }
  return squares;
}

/** Squared distance of each vector to its k-th nearest other one. */
function reaches(squares: Float64Array, n: number, k: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    const row = squares.slice(i * n, (i + 1) * n);
    row[i] = 0; // itself comes first
    return row.sort()[k];
  });
}
