/**
 * How far a camera is from level and upright, and how far below the horizon.
 *
 * @module
 */

/**
 * One minus the cosine of the angle between the object's up axis (z) and the image's.
 *
 * @param q Unit quaternion (w, x, y, z) from the object to the camera (y down), `[4]`
 * @returns 0 for a level, upright camera, 1 for a view from straight above or on its side, 2 for upside down
 */
export function cameraTilt(q: ArrayLike<number>): number {
  return 1 + 2 * (q[2] * q[3] - q[0] * q[1]);
}

/**
 * The sine of the angle by which a camera looks up at an object, as it hardly ever looks at things that stand on the ground.
 *
 * @param q Unit quaternion (w, x, y, z) from the object to the camera (z into the scene), `[4]`
 * @returns 0 for a camera that is level with the object or above it, 1 for a view from straight below
 */
export function cameraDepression(q: ArrayLike<number>): number {
  return Math.max(0, 1 - 2 * (q[1] * q[1] + q[2] * q[2]));
}
