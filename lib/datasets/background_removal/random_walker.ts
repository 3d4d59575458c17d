/**
 * Dividing an image into object and background along its edges: a random walker with priors.
 *
 * @module
 */

/** Over-relaxation of the solver. */
const RELAXATION = 1.6;
/** Least weight of a neighbour. */
const LEAST_WEIGHT = 1e-3;

/**
 * Probability that a walker who starts at a pixel, goes to neighbours of like colour, and may stop at any pixel, stops
 * as object: the minimum of Σ w_pq (x_p − x_q)² + Σ λ (x_p − prior_p)².
 *
 * @param lab Colours, `[H, W, 3]`
 * @param height Rows, H
 * @param width Columns, W
 * @param prior Probability of the object by colour alone, `[H, W]`
 * @param options `pull`: pull of a pixel's own prior against that of its neighbours, 0.15 by default; `edge`:
 *   colour distance at which a neighbour counts by 1/e, 5 by default; `rounds`: rounds of relaxation, 60 by
 *   default
 * @returns Probability of the object, `[H, W]`
 */
export function walkToObject(
  lab: Float32Array,
  height: number,
  width: number,
  prior: Float32Array,
  { pull = 0.15, edge = 5, rounds = 60 }: {
    readonly pull?: number;
    readonly edge?: number;
    readonly rounds?: number;
  } = {},
): Float32Array {
  const weight = (p: number, q: number) => {
    const l = lab[p * 3] - lab[q * 3],
      a = lab[p * 3 + 1] - lab[q * 3 + 1],
      b = lab[p * 3 + 2] - lab[q * 3 + 2];
    return LEAST_WEIGHT + Math.exp(-(l * l + a * a + b * b) / (edge * edge));
  };
  const right = new Float32Array(height * width); // [H, W], 0 in the last column
  const below = new Float32Array(height * width); // [H, W], 0 in the last row
  for (let i = 0, p = 0; i < height; i++) {
    for (let j = 0; j < width; j++, p++) {
      if (j + 1 < width) right[p] = weight(p, p + 1);
      if (i + 1 < height) below[p] = weight(p, p + width);
    }
  }
  const x = prior.slice(); // [H, W]
  for (let round = 0; round < rounds; round++) {
    for (let i = 0, p = 0; i < height; i++) {
      for (let j = 0; j < width; j++, p++) {
        const east = right[p], south = below[p];
        const west = j > 0 ? right[p - 1] : 0, north = i > 0 ? below[p - width] : 0;
        const sum = pull * prior[p] + (east && east * x[p + 1]) + (south && south * x[p + width]) +
          (west && west * x[p - 1]) + (north && north * x[p - width]);
        x[p] += RELAXATION * (sum / (pull + east + south + west + north) - x[p]);
      }
    }
  }
  return x;
}
