/**
 * What a plain background looks like: a colour that changes slowly over the image, learnt from its border.
 *
 * @module
 */
import { median } from "../../core/median.ts";

/** Terms of the surface: 1, x, y, x², xy, y². */
const TERMS = 6;
/** Rounds of robust fitting. */
const ROUNDS = 8;
/** Pixels that are looked at in a fit. */
const MOST_PIXELS = 6000;
/** From how many spreads on a pixel has no say in the next round. */
const OUTLIER = 4;
/** Least spread of lightness and of the two colours: noise, and shadows that are not seen as such. */
const LEAST_SPREAD = [2, 1, 1] as const;

/** A fitted background. */
export interface BackgroundModel {
  /** Distance of each pixel from the background, in spreads, `[H, W]`. */
  readonly distance: Float32Array;
  /** Robust spread of lightness and both colours about the surface. */
  readonly spread: readonly [number, number, number];
}

/**
 * Fits a quadratic surface to each channel by least squares with fading outliers (Tukey's weights).
 *
 * @param lab Colours, `[H, W, 3]`
 * @param height Rows, H
 * @param width Columns, W
 * @param pixels Pixels that show background, but for a few
 * @returns Distances from the background
 */
export function fitBackground(
  lab: Float32Array,
  height: number,
  width: number,
  pixels: readonly number[],
): BackgroundModel {
  const step = Math.max(1, Math.floor(pixels.length / MOST_PIXELS));
  const chosen = pixels.filter((_, k) => k % step === 0);
  const rows = chosen.map((p) => termsAt(Math.floor(p / width), p % width, height, width));
  const distance = new Float32Array(height * width); // [H, W]
  const spread: [number, number, number] = [0, 0, 0];
  for (let c = 0; c < 3; c++) {
    const values = chosen.map((p) => lab[p * 3 + c]);
    const { coefficients, deviation } = fitSurface(rows, values);
    spread[c] = deviation;
    const scale = 1 / Math.max(deviation, LEAST_SPREAD[c]);
    for (let i = 0, p = 0; i < height; i++) {
      for (let j = 0; j < width; j++, p++) {
        const expected = dot(coefficients, termsAt(i, j, height, width));
        distance[p] += ((lab[p * 3 + c] - expected) * scale) ** 2;
      }
    }
  }
  for (let p = 0; p < distance.length; p++) distance[p] = Math.sqrt(distance[p]);
  return { distance, spread };
}

function termsAt(i: number, j: number, height: number, width: number): number[] {
  const x = (2 * j + 1) / width - 1, y = (2 * i + 1) / height - 1;
  return [1, x, y, x * x, x * y, y * y];
}

/** Coefficients of one channel, and the robust deviation of the values from the surface. */
function fitSurface(rows: readonly number[][], values: readonly number[]) {
  const start = median(values);
  let coefficients = [start, ...new Array(TERMS - 1).fill(0)];
  let deviation = Math.max(1, deviationOf(values.map((value) => value - start)));
  for (let round = 0; round < ROUNDS; round++) {
    const matrix = Array.from({ length: TERMS }, () => new Array<number>(TERMS + 1).fill(0));
    rows.forEach((row, k) => {
      const ratio = (values[k] - dot(coefficients, row)) / (OUTLIER * Math.max(deviation, 0.5));
      if (Math.abs(ratio) >= 1) return;
      const weight = (1 - ratio ** 2) ** 2;
      for (let a = 0; a < TERMS; a++) {
        for (let b = 0; b < TERMS; b++) matrix[a][b] += weight * row[a] * row[b];
        matrix[a][TERMS] += weight * row[a] * values[k];
      }
    });
    for (let a = 0; a < TERMS; a++) matrix[a][a] += 1e-6 * rows.length;
    coefficients = solve(matrix);
    deviation = deviationOf(rows.map((row, k) => values[k] - dot(coefficients, row)));
  }
  return { coefficients, deviation };
}

/** Standard deviation of a normal distribution with the same median of absolute values. */
function deviationOf(residuals: readonly number[]): number {
  return 1.4826 * median(residuals.map(Math.abs));
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** Solves a system of equations, `[n, n + 1]`, by elimination. */
function solve(matrix: number[][]): number[] {
  const n = matrix.length;
  for (let a = 0; a < n; a++) {
    let pivot = a;
    for (let b = a + 1; b < n; b++) if (Math.abs(matrix[b][a]) > Math.abs(matrix[pivot][a])) pivot = b;
    [matrix[a], matrix[pivot]] = [matrix[pivot], matrix[a]];
    for (let b = 0; b < n; b++) {
      if (b === a) continue;
      const factor = matrix[b][a] / matrix[a][a];
      for (let c = a; c <= n; c++) matrix[b][c] -= factor * matrix[a][c];
    }
  }
  return matrix.map((row, a) => row[n] / row[a]);
}
