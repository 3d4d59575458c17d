/**
 * Mean and covariance of feature vectors, accumulated in float64.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { addProducts } from "./_products_kernel.ts";

/** Vectors that are gathered before their products are added. */
const CHUNK = 256;

/** Gaussian summary of a set of feature vectors. */
export interface FeatureStatistics {
  /** Number of vectors. */
  readonly count: number;
  /** Mean, `[D]`. */
  readonly mean: Float64Array;
  /** Unbiased covariance (divided by count − 1), `[D, D]`. */
  readonly covariance: Float64Array;
}

/** Accumulates mean and covariance batch by batch; features themselves are not kept. */
export class FeatureAccumulator {
  /** Length of a feature vector, D. */
  readonly dimensions: number;
  /** Vectors added so far. */
  count = 0;
  readonly #shift: Float64Array; // [D]
  readonly #sum: Float64Array; // [D]
  readonly #products: Float64Array; // [D, D], lower triangle
  readonly #waiting: Float64Array; // [D, chunk], shifted
  #gathered = 0;

  /**
   * Starts with no vectors.
   *
   * @param dimensions D
   * @param shift A vector near the mean, `[D]`, subtracted first so that nothing cancels; default: the first row
   */
  constructor(dimensions: number, shift?: FloatArray) {
    this.dimensions = dimensions;
    this.#shift = shift ? Float64Array.from(shift) : new Float64Array(dimensions).fill(NaN);
    this.#sum = new Float64Array(dimensions);
    this.#products = new Float64Array(dimensions * dimensions);
    this.#waiting = new Float64Array(dimensions * CHUNK);
  }

  /**
   * Adds feature vectors.
   *
   * @param features Vectors, `[N, D]`
   * @throws {TypeError} If the length is not a multiple of D
   */
  add(features: FloatArray): void {
    const d = this.dimensions;
    if (features.length % d !== 0) {
      throw new TypeError(
        `Cannot add features: features must be [N, ${d}], current value is ${features.length} values`,
      );
    }
    for (let offset = 0; offset < features.length; offset += d) {
      if (Number.isNaN(this.#shift[0])) this.#shift.set(features.subarray(offset, offset + d));
      for (let i = 0; i < d; i++) {
        const value = features[offset + i] - this.#shift[i];
        this.#sum[i] += value;
        this.#waiting[i * CHUNK + this.#gathered] = value;
      }
      this.count++;
      if (++this.#gathered === CHUNK) this.#addGathered();
    }
  }

  /**
   * Summary of all vectors added so far.
   *
   * @throws {RangeError} If fewer than two were added
   */
  statistics(): FeatureStatistics {
    const d = this.dimensions, n = this.count;
    if (n < 2) {
      throw new RangeError(
        `Cannot make statistics of features: at least 2 are needed, current value is ${n}`,
      );
    }
    this.#addGathered();
    const mean = this.#sum.map((sum, i) => this.#shift[i] + sum / n); // [D]
    const covariance = new Float64Array(d * d); // [D, D]
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const value = (this.#products[i * d + j] - this.#sum[i] * this.#sum[j] / n) / (n - 1);
        covariance[i * d + j] = covariance[j * d + i] = value;
      }
    }
    return { count: n, mean, covariance };
  }

  #addGathered(): void {
    if (this.#gathered === 0) return;
    const d = this.dimensions, waiting = this.#waiting;
    if (this.#gathered < CHUNK) { // what an earlier chunk left
      for (let i = 0; i < d; i++) waiting.fill(0, i * CHUNK + this.#gathered, (i + 1) * CHUNK);
    }
    addProducts(waiting, waiting, this.#products, { n: d, m: d, k: CHUNK }, true);
    this.#gathered = 0;
  }
}

/**
 * Mean and covariance of a set of feature vectors.
 *
 * @param features Vectors, `[N, D]`
 * @param dimensions D
 */
export function featureStatistics(features: FloatArray, dimensions: number): FeatureStatistics {
  const accumulator = new FeatureAccumulator(dimensions);
  accumulator.add(features);
  return accumulator.statistics();
}
