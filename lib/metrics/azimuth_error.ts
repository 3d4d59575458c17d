/**
 * From which side a camera sees an object.
 *
 * @module
 */
import { quaternionToMatrix } from "../rendering/quaternion.ts";

const DEGREES = 180 / Math.PI;

/**
 * Azimuth of a view: 0 with the object's front to the camera, 90 with its front to the left of the image. It is the turn
 * about the object's height that remains when the elevation is taken away, so that it has a meaning from above, too.
 *
 * @param rotation From the object frame (z up, front −y) to the camera (x right, y down, z away), unit quaternion, `[4]`
 * @returns Degrees, −180 to 180
 */
export function azimuthDegrees(rotation: ArrayLike<number>): number {
  const m = quaternionToMatrix(rotation); // [3, 3]
  const [x, y, z] = [-m[1], -m[4], -m[7]]; // the front, −y, in the camera
  const sine = Math.max(-1, Math.min(1, -m[8])), cosine = Math.sqrt(1 - sine * sine); // of the elevation
  return Math.atan2(-x, y * sine - z * cosine) * DEGREES;
}

/**
 * Difference of two azimuths.
 *
 * @param estimate Degrees
 * @param truth Degrees
 * @returns Degrees, 0 to 180
 */
export function azimuthError(estimate: number, truth: number): number {
  const turn = Math.abs(estimate - truth) % 360;
  return Math.min(turn, 360 - turn);
}

/** Summary of azimuth errors; figures are `null` without any. */
export interface AzimuthErrors {
  /** Views with a known azimuth. */
  readonly count: number;
  /** Median error in degrees. */
  readonly medianDegrees: number | null;
  /** Share of errors over 90°: the object is taken for its back or its mirror view. */
  readonly flips: number | null;
}

/** Summarises azimuth errors in degrees. */
export function azimuthErrors(errors: readonly number[]): AzimuthErrors {
  const count = errors.length, sorted = errors.toSorted((a, b) => a - b);
  if (count === 0) return { count, medianDegrees: null, flips: null };
  return {
    count,
    medianDegrees: (sorted[(count - 1) >> 1] + sorted[count >> 1]) / 2,
    flips: sorted.filter((error) => error > 90).length / count,
  };
}
