/**
 * First stage of remeshing: the sphere becomes an ellipsoid that lies over the class mesh.
 *
 * @module
 */
import { MomentumDescent } from "./momentum_descent.ts";
import type { SilhouetteFit } from "./silhouette_fit.ts";

/** State of the alignment. */
export interface Alignment {
  /** Shift, `[3]`; x stays 0. */
  readonly translation: Float64Array;
  /** Scale of each axis, `[3]`. */
  readonly scaling: Float64Array;
}

/** Learning rate of the alignment. */
const RATE = 1e-4;

/**
 * Fits scale and shift of the sphere to the silhouettes, by mean absolute error.
 *
 * @param sphere Unit sphere, `[V, 3]`
 * @param initialScaling Scale to begin with, `[3]`
 * @param fit Silhouette term
 * @param iterations Number of steps
 * @param onStep Called after each step with its number from 1 and the loss before it
 * @returns Scale and shift
 */
export async function alignSphere(
  sphere: Float64Array,
  initialScaling: ArrayLike<number>,
  fit: SilhouetteFit,
  iterations: number,
  onStep?: (step: number, loss: number, state: Alignment) => void | Promise<void>,
): Promise<Alignment> {
  const translation = new Float64Array(3), scaling = Float64Array.from(initialScaling); // [3], [3]
  const moveTranslation = new MomentumDescent(translation, 3);
  const moveScaling = new MomentumDescent(scaling, 3);
  fit.sigma = 1;
  for (let step = 1; step <= iterations; step++) {
    const gradient = new Float64Array(sphere.length); // [V, 3]
    const loss = fit.loss(applyAlignment(sphere, { translation, scaling }), "absolute", gradient);
    const gradientTranslation = new Float64Array(3), gradientScaling = new Float64Array(3);
    gradient.forEach((value, i) => {
      gradientTranslation[i % 3] += value;
      gradientScaling[i % 3] += value * sphere[i];
    });
    moveTranslation.step(gradientTranslation, RATE);
    moveScaling.step(gradientScaling, RATE);
    translation[0] = 0;
    await onStep?.(step, loss, { translation, scaling });
  }
  return { translation, scaling };
}

/** Scales and shifts positions, `[V, 3]`. */
export function applyAlignment(vertices: Float64Array, { translation, scaling }: Alignment): Float64Array {
  return vertices.map((value, i) => value * scaling[i % 3] + translation[i % 3]);
}
