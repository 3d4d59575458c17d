/**
 * Interpolation between latent codes.
 *
 * @module
 */

/**
 * A latent code between two others, on the great circle between their directions, with a length in between: straight
 * lines would pass near 0, where a generator was hardly trained.
 *
 * @param from Code, `[Z]`
 * @param to Code, `[Z]`
 * @param share 0 is `from`, 1 is `to`
 * @returns Code, `[Z]`
 */
export function interpolateLatents(from: Float32Array, to: Float32Array, share: number): Float32Array {
  const lengths = [from, to].map((code) => Math.hypot(...code));
  const along = from.reduce((sum, value, i) => sum + value * to[i], 0);
  const cosine = along / Math.max(lengths[0] * lengths[1], Number.MIN_VALUE);
  const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
  if (Math.sin(angle) < 1e-6) return from.map((value, i) => (1 - share) * value + share * to[i]);
  const [a, b] = [Math.sin((1 - share) * angle), Math.sin(share * angle)].map((x) => x / Math.sin(angle));
  const length = (1 - share) * lengths[0] + share * lengths[1];
  return from.map((value, i) => length * (a * value / lengths[0] + b * to[i] / lengths[1]));
}

/**
 * A closed path through codes: so many steps from each to the next one, and from the last to the first.
 *
 * @param keys Codes, each `[Z]`
 * @param steps Codes from one key up to, and without, the next
 * @returns `keys.length · steps` codes
 */
export function closedLatentPath(keys: readonly Float32Array[], steps: number): Float32Array[] {
  return keys.flatMap((key, k) =>
    Array.from(
      { length: steps },
      (_, step) => interpolateLatents(key, keys[(k + 1) % keys.length], step / steps),
    )
  );
}
