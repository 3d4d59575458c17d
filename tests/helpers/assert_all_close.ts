/**
 * Comparison of arrays of numbers.
 *
 * @module
 */
import { fail } from "@std/assert";

/** Allowed differences: |actual − expected| ≤ absolute + relative · |expected|. */
export interface Tolerance {
  /** Absolute part, 1e-6 by default. Never zero, so that no comparison is purely relative. */
  readonly absolute?: number;
  /** Relative part, 0 by default. */
  readonly relative?: number;
}

/** The worst of many differences. */
export interface WorstDifference {
  /** Largest difference as a share of what is allowed; NaN counts as infinite. */
  readonly share: number;
  /** Where, in the flat array. */
  readonly index: number;
}

/** Finds the difference that is largest against what is allowed. */
export function worstDifference(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { absolute = 1e-6, relative = 0 }: Tolerance = {},
): WorstDifference {
  let worst: WorstDifference = { share: 0, index: 0 };
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i])) continue;
    const difference = Math.abs(actual[i] - expected[i]) / (absolute + relative * Math.abs(expected[i]));
    const share = Number.isNaN(difference) ? Infinity : difference;
    if (share > worst.share) worst = { share, index: i };
  }
  return worst;
}

/**
 * Asserts that arrays are equal within a tolerance; a failure names the worst index and both values there.
 *
 * @param actual Values computed
 * @param expected Values wanted
 * @param tolerance What is allowed
 * @param what What is compared, for the message
 */
export function assertAllClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance = {},
  what = "arrays",
): void {
  if (actual.length !== expected.length) {
    fail(
      `${what} have different lengths: ${actual.length} instead of ${expected.length}`,
    );
  }
  const { share, index } = worstDifference(actual, expected, tolerance);
  if (share > 1) {
    fail(
      `${what} differ most at index ${index}: ${actual[index]} instead of ${expected[index]}, ` +
        `${share.toPrecision(3)} times what is allowed`,
    );
  }
}
