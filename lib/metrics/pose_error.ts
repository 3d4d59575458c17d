/**
 * Errors of a set of rotations against the truth.
 *
 * @module
 */
import { geodesicDistance, rotationAngleDegrees } from "./geodesic_distance.ts";

/** Summary of rotation errors; `null` where there is no truth to compare with. */
export interface PoseErrors {
  /** Rotations that have a truth. */
  readonly count: number;
  /** Mean of sin²(angle / 2). */
  readonly geodesicDistance: number | null;
  /** Median angle in degrees. */
  readonly medianDegrees: number | null;
  /** Share of angles under 10°. */
  readonly under10: number | null;
  /** Share of angles under 20°. */
  readonly under20: number | null;
  /** Share of angles over 90°: the object is taken for its back or its mirror view. */
  readonly flips: number | null;
}

/** An estimated rotation and the true one. */
export interface RotationPair {
  /** Unit quaternion, `[4]`. */
  readonly estimate: ArrayLike<number>;
  /** Unit quaternion, `[4]`; `null` if it is not known. */
  readonly truth: ArrayLike<number> | null;
}

/**
 * Summarises rotation errors. Pairs without a truth do not count.
 *
 * @param pairs Estimates with their truths
 * @returns Summary; all figures are `null` if no pair has a truth
 */
export function poseErrors(pairs: Iterable<RotationPair>): PoseErrors {
  const angles: number[] = [];
  let sum = 0;
  for (const { estimate, truth } of pairs) {
    if (truth === null) continue;
    angles.push(rotationAngleDegrees(estimate, truth));
    sum += geodesicDistance(estimate, truth);
  }
  const count = angles.length;
  if (count === 0) {
    return { count, geodesicDistance: null, medianDegrees: null, under10: null, under20: null, flips: null };
  }
  angles.sort((a, b) => a - b);
  const share = (test: (angle: number) => boolean) => angles.filter(test).length / count;
  return {
    count,
    geodesicDistance: sum / count,
    medianDegrees: (angles[(count - 1) >> 1] + angles[count >> 1]) / 2,
    under10: share((angle) => angle < 10),
    under20: share((angle) => angle < 20),
    flips: share((angle) => angle > 90),
  };
}
