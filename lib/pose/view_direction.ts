/**
 * From where a pose looks at the object.
 *
 * @module
 */

const DEGREES = 180 / Math.PI;

/** Direction from the object to the camera. */
export interface ViewDirection {
  /** Degrees in [0, 360): 0 in front of the object, 90 at its left, where its front points to the image's left. */
  readonly azimuth: number;
  /** Degrees, 90 straight above the object, −90 below it. */
  readonly elevation: number;
}

/**
 * The direction that a pose looks from. A roll of the camera does not change it; straight above and below, the azimuth is
 * not determined.
 *
 * @param q Unit quaternion (w, x, y, z) from the object (x its left, −y its front, z up) to the camera (z into the scene), `[4]`
 * @returns Azimuth and elevation
 */
export function viewDirection(q: ArrayLike<number>): ViewDirection {
  const [w, x, y, z] = [q[0], q[1], q[2], q[3]];
  const left = -2 * (x * z - w * y), front = 2 * (y * z + w * x), up = 2 * (x * x + y * y) - 1; // of −R's third row
  return {
    azimuth: (Math.atan2(left, front) * DEGREES + 360) % 360,
    elevation: Math.asin(Math.min(1, Math.max(-1, up))) * DEGREES,
  };
}
