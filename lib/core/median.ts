/**
 * The median.
 *
 * @module
 */

/**
 * Median of some values; of an even number the mean of the two in the middle.
 *
 * @param values Values in any order, one at least
 */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort(), { length } = sorted;
  return (sorted[(length - 1) >> 1] + sorted[length >> 1]) / 2;
}
