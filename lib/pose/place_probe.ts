/**
 * A linear map from the features of patches to the places on an object that they show, fitted by ridge regression.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { choleskyFactor, solveCholesky } from "../core/cholesky.ts";

/** Coordinates of a place. */
const COORDINATES = 3;

/** Sums of one fold. */
interface NormalEquations {
  /** Lower triangle of Σ w x xᵀ, `[D + 1, D + 1]`; the last feature is 1. */
  readonly squares: Float64Array;
  /** Σ w x yᵀ, `[D + 1, 3]`. */
  readonly products: Float64Array;
  /** Σ w. */
  weight: number;
}

/** Sums of features and places, and the maps that follow from them. */
export class PlaceProbe {
  readonly #dimensions: number;
  readonly #ridge: number;
  readonly #folds: readonly NormalEquations[];

  /**
   * @param dimensions Length of a feature vector, D
   * @param options `folds`: groups of images; the map for one is fitted to the others, so that no image confirms
   *   its own pose, 5 by default; `ridge`: added to the diagonal of the normal equations for each image of
   *   weight 1; features are of length 1, 5e-5 by default
   */
  constructor(
    dimensions: number,
    { folds = 5, ridge = 5e-5 }: { readonly folds?: number; readonly ridge?: number } = {},
  ) {
    this.#dimensions = dimensions;
    this.#ridge = ridge;
    const size = dimensions + 1;
    this.#folds = Array.from({ length: folds }, () => ({
      squares: new Float64Array(size * size),
      products: new Float64Array(size * COORDINATES),
      weight: 0,
    }));
  }

  /**
   * Adds the patches of an image.
   *
   * @param image Number of the image, which decides its fold
   * @param features `[M, D]`
   * @param places Places that the patches show, `NaN` where they show none, `[M, 3]`
   * @param weight Weight of the image, shared by its patches
   */
  add(image: number, features: FloatArray, places: FloatArray, weight: number): void {
    const D = this.#dimensions, size = D + 1, row = new Float64Array(size).fill(1);
    const fold = this.#folds[image % this.#folds.length], { squares, products } = fold;
    const shown = Array.from({ length: places.length / COORDINATES }, (_, m) => m)
      .filter((m) => !Number.isNaN(places[COORDINATES * m]));
    if (shown.length > 0) fold.weight += weight;
    for (const m of shown) {
      for (let d = 0; d < D; d++) row[d] = features[m * D + d];
      for (let i = 0; i < size; i++) {
        const value = weight / shown.length * row[i];
        for (let j = 0; j <= i; j++) squares[i * size + j] += value * row[j];
        for (let c = 0; c < COORDINATES; c++) {
          products[i * COORDINATES + c] += value * places[m * COORDINATES + c];
        }
      }
    }
  }

  /**
   * The map for each fold, fitted to the images of the others.
   *
   * @returns Coefficients, the constant last, `[folds][D + 1, 3]`
   */
  solve(): Float64Array[] {
    const size = this.#dimensions + 1;
    return this.#folds.map((_, left) => {
      const used = this.#folds.filter((_, fold) => fold !== left || this.#folds.length === 1);
      const squares = new Float64Array(size * size), products = new Float64Array(size * COORDINATES);
      for (const fold of used) {
        fold.squares.forEach((value, k) => squares[k] += value);
        fold.products.forEach((value, k) => products[k] += value);
      }
      const weight = used.reduce((sum, fold) => sum + fold.weight, 0);
      for (let i = 0; i < size; i++) squares[i * size + i] += this.#ridge * Math.max(1, weight);
      const factor = choleskyFactor(squares, size);
      const map = new Float64Array(size * COORDINATES); // [D + 1, 3]
      for (let c = 0; c < COORDINATES; c++) {
        const column = Float64Array.from({ length: size }, (_, i) => products[i * COORDINATES + c]);
        solveCholesky(factor, column).forEach((value, i) => map[i * COORDINATES + c] = value);
      }
      return map;
    });
  }
}

/**
 * Places that a map finds.
 *
 * @param map Coefficients, `[D + 1, 3]`
 * @param features `[M, D]`
 * @returns `[M, 3]`
 */
export function foundPlaces(map: Float64Array, features: FloatArray): Float64Array {
  const D = map.length / COORDINATES - 1, M = features.length / D;
  const places = new Float64Array(M * COORDINATES); // [M, 3]
  for (let m = 0; m < M; m++) {
    for (let c = 0; c < COORDINATES; c++) {
      let sum = map[D * COORDINATES + c];
      for (let d = 0; d < D; d++) sum += features[m * D + d] * map[d * COORDINATES + c];
      places[m * COORDINATES + c] = sum;
    }
  }
  return places;
}
