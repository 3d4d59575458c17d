/**
 * First stage of remeshing: the sphere becomes an ellipsoid that lies over each class mesh.
 *
 * @module
 */
import type { ClassFit } from "./class_fit.ts";
import { MomentumDescent } from "./momentum_descent.ts";
import { PairPlacement, type PairTerm } from "./pair_placement.ts";

/** State of the alignment of T templates. */
export interface Alignment {
  /** Shift of each, `[T, 3]`; x stays 0. */
  readonly translation: Float64Array;
  /** Scale of each axis, shared by all, `[3]`. */
  readonly scaling: Float64Array;
  /** Scale of each, `[T]`; 1 unless relative sizes are free. */
  readonly relativeScale: Float64Array;
  /** Where the distance term sees them. */
  readonly placement: PairPlacement;
}

/** Learning rate of the alignment. */
const RATE = 1e-4;

/**
 * Fits scale and shift of the sphere to the silhouettes, by mean absolute error.
 *
 * @param sphere Unit sphere, `[V, 3]`
 * @param initialScaling Scale to begin with, `[3]`
 * @param fit Silhouette term of T templates
 * @param options `iterations`: number of steps; `pairTerm`: distance term
 * @param onStep Called after each step with its number from 1 and the loss before it
 * @returns Scales and shifts
 */
export async function alignSphere(
  sphere: Float64Array,
  initialScaling: ArrayLike<number>,
  fit: ClassFit,
  { iterations, pairTerm = { weight: 0, free: false } }: {
    readonly iterations: number;
    readonly pairTerm?: PairTerm;
  },
  onStep?: (step: number, loss: number, state: Alignment) => void | Promise<void>,
): Promise<Alignment> {
  const count = fit.count, size = sphere.length;
  const translation = new Float64Array(3 * count), scaling = Float64Array.from(initialScaling); // [T, 3], [3]
  const relativeScale = new Float64Array(count).fill(1); // [T]
  const placement = new PairPlacement(count, pairTerm);
  const state: Alignment = { translation, scaling, relativeScale, placement };
  const moveTranslation = new MomentumDescent(translation, 3);
  const moveScaling = new MomentumDescent(scaling, 3);
  const moveRelativeScale = new MomentumDescent(relativeScale, 1);
  fit.sigma = 1;
  for (let step = 1; step <= iterations; step++) {
    const gradient = new Float64Array(count * size); // [T, V, 3]
    const placed = applyAlignment(sphere, state); // [T, V, 3]
    const absolute = await fit.loss(placed, "absolute", gradient);
    const loss = absolute + pairTerm.weight * placement.evaluate(placed, gradient);
    const gradientTranslation = new Float64Array(3 * count), gradientScaling = new Float64Array(3);
    const gradientRelative = new Float64Array(count); // [T]
    gradient.forEach((value, i) => {
      const t = Math.floor(i / size), axis = i % 3, at = sphere[i % size];
      gradientTranslation[3 * t + axis] += value;
      gradientScaling[axis] += value * at * relativeScale[t];
      gradientRelative[t] += value * at * scaling[axis];
    });
    moveTranslation.step(gradientTranslation, RATE);
    moveScaling.step(gradientScaling, RATE);
    if (pairTerm.free) moveRelativeScale.step(gradientRelative, RATE);
    placement.step(RATE);
    for (let t = 0; t < count; t++) translation[3 * t] = 0;
    await onStep?.(step, loss, state);
  }
  return state;
}

/** The sphere, scaled and shifted for each template, `[T, V, 3]`. */
export function applyAlignment(
  sphere: Float64Array,
  { translation, scaling, relativeScale }: Omit<Alignment, "placement">,
): Float64Array {
  const size = sphere.length;
  const placed = new Float64Array(relativeScale.length * size); // [T, V, 3]
  for (let i = 0; i < placed.length; i++) {
    const t = Math.floor(i / size), axis = i % 3;
    placed[i] = sphere[i % size] * scaling[axis] * relativeScale[t] + translation[3 * t + axis];
  }
  return placed;
}
