/**
 * Differences of azimuths.
 *
 * @module
 */

/**
 * The angle between two azimuths.
 *
 * @param a Degrees
 * @param b Degrees
 * @returns Degrees, 0 to 180
 */
export function azimuthDifference(a: number, b: number): number {
  const turned = Math.abs(a - b) % 360;
  return Math.min(turned, 360 - turned);
}
