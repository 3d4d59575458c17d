/**
 * The pose that a silhouette cannot tell from a given one.
 *
 * @module
 */
import type { Quaternion } from "../rendering/quaternion.ts";

/**
 * The depth-reversed rotation: half a turn about the optical axis after half a turn about the object's x axis. Without
 * perspective, a left-right symmetric object has the same silhouette in both.
 *
 * @param q Unit quaternion (w, x, y, z), `[4]`
 * @returns Unit quaternion
 */
export function complementaryRotation(q: ArrayLike<number>): Quaternion {
  return [q[2], -q[3], q[0], -q[1]];
}

/**
 * How nearly the object is seen from its side: (q·q_c)² with the complementary rotation q_c.
 *
 * @param q Unit quaternion (w, x, y, z), `[4]`
 * @returns 1 exactly from the side (both poses are one), 0 from the front, back, top or below
 */
export function sideViewScore(q: ArrayLike<number>): number {
  return (2 * (q[1] * q[3] - q[0] * q[2])) ** 2;
}
