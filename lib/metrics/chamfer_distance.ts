/**
 * Distances between surfaces given as points.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";

/** A change of size and place: x ↦ scale · x + shift. */
export interface ScaleAndShift {
  /** Factor. */
  readonly scale: number;
  /** Added afterwards, `[3]`. */
  readonly shift: readonly [number, number, number];
}

/**
 * The change of size and place that brings points nearest to their partners, by least squares.
 *
 * @param points Points to be moved, `[P, 3]`
 * @param partners The partner of each, `[P, 3]`
 * @returns The change; without spread among the points the scale is 1
 * @throws {TypeError} If the shapes differ
 */
export function alignScaleAndShift(points: FloatArray, partners: FloatArray): ScaleAndShift {
  const { P } = checkShapes("align points", { points: [points, ["P", 3]], partners: [partners, ["P", 3]] });
  const from = meanOf(points), to = meanOf(partners);
  let both = 0, own = 0;
  for (let i = 0; i < 3 * P; i++) {
    const a = points[i] - from[i % 3];
    both += a * (partners[i] - to[i % 3]);
    own += a * a;
  }
  const scale = own > 0 ? both / own : 1;
  return { scale, shift: [to[0] - scale * from[0], to[1] - scale * from[1], to[2] - scale * from[2]] };
}

/** Points after a change of size and place, `[P, 3]`. */
export function applyScaleAndShift(points: FloatArray, { scale, shift }: ScaleAndShift): Float64Array {
  return Float64Array.from(points, (value, i) => scale * value + shift[i % 3]);
}

/**
 * The mean of two means: distance of each point to the nearest of the other set, in both directions.
 *
 * @param a Points, `[P, 3]`
 * @param b Points, `[Q, 3]`
 * @returns Distance in the unit of the points; `NaN` if a set is empty
 * @throws {TypeError} If a shape does not match
 */
export function chamferDistance(a: FloatArray, b: FloatArray): number {
  checkShapes("compare points", { a: [a, ["P", 3]], b: [b, ["Q", 3]] });
  return (meanNearest(a, b) + meanNearest(b, a)) / 2;
}

function meanNearest(from: FloatArray, to: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < from.length; i += 3) {
    let least = Infinity;
    for (let j = 0; j < to.length; j += 3) {
      const x = from[i] - to[j], y = from[i + 1] - to[j + 1], z = from[i + 2] - to[j + 2];
      const squared = x * x + y * y + z * z;
      if (squared < least) least = squared;
    }
    sum += Math.sqrt(least);
  }
  return to.length === 0 ? NaN : sum / (from.length / 3);
}

function meanOf(points: FloatArray): [number, number, number] {
  const mean: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < points.length; i++) mean[i % 3] += points[i] / (points.length / 3);
  return mean;
}
