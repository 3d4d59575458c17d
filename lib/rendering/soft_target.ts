/**
 * What the soft silhouette of a fitting mesh looks like, to compare soft silhouettes with.
 *
 * A soft silhouette has a border outside of the mesh. Compared with a plain mask that border is an error, which shrinks the
 * mesh until it lies inside the mask; compared with a mask that has such a border it is none.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";

/** Faces that a pixel beside a contour remembers, if nothing else is said. */
const FACES = 3;
/** Share of a pixel's side between the centre of a mask's last pixel and the mask's border. */
const HALF_PIXEL = 0.5;
/** Least distance from a pixel outside of the mask to the mask's border, in pixels. */
const LEAST_DISTANCE = 0.05;

/**
 * Gives a mask the border of a soft silhouette: 1 inside, 1 − (1 − exp(−δ d²))ⁿ outside, d the distance to the mask and n
 * the number of faces that meet a pixel beside a contour, 0 beyond the margin.
 *
 * @param mask Share of the object in each pixel, cut at ½, `[S, S]`
 * @param size Rows and columns, S
 * @param options Border of the silhouette that is compared. `sharpness`: exponent factor δ of squared distances in
 *   NDC, greater than 0; `boxMargin`: width of the border, NDC, 0 leaves the plain mask; `faces`: faces that a pixel
 *   beside a contour remembers, 3 by default
 * @returns Values from 0 to 1, `[S, S]`
 * @throws {TypeError} If the mask has another size
 */
export function softTarget(
  mask: FloatArray,
  size: number,
  { sharpness, boxMargin, faces = FACES }: {
    readonly sharpness: number;
    readonly boxMargin: number;
    readonly faces?: number;
  },
): Float32Array {
  checkShapes("soften a mask", { mask: [mask, [size, size]] });
  const target = Float32Array.from(mask, (share) => share > 0.5 ? 1 : 0); // [S, S]
  writeBorder(softBorder(mask, size, boxMargin), sharpness, target, faces);
  return target;
}

/** The pixels of the border of a soft target: all but its sharpness, which may change from step to step. */
export interface SoftBorder {
  /** Rows and columns of the mask, S. */
  readonly size: number;
  /** Which pixels, `[P]`. */
  readonly pixels: Int32Array;
  /** Squared distance of each to the mask's border, in pixels, `[P]`. */
  readonly squares: Float64Array;
}

/**
 * Finds the border of a soft target.
 *
 * @param mask Share of the object in each pixel, cut at ½, `[S, S]`
 * @param size Rows and columns, S
 * @param boxMargin Width of the border, NDC
 */
export function softBorder(mask: FloatArray, size: number, boxMargin: number): SoftBorder {
  const squares = squaredDistances(mask, size), reach = boxMargin * size / 2;
  const pixels: number[] = [], found: number[] = [];
  squares.forEach((square, p) => {
    if (square === 0) return;
    const distance = Math.max(LEAST_DISTANCE, Math.sqrt(square) - HALF_PIXEL);
    if (distance > reach) return;
    pixels.push(p);
    found.push(distance * distance);
  });
  return { size, pixels: Int32Array.from(pixels), squares: Float64Array.from(found) };
}

/**
 * Writes the border of a soft target.
 *
 * @param border Its pixels
 * @param sharpness Exponent factor δ of squared distances in NDC
 * @param target Overwritten at those pixels, `[S, S]`
 * @param faces Faces that a pixel beside a contour remembers
 * @returns Sum of the squares of what was written
 */
export function writeBorder(
  { size, pixels, squares }: SoftBorder,
  sharpness: number,
  target: Float32Array,
  faces = FACES,
): number {
  const factor = sharpness * (2 / size) ** 2;
  let sum = 0;
  pixels.forEach((pixel, k) => {
    target[pixel] = 1 - (1 - Math.exp(-factor * squares[k])) ** faces;
    sum += target[pixel] ** 2;
  });
  return sum;
}

/**
 * Squared distance of each pixel's centre to the nearest centre inside the mask, by the lower envelope of parabolas along
 * columns and then rows (Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions", 2012).
 *
 * @param mask Cut at ½, `[S, S]`
 * @param size Rows and columns, S
 * @returns Pixels squared, 0 inside; infinite where the mask is empty, `[S, S]`
 */
export function squaredDistances(mask: FloatArray, size: number): Float64Array {
  const squares = Float64Array.from(mask, (share) => share > 0.5 ? 0 : Infinity); // [S, S]
  const line = new Float64Array(size), feet = new Int32Array(size), cuts = new Float64Array(size + 1);
  for (const [along, across] of [[size, 1], [1, size]]) {
    for (let k = 0; k < size; k++) {
      for (let i = 0; i < size; i++) line[i] = squares[k * across + i * along];
      lowerEnvelope(line, feet, cuts);
      for (let i = 0, n = 0; i < size && cuts[0] < 0; i++) {
        while (cuts[n + 1] < i) n++;
        squares[k * across + i * along] = (i - feet[n]) ** 2 + line[feet[n]];
      }
    }
  }
  return squares;
}

/** Parabolas (i − foot)² + line[foot] that are lowest somewhere, and where each begins; none has cuts[0] = Infinity. */
function lowerEnvelope(line: Float64Array, feet: Int32Array, cuts: Float64Array): void {
  let count = 0;
  cuts[0] = Infinity;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === Infinity) continue;
    let cut = -Infinity;
    while (count > 0) {
      const foot = feet[count - 1];
      cut = (line[i] + i * i - line[foot] - foot * foot) / (2 * (i - foot));
      if (cut > cuts[count - 1]) break;
      count--;
      cut = -Infinity;
    }
    feet[count] = i;
    cuts[count++] = cut;
    cuts[count] = Infinity;
  }
}
