/**
 * How far the templates of a class are from each other, vertex by vertex.
 *
 * @module
 */

/**
 * Mean over all ordered pairs of templates and over vertices of the distance of corresponding vertices.
 *
 * @param templates Positions, `[T, V, 3]`
 * @param count Number of templates, T
 * @param gradient Where the gradient times `weight` is added, `[T, V, 3]`; 0 where two vertices coincide
 * @param weight Factor of the gradient
 * @returns The mean, 0 for one template
 */
export function pairDistance(
  templates: Float64Array,
  count: number,
  gradient: Float64Array | null = null,
  weight = 1,
): number {
  const size = templates.length / count, pairs = count * count * size / 3;
  let sum = 0;
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      for (let i = a * size, j = b * size; i < (a + 1) * size; i += 3, j += 3) {
        const dx = templates[i] - templates[j];
        const dy = templates[i + 1] - templates[j + 1];
        const dz = templates[i + 2] - templates[j + 2];
        const length = Math.sqrt(dx * dx + dy * dy + dz * dz);
        sum += 2 * length;
        if (gradient === null || length === 0) continue;
        const factor = 2 * weight / (pairs * length);
        gradient[i] += factor * dx;
        gradient[i + 1] += factor * dy;
        gradient[i + 2] += factor * dz;
        gradient[j] -= factor * dx;
        gradient[j + 1] -= factor * dy;
        gradient[j + 2] -= factor * dz;
      }
    }
  }
  return sum / pairs;
}
