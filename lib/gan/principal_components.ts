/**
 * Principal components of a data set's textures and shapes, from which generators of small presets start: broad colours and
 * proportions are then right before the first step, and adversarial training adds what is sharp.
 *
 * @module
 */
import { symmetricEigen } from "../core/symmetric_eigen.ts";
import type { BroadObject } from "./broad_objects.ts";

/** Components in units of their deviations, most important first. */
export interface PrincipalComponents {
  /** Textures before tanh, `[K, S · S · 3]`. */
  readonly texture: Float32Array;
  /** Displacement maps, `[K, 32 · 32 · 3]`. */
  readonly map: Float32Array;
  /** Weights with which the objects are made of them, `[N, K]`, of unit variance. */
  readonly codes: Float32Array;
}

/**
 * Finds the components that textures and shapes have in common, both with the same total variance.
 *
 * @param samples Objects, N
 * @param count Components, K, fewer than N
 */
export function principalComponents(samples: readonly BroadObject[], count: number): PrincipalComponents {
  const N = samples.length;
  const kinds = (["texture", "map"] as const).map((kind) => {
    const rows = samples.map((sample) => sample[kind]), { length } = rows[0];
    const mean = new Float64Array(length);
    for (const row of rows) for (let i = 0; i < length; i++) mean[i] += row[i] / N;
    const centred = rows.map((row) => Float64Array.from(row, (value, i) => value - mean[i])); // [N, D]
    const total = centred.reduce((sum, row) => sum + dot(row, row), 0);
    return { centred, total: Math.max(total, 1e-12), length };
  });
  const gram = new Float64Array(N * N); // [N, N]
  for (const { centred, total } of kinds) {
    for (let i = 0; i < N; i++) {
      for (let j = 0; j <= i; j++) {
        gram[i * N + j] += dot(centred[i], centred[j]) / total;
        gram[j * N + i] = gram[i * N + j];
      }
    }
  }
  const vectors = leadingVectors(gram, N, count);
  const [texture, map] = kinds.map(({ centred, length }) => {
    const out = new Float32Array(count * length); // [K, D]
    vectors.forEach((vector, k) =>
      centred.forEach((row, i) => {
        const weight = vector[i] / Math.sqrt(N); // coefficients have unit variance
        for (let d = 0; d < length; d++) out[k * length + d] += weight * row[d];
      })
    );
    return out;
  });
  const codes = new Float32Array(N * count); // [N, K]
  vectors.forEach((vector, k) => vector.forEach((value, i) => codes[i * count + k] = value * Math.sqrt(N)));
  return { texture, map, codes };
}

/** Unit eigenvectors of the largest eigenvalues of a symmetric matrix, which is overwritten, `[count][N]`. */
function leadingVectors(matrix: Float64Array, N: number, count: number): Float64Array[] {
  const vectors = new Float64Array(N * N); // [N, N], one in each row
  symmetricEigen(matrix, vectors, N);
  return Array.from({ length: N }, (_, i) => i)
    .sort((a, b) => matrix[b * N + b] - matrix[a * N + a])
    .slice(0, count)
    .map((row) => vectors.subarray(row * N, (row + 1) * N));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
