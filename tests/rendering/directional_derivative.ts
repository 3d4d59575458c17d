/**
 * Gradient check by one random direction in float64, shared by the rendering tests.
 *
 * @module
 */
import { assert } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { largestOf } from "./scenes.ts";

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

/** Slopes along a random direction within component k of rows of `stride`: by difference, and by the gradient. */
function slopes(
  loss: (point: Float64Array) => number,
  point: Float64Array,
  gradient: ArrayLike<number>,
  { seed, k, stride }: { readonly seed: number; readonly k: number; readonly stride: number },
) {
  const prng = new Prng(seed, "gradient direction");
  const direction = Float64Array.from(point, (_, i) => {
    const value = prng.normal();
    return i % stride === k ? value : 0;
  });
  const found = direction.reduce((sum, value, i) => sum + value * gradient[i], 0);
  return { measured: centralDifference(loss, point, direction), found };
}

/**
 * Asserts that a gradient is right to 1e-6, along a direction of all components and of each alone, and that an error of
 * 1 % in it, or in one component, would be noticed. Components whose gradient is 0 must not move the loss.
 *
 * @param loss Function of the point
 * @param point Where, rows of `stride` components
 * @param gradient Gradient there
 * @param stride Components of a row: 4 for x, y, z and 1 / w of the screen, 3 for x, y and z, else 1
 * @param seed Of the directions
 */
export function assertGradient(
  loss: (point: Float64Array) => number,
  point: Float64Array,
  gradient: ArrayLike<number>,
  stride = 1,
  seed = 1,
): void {
  const rounding = 1e-8 * largestOf(gradient); // of differences, whose terms may cancel
  const components = stride === 1 ? [] : Array.from({ length: stride }, (_, k) => ({ k, stride }));
  for (const part of [{ k: 0, stride: 1 }, ...components]) {
    const name = part.stride === 1 ? "the gradient" : `component ${part.k} of ${stride} of the gradient`;
    const { measured, found } = slopes(loss, point, gradient, { seed, ...part });
    const tolerance = 1e-6 * Math.max(Math.abs(measured), Math.abs(found)) + rounding;
    assert(
      Math.abs(measured - found) < tolerance,
      `${name} gives ${found}, the central difference ${measured}`,
    );
    if (part.stride > 1 && Math.abs(found) < 1e-6 * rounding) continue;
    const planted = Math.abs(measured - 1.01 * found);
    assert(planted > 10 * tolerance, `an error of 1 % planted in ${name} was not noticed: ${planted}`);
  }
}
