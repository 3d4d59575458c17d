/**
 * Check of hand-derived gradients against differences of values.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";

/** How a gradient is checked. */
export interface CheckGradientOptions {
  /** Components of a row of arguments, each of which is checked alone too: 3 for x, y and z; 1 checks all at once only. */
  readonly stride?: number;
  /** Seed of the directions. */
  readonly seed?: number;
  /** Step along a direction, whose components are normally distributed. */
  readonly epsilon?: number;
  /** Allowed difference, relative to the larger of both slopes. */
  readonly tolerance?: number;
}

/** Defaults of {@link CheckGradientOptions}. */
const CHECK_GRADIENT_DEFAULTS = {
  stride: 1,
  seed: 1,
  epsilon: 1e-6,
  tolerance: 1e-6,
} as const satisfies Required<CheckGradientOptions>;

/**
 * Asserts that a gradient agrees with central differences along a random direction of all components, and of each
 * component of the rows alone, and that an error of 1 % in it, or in one component, would be noticed. Components whose
 * gradient is 0 must not move the value.
 *
 * @param value A function of float64 arguments
 * @param at Where, `[N]`, rows of `stride` components
 * @param gradient Its gradient there, `[N]`
 * @param options Components of a row, seed, step and tolerance
 */
export function checkGradient(
  value: (at: Float64Array) => number,
  at: Float64Array,
  gradient: ArrayLike<number>,
  options: CheckGradientOptions = {},
): void {
  const { stride, seed, epsilon, tolerance } = { ...CHECK_GRADIENT_DEFAULTS, ...options };
  assertEquals(gradient.length, at.length, "number of values of the gradient");
  let largest = 0;
  for (let i = 0; i < gradient.length; i++) largest = Math.max(largest, Math.abs(gradient[i]));
  const rounding = 1e-8 * largest; // of differences, whose terms may cancel
  const alone = stride === 1 ? [] : Array.from({ length: stride }, (_, k) => ({ k, of: stride }));
  for (const { k, of } of [{ k: 0, of: 1 }, ...alone]) {
    const name = of === 1 ? "the gradient" : `component ${k} of ${of} of the gradient`;
    const prng = new Prng(seed, "gradient direction");
    const direction = Float64Array.from(at, (_, i) => {
      const component = prng.normal();
      return i % of === k ? component : 0;
    });
    const moved = (step: number) => value(at.map((x, i) => x + step * direction[i]));
    const measured = (moved(epsilon) - moved(-epsilon)) / (2 * epsilon);
    const predicted = direction.reduce((sum, component, i) => sum + component * gradient[i], 0);
    const allowed = tolerance * Math.max(Math.abs(measured), Math.abs(predicted)) + rounding;
    assert(
      Math.abs(measured - predicted) < allowed,
      `${name} gives ${predicted}, the central difference ${measured}`,
    );
    if (of > 1 && Math.abs(predicted) < 1e-6 * rounding) continue;
    const planted = Math.abs(measured - 1.01 * predicted);
    assert(
      planted > allowed + 9 * rounding,
      `an error of 1 % planted in ${name} was not noticed: ${planted}`,
    );
  }
}

/** Σ values · weights: turns any output into a value to differentiate. */
export function weightedSum(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * weights[i];
  return sum;
}
