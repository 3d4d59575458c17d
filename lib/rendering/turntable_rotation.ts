/**
 * The rotation of an upright view from a direction.
 *
 * @module
 */
import { multiplyQuaternions, type Quaternion } from "./quaternion.ts";

/**
 * Rotation of a view of the object frame (z up, front −y, +x the object's left).
 *
 * @param azimuth Degrees; 0 shows the front, 90 the object's left side
 * @param elevation Degrees; positive looks from above
 * @returns Unit quaternion
 */
export function turntableRotation(azimuth: number, elevation: number): Quaternion {
  const half = Math.PI / 360;
  const turn = -azimuth * half, tilt = (90 + elevation) * half;
  return multiplyQuaternions([Math.cos(tilt), Math.sin(tilt), 0, 0], [Math.cos(turn), 0, 0, Math.sin(turn)]);
}
