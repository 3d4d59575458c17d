/**
 * Dividing values into low and high ones.
 *
 * @module
 */

const BINS = 64;

/**
 * The threshold that leaves least variance within the two classes, by Otsu's method on a histogram of 64 bins.
 *
 * @param values Values, at least one
 * @returns The threshold; the value itself if all are equal
 */
export function otsuThreshold(values: Float32Array): number {
  let least = Infinity, most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (!(most > least)) return least;
  const width = (most - least) / BINS, counts = new Float64Array(BINS); // [BINS]
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((value - least) / width))]++;
  const centre = (bin: number) => least + (bin + 0.5) * width;
  const whole = counts.reduce((sum, count, bin) => sum + count * centre(bin), 0);
  let below = 0, sum = 0, best = -1, threshold = least;
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += counts[bin];
    sum += counts[bin] * centre(bin);
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sum / below - (whole - sum) / above) ** 2;
    if (between > best) [best, threshold] = [between, centre(bin) + width / 2];
  }
  return threshold;
}
