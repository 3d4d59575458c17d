/**
 * How far what a photograph shows at the places of texels is from what is expected there.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { gaussianBlur } from "../core/gaussian_blur.ts";
import { type TexelSurface, texelSurface } from "./texel_surface.ts";

/** Rows and columns of the texels that are compared. */
export const APPEARANCE_RESOLUTION = 64;
/** Difference of colours (its length over the channels) at which a texel's pull falls to a quarter. */
const OUTLIER = 0.25;
/** Weight beside the silhouette's error. */
const WEIGHT = 1;
/** Rows and columns of photographs that are compared. */
export const BLURRED_SIZE = 128;

/** A photograph, and what is expected of its texture. */
export interface Appearance {
  /** Colours in [0, 1], padded beyond the object, `[128, 128, 3]`. */
  readonly image: FloatImage;
  /** Expected colours, `[64, 64, 3]`. */
  readonly colours: Float32Array;
  /** Weight of each texel, 0 where it is not seen or nothing is expected, `[64, 64]`. */
  readonly weight: Float32Array;
}

/**
 * Mean over texels of the Geman-McClure function r² / (1 + r² / σ²) of the difference of colours r (Black and Rangarajan, "On
 * the Unification of Line Processes, Outlier Rejection, and Robust Statistics", 1996).
 */
export class AppearanceError {
  readonly #surface: TexelSurface = texelSurface(APPEARANCE_RESOLUTION);
  #appearance: Appearance | null = null;
  #image: Float64Array = new Float64Array(0); // [S, S, 3]
  #factor = 0;

  /**
   * Begins with a photograph.
   *
   * @param appearance Photograph and expectation
   */
  setAppearance(appearance: Appearance): void {
    this.#appearance = appearance;
    this.#image = gaussianBlur(appearance.image.data, BLURRED_SIZE, BLURRED_SIZE, 3);
    this.#factor = WEIGHT / Math.max(1e-9, appearance.weight.reduce((sum, weight) => sum + weight, 0));
  }

  /**
   * Adds the gradient by the places on the screen.
   *
   * @param screen Screen positions, `[V, 3]`
   * @param slope Added to, `[V, 2]`
   * @returns The error
   */
  addGradient(screen: FloatArray, slope: FloatArray): number {
    if (this.#appearance === null) return 0;
    const { colours, weight } = this.#appearance, { corners, weights } = this.#surface, S = BLURRED_SIZE;
    let sum = 0;
    for (let texel = 0; texel < weight.length; texel++) {
      if (weight[texel] === 0) continue;
      let x = 0, y = 0;
      for (let k = 3 * texel; k < 3 * texel + 3; k++) {
        x += weights[k] * screen[3 * corners[k]];
        y += weights[k] * screen[3 * corners[k] + 1];
      }
      const column = (x + 1) / 2 * S - 0.5, row = (1 - y) / 2 * S - 0.5;
      if (!(column >= 0 && row >= 0 && column < S - 1 && row < S - 1)) continue;
      const { square, right, down } = this.#compare(row, column, colours, 3 * texel);
      const share = 1 + square / OUTLIER ** 2, unit = this.#factor * weight[texel];
      sum += unit * square / share;
      const slopeOf = unit * S / share ** 2; // 2 r · S / 2
      for (let k = 3 * texel; k < 3 * texel + 3; k++) {
        slope[2 * corners[k]] += slopeOf * weights[k] * right;
        slope[2 * corners[k] + 1] -= slopeOf * weights[k] * down;
      }
    }
    return sum;
  }

  /** Squared difference of the colours at a place of the image, and half its slopes along columns and rows. */
  #compare(row: number, column: number, colours: Float32Array, at: number) {
    const image = this.#image, i = Math.floor(row), j = Math.floor(column), fx = column - j, fy = row - i;
    const a = 3 * (i * BLURRED_SIZE + j), b = a + 3, c = a + 3 * BLURRED_SIZE, d = c + 3;
    let square = 0, right = 0, down = 0;
    for (let k = 0; k < 3; k++) {
      const upper = image[b + k] - image[a + k], lower = image[d + k] - image[c + k];
      const top = image[a + k] + fx * upper, bottom = image[c + k] + fx * lower;
      const difference = top + fy * (bottom - top) - colours[at + k];
      square += difference * difference;
      right += difference * (upper + fy * (lower - upper));
      down += difference * (bottom - top);
    }
    return { square, right, down };
  }
}
