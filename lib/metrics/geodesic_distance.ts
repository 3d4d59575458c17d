/**
 * Distance between rotations.
 *
 * @module
 */

/**
 * Squared sine of half the angle between two rotations: 1 − (p·q)²; the signs of the quaternions do not matter.
 *
 * @param p Unit quaternion, `[4]`
 * @param q Unit quaternion, `[4]`
 * @returns 0 (equal) to 1 (180°)
 */
export function geodesicDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const dot = p[0] * q[0] + p[1] * q[1] + p[2] * q[2] + p[3] * q[3];
  return Math.min(1, Math.max(0, 1 - dot * dot));
}

/**
 * The angle between two rotations.
 *
 * @param p Unit quaternion, `[4]`
 * @param q Unit quaternion, `[4]`
 * @returns Degrees, 0 to 180
 */
export function rotationAngleDegrees(p: ArrayLike<number>, q: ArrayLike<number>): number {
  return 2 * Math.asin(Math.sqrt(geodesicDistance(p, q))) * 180 / Math.PI;
}
