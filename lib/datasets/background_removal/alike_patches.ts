/**
 * Which patches of an image look like its object: the features of a vision transformer, told apart by what is known
 * already.
 *
 * @module
 */
import { choleskyFactor, solveCholesky } from "../../core/cholesky.ts";

/** Features of the patches of an image. */
export interface PatchFeatures {
  /** Features, `[rows · columns, D]`. */
  readonly data: Float32Array;
  /** Rows of patches. */
  readonly rows: number;
  /** Columns of patches. */
  readonly columns: number;
}

/** Rounds in which the patches are told apart. */
const ROUNDS = 3;
/** Weight of small coefficients, where the features' mean square is 1 a patch. */
const RIDGE = 0.02;
/** Steepness of belief in the classifier's values, which are −1 and 1 at the patches that it learns from. */
const STEEPNESS = 2;

/**
 * Fits a linear classifier of the features to a belief by weighted least squares with a ridge, takes its own belief in
 * turn, and so on. Object and background have the same weight together; unsure patches have little.
 *
 * @param features Features of the patches
 * @param belief From −1, background, to 1, object, `[rows · columns]`
 * @returns Values of the classifier, about −1 to 1, `[rows · columns]`
 */
export function alikePatches(features: PatchFeatures, belief: Float32Array): Float32Array {
  const count = belief.length, { table, width } = standardised(features, count);
  let current = belief, values = new Float32Array(count); // [N]
  for (let round = 0; round < ROUNDS; round++) {
    let object = 1e-9, background = 1e-9;
    for (const value of current) value > 0 ? object += value : background -= value;
    const matrix = new Float64Array(width * width), vector = new Float64Array(width); // [D + 1, D + 1], [D + 1]
    for (let n = 0; n < count; n++) {
      const value = current[n], row = table.subarray(n * width, (n + 1) * width);
      const weight = Math.abs(value) / (value > 0 ? object : background);
      if (weight < 1e-7) continue;
      for (let a = 0; a < width; a++) {
        const scaled = weight * row[a], line = a * width;
        vector[a] += scaled * value;
        for (let b = 0; b <= a; b++) matrix[line + b] += scaled * row[b];
      }
    }
    for (let a = 0; a < width; a++) matrix[a * width + a] += a < width - 1 ? RIDGE : 1e-6;
    const coefficients = solveCholesky(choleskyFactor(matrix, width), vector);
    values = new Float32Array(count); // [N]
    for (let n = 0; n < count; n++) {
      for (let a = 0; a < width; a++) values[n] += table[n * width + a] * coefficients[a];
    }
    current = values.map((value) => Math.tanh(STEEPNESS * value));
  }
  return values;
}

/** Features less their mean, of mean square 1 a patch, and a 1 at the end, `[N, D + 1]`. */
function standardised({ data }: PatchFeatures, count: number): { table: Float64Array; width: number } {
  const features = data.length / count, width = features + 1, table = new Float64Array(count * width);
  let square = 0;
  for (let a = 0; a < features; a++) {
    let mean = 0;
    for (let n = 0; n < count; n++) mean += data[n * features + a] / count;
    for (let n = 0; n < count; n++) {
      const value = table[n * width + a] = data[n * features + a] - mean;
      square += value * value / count;
    }
  }
  const scale = 1 / Math.sqrt(Math.max(square, 1e-12));
  for (let k = 0; k < table.length; k++) table[k] = k % width === features ? 1 : scale * table[k];
  return { table, width };
}
