/**
 * Kernel inception distance (KID) of two sets of features: unbiased also for few images, unlike the Fréchet distance.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { Prng } from "../core/prng.ts";
import { addProducts } from "./_products_kernel.ts";

/**
 * Unbiased squared maximum mean discrepancy with the kernel (x·y/D + 1)³, averaged over random subsets. Sets that fit
 * into a subset are compared whole, once.
 *
 * @param first Features, `[N, D]`
 * @param second Features, `[M, D]`
 * @param dimensions D
 * @param options `subsets`: random subsets to average over, 100 by default; `subsetSize`: largest number of
 *   vectors of each set in a subset, 1000 by default; `seed`: seed of the subsets, 1 by default
 * @returns The distance; small negative values are possible and mean 0
 * @throws {RangeError} If a set has fewer than two vectors
 */
export function kid(
  first: FloatArray,
  second: FloatArray,
  dimensions: number,
  { subsets = 100, subsetSize = 1000, seed = 1 }: {
    readonly subsets?: number;
    readonly subsetSize?: number;
    readonly seed?: number;
  } = {},
): number {
  const n = first.length / dimensions, m = second.length / dimensions;
  if (!(n >= 2 && m >= 2)) {
    throw new RangeError(
      `Cannot compare features: each set needs 2 vectors, current values are ${n} and ${m}`,
    );
  }
  if (n <= subsetSize && m <= subsetSize) return discrepancy(first, second, dimensions);
  const prng = new Prng(seed, "kernel distance");
  let sum = 0;
  for (let subset = 0; subset < subsets; subset++) {
    const x = pick(first, dimensions, Math.min(n, subsetSize), prng);
    const y = pick(second, dimensions, Math.min(m, subsetSize), prng);
    sum += discrepancy(x, y, dimensions);
  }
  return sum / subsets;
}

function pick(features: FloatArray, d: number, count: number, prng: Prng): FloatArray {
  const rows = prng.permutation(features.length / d).slice(0, count);
  const picked = new Float32Array(count * d); // [count, D]
  rows.forEach((row, i) => picked.set(features.subarray(row * d, (row + 1) * d), i * d));
  return picked;
}

function discrepancy(x: FloatArray, y: FloatArray, d: number): number {
  const n = x.length / d, m = y.length / d;
  const within = (a: FloatArray, count: number) => {
    const kernels = kernelValues(a, a, d);
    let sum = 0;
    for (let i = 1; i < count; i++) for (let j = 0; j < i; j++) sum += kernels[i * count + j];
    return 2 * sum / (count * (count - 1));
  };
  const between = kernelValues(x, y, d).reduce((sum, value) => sum + value, 0);
  return within(x, n) + within(y, m) - 2 * between / (n * m);
}

/** Kernel of each pair, `[N, M]`. */
function kernelValues(a: FloatArray, b: FloatArray, d: number): Float64Array {
  const n = a.length / d, m = b.length / d;
  const products = new Float64Array(n * m);
  addProducts(a, b, products, { n, m, k: d });
  return products.map((product) => (product / d + 1) ** 3);
}
