/**
 * Gradient check by one random direction in float64, shared by the rendering tests.
 *
 * @module
 */
import { assert } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";

/** Central difference of `loss` at `point` along `direction`. */
export function centralDifference(
  loss: (point: Float64Array) => number,
  point: Float64Array,
  direction: Float64Array,
  epsilon = 1e-6,
): number {
  const at = (step: number) => loss(point.map((value, i) => value + step * direction[i]));
  return (at(epsilon) - at(-epsilon)) / (2 * epsilon);
}

/** Relative difference between `gradient` and the central difference of `loss` along a random direction. */
export function gradientError(
  loss: (point: Float64Array) => number,
  point: Float64Array,
  gradient: ArrayLike<number>,
  seed = 1,
): number {
  const prng = new Prng(seed, "gradient direction");
  const direction = Float64Array.from(point, () => prng.normal());
  const expected = centralDifference(loss, point, direction);
  const found = direction.reduce((sum, value, i) => sum + value * gradient[i], 0);
  return Math.abs(found - expected) / Math.max(Math.abs(found), Math.abs(expected), 1e-12);
}

/** Asserts that a gradient is right to 1e-6, and that the check would notice an error of 1 %. */
export function assertGradient(
  loss: (point: Float64Array) => number,
  point: Float64Array,
  gradient: ArrayLike<number>,
  seed = 1,
): void {
  const error = gradientError(loss, point, gradient, seed);
  assert(error < 1e-6, `gradient differs from the central difference by ${error} relative`);
  const planted = Float64Array.from(gradient, (value) => value * 1.01);
  assert(gradientError(loss, point, planted, seed) > 1e-3, "a planted error of 1 % was not noticed");
}
