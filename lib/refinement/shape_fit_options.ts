/**
 * Options of the fit of shape and pose to a mask.
 *
 * @module
 */
import { LEAST_HARD_SIZE } from "../rendering/hard_silhouette.ts";

/** Options of a `ShapeFitter`. */
export interface ShapeFitOptions {
  /** Side of the masks, an even number of pixels; shapes are fitted at half of it, and freed at all of it. */
  size?: number;
  /** Steps of the descent; 0 leaves shape and pose as they are. */
  steps?: number;
  /** What moves beside the shape: `pose` for estimated poses, `place` (a shift of the object) for true ones. */
  moves?: "pose" | "place";
  /** Weight of squared coefficients, sizes and shifts beside the silhouette's error. */
  prior?: number;
  /** Weight of the squared change of the pose. */
  posePrior?: number;
  /** Weight of the squared turns of joints. */
  turnPrior?: number;
  /** Steps in which the pose alone moves before turns are tried, and pose and joints alone afterwards. */
  turnSteps?: number;
  /** Factor of the steps where there are joints. */
  bentFactor?: number;
  /** In place of `prior` where there are joints. */
  bentPrior?: number;
  /** Error, in units of the mask's area, up to which a shape is left as it is: that of masks themselves. */
  noise?: number;
  /** Most rounds, each with a quarter of the prior's weight, in which a shape is freed that cannot explain its mask. */
  freeRounds?: number;
  /** Steps of such a round. */
  freeSteps?: number;
  /** Steps in which a fitted shape is moved to where its texture looks like others. */
  alignSteps?: number;
}

/** Defaults of `ShapeFitOptions`. */
export const SHAPE_FIT_DEFAULTS = {
  size: LEAST_HARD_SIZE,
  steps: 100,
  moves: "pose",
  prior: 0.1,
  posePrior: 0.03,
  turnPrior: 0.01,
  turnSteps: 20,
  bentFactor: 3,
  bentPrior: 0.03,
  noise: 0.02,
  freeRounds: 4,
  freeSteps: 70,
  alignSteps: 50,
} as const satisfies Required<ShapeFitOptions>;
