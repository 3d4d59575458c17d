/**
 * Matrices of Winograd's minimal filtering by the method of Toom and Cook.
 *
 * @module
 */

/** Coefficients by rows. */
export type Matrix = readonly (readonly number[])[];

/**
 * F(m, r): m neighbouring outputs y = Aᵀ((G g) ⊙ (Bᵀ d)) of a filter g of r taps on n = m + r − 1 inputs d, by n products in
 * place of m r.
 */
export interface FilterMatrices {
  /** Outputs of a tile, m. */
  readonly tile: number;
  /** Taps, r. */
  readonly taps: number;
  /** Bᵀ, for the inputs, `[n, n]`. */
  readonly input: Matrix;
  /** G, for the filter, `[n, r]`. */
  readonly filter: Matrix;
  /** Aᵀ, for the outputs, `[m, n]`. */
  readonly output: Matrix;
}

/** Points at which polynomials are taken, besides infinity; small ones keep the rounding small. */
const POINTS = [0, 1, -1, 2, -2];

/**
 * The matrices for a tile. Rounding errors grow with n: 4e-7 of the result's size at n = 4, 2e-6 at n = 5 and 6, in float32.
 *
 * An output is a coefficient of a product of polynomials transposed, and the product is fixed by its values at n − 1 points
 * and its leading coefficient (A. L. Toom 1963; S. Winograd, Arithmetic Complexity of Computations, 1980).
 *
 * @param tile Outputs of a tile, m
 * @param taps Taps of the filter, r
 * @throws {RangeError} If there are too many or too few of them
 */
export function filterMatrices(tile: number, taps: number): FilterMatrices {
  const n = tile + taps - 1;
  if (taps < 2 || tile < 2 || n > POINTS.length + 1) {
    throw new RangeError(
      `Cannot filter by tiles: 2 or more outputs and taps, ${
        POINTS.length + 2
      } together at most, are possible; ` +
        `current values are ${tile} and ${taps}`,
    );
  }
  const points = POINTS.slice(0, n - 1);
  const powers = (width: number) => [
    ...points.map((point) => Array.from({ length: width }, (_, power) => point ** power)),
    Array.from({ length: width }, (_, power) => power === width - 1 ? 1 : 0),
  ];
  return {
    tile,
    taps,
    input: interpolation(points),
    filter: powers(taps),
    output: transpose(powers(tile)),
  };
}

/** Rows for columns. */
export function transpose(matrix: Matrix): number[][] {
  return matrix[0].map((_, column) => matrix.map((row) => row[column]));
}

/** The product of x − p over all points p: its coefficients, those of low powers first. */
function rootsToCoefficients(points: readonly number[]): number[] {
  return points.reduce(
    (product, point) => [...product, 0].map((_, i) => (product[i - 1] ?? 0) - point * (product[i] ?? 0)),
    [1],
  );
}

/** For each point the polynomial that is 1 there and 0 at the others, then the one that is 0 at all. */
function interpolation(points: readonly number[]): number[][] {
  const basis = points.map((point) => {
    const others = points.filter((other) => other !== point);
    const scale = others.reduce((product, other) => product * (point - other), 1);
    return [...rootsToCoefficients(others).map((coefficient) => coefficient / scale), 0];
  });
  return [...basis, rootsToCoefficients(points)];
}
