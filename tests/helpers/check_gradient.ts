/**
 * Check of hand-derived gradients against differences of values.
 *
 * @module
 */
import { fail } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";

/** How a gradient is checked. */
export interface CheckGradientOptions {
  /** Seed of the direction. */
  readonly seed?: number;
  /** Step along the direction. */
  readonly epsilon?: number;
  /** Allowed difference, relative to the larger of both slopes. */
  readonly tolerance?: number;
}

/** Defaults of `CheckGradientOptions`. */
export const CHECK_GRADIENT_DEFAULTS = {
  seed: 1,
  epsilon: 1e-6,
  tolerance: 1e-6,
} as const satisfies Required<CheckGradientOptions>;

/**
 * The slope along one random direction, by central difference and by a gradient.
 *
 * @param value A function of float64 arguments
 * @param at Where, `[N]`
 * @param gradient Its gradient there, `[N]`
 * @param options Seed and step
 * @returns Both slopes
 */
export function directionalSlopes(
  value: (at: Float64Array) => number,
  at: Float64Array,
  gradient: ArrayLike<number>,
  options: CheckGradientOptions = {},
): { measured: number; predicted: number } {
  const { seed, epsilon } = { ...CHECK_GRADIENT_DEFAULTS, ...options };
  const prng = new Prng(seed, "direction");
  const direction = Float64Array.from({ length: at.length }, () => prng.normal());
  const length = Math.hypot(...direction);
  const shifted = (step: number) => value(at.map((x, i) => x + step * direction[i] / length));
  return {
    measured: (shifted(epsilon) - shifted(-epsilon)) / (2 * epsilon),
    predicted: direction.reduce((sum, d, i) => sum + d / length * gradient[i], 0),
  };
}

/**
 * Asserts that a gradient agrees with differences along a random direction, and that one with a planted error of 1 %
 * would not.
 *
 * @param value A function of float64 arguments
 * @param at Where, `[N]`
 * @param gradient Its gradient there, `[N]`
 * @param options Seed, step and tolerance
 */
export function checkGradient(
  value: (at: Float64Array) => number,
  at: Float64Array,
  gradient: ArrayLike<number>,
  options: CheckGradientOptions = {},
): void {
  const { tolerance } = { ...CHECK_GRADIENT_DEFAULTS, ...options };
  if (gradient.length !== at.length) fail(`gradient has ${gradient.length} values instead of ${at.length}`);
  const { measured, predicted } = directionalSlopes(value, at, gradient, options);
  const differs = (slope: number) =>
    !(Math.abs(measured - slope) <= tolerance * Math.max(Math.abs(measured), Math.abs(slope)));
  if (differs(predicted)) fail(`slope is ${measured}, the gradient gives ${predicted}`);
  if (!differs(predicted * 1.01)) fail(`slope ${measured} is too small to check a gradient with`);
}

/** Σ values · weights: turns any output into a value to differentiate. */
export function weightedSum(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * weights[i];
  return sum;
}
