/**
 * Comparison of computed values with recorded ones, as numbers to be printed.
 *
 * @module
 */

/** One comparison of a case. */
export interface Check {
  /** What is compared. */
  readonly what: string;
  /** Largest error as a share of what is allowed: at most 1 when it holds. */
  readonly share: number;
  /** Largest error itself, or the number of entries that differ. */
  readonly error: number;
}

/** What a comparison allows. Parts that are left out are 0; an entry may differ by their sum. */
export interface Allowed {
  /** Everywhere the same. */
  readonly absolute?: number;
  /** Times the expected entry. */
  readonly relative?: number;
  /** Times the largest expected entry. */
  readonly ofLargest?: number;
}

/** Largest absolute value; 0 of nothing. */
export function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return largest;
}

/** Compares entry by entry. Where truth is not finite, the same value is wanted. */
export function close(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { absolute = 0, relative = 0, ofLargest = 0 }: Allowed,
): Check {
  if (actual.length !== expected.length) {
    return { what: `${what} (length)`, share: Infinity, error: Infinity };
  }
  const everywhere = absolute + (ofLargest > 0 ? ofLargest * largestOf(expected) : 0);
  let share = 0;
  let error = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i]) || actual[i] === expected[i]) continue;
    const difference = Math.abs(actual[i] - expected[i]);
    const ratio = difference / (everywhere + relative * Math.abs(expected[i]));
    if (!(ratio <= share)) share = Number.isNaN(ratio) ? Infinity : ratio;
    if (!(difference <= error)) error = Number.isNaN(difference) ? Infinity : difference;
  }
  return { what, share, error };
}

/** Counts the entries that differ. */
export function same(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  allowedCount = 0,
): Check {
  if (actual.length !== expected.length) {
    return { what: `${what} (length)`, share: Infinity, error: Infinity };
  }
  let count = 0;
  for (let i = 0; i < expected.length; i++) if (actual[i] !== expected[i]) count++;
  return { what, share: allowedCount > 0 ? count / allowedCount : count > 0 ? Infinity : 0, error: count };
}
