/**
 * Signed distances of simple solids and their smooth unions: what parametric templates are built of.
 *
 * Distances are negative inside. Those of ellipsoids and cones are approximate away from the surface, which is enough
 * for following their gradient and for polygons of their zero level.
 *
 * @module
 */

/** Distance of a point to a surface, negative inside. */
export type SignedDistance = (x: number, y: number, z: number) => number;

/** A point or a vector of three coordinates. */
export type Point3 = readonly [number, number, number];

/** A corner of a profile in the y-z plane. */
export type Point2 = readonly [number, number];

/** Distance to an ellipsoid about the origin with radii (rx, ry, rz). */
export function ellipsoidDistance(
  x: number,
  y: number,
  z: number,
  rx: number,
  ry: number,
  rz: number,
): number {
  const level = Math.sqrt((x / rx) ** 2 + (y / ry) ** 2 + (z / rz) ** 2);
  const slope = Math.sqrt((x / (rx * rx)) ** 2 + (y / (ry * ry)) ** 2 + (z / (rz * rz)) ** 2);
  return slope < 1e-12 ? -Math.min(rx, ry, rz) : level * (level - 1) / slope;
}

/** Distance to an ellipsoid that is tilted about the x axis: `angleRadians` > 0 lifts its front (−y). */
export function tiltedEllipsoidDistance(
  x: number,
  y: number,
  z: number,
  centre: Point3,
  radii: Point3,
  angleRadians: number,
): number {
  const c = Math.cos(angleRadians), s = Math.sin(angleRadians);
  const dy = y - centre[1], dz = z - centre[2];
  return ellipsoidDistance(x - centre[0], c * dy - s * dz, s * dy + c * dz, radii[0], radii[1], radii[2]);
}

/** Distance to a rod from `a` to `b` whose radius goes from `radiusA` to `radiusB`, with round ends. */
export function coneDistance(
  x: number,
  y: number,
  z: number,
  a: Point3,
  b: Point3,
  radiusA: number,
  radiusB: number,
): number {
  const ux = b[0] - a[0], uy = b[1] - a[1], uz = b[2] - a[2];
  const px = x - a[0], py = y - a[1], pz = z - a[2];
  const along = (px * ux + py * uy + pz * uz) / (ux * ux + uy * uy + uz * uz);
  const t = Math.min(1, Math.max(0, along));
  const dx = px - t * ux, dy = py - t * uy, dz = pz - t * uz;
  return Math.sqrt(dx * dx + dy * dy + dz * dz) - (radiusA + (radiusB - radiusA) * t);
}

/** Distance to a wheel: a disc of this radius about an axis along x, with rounded rims. */
export function wheelDistance(
  x: number,
  y: number,
  z: number,
  centre: Point3,
  radius: number,
  halfWidth: number,
  rounding: number,
): number {
  const across = Math.sqrt((y - centre[1]) ** 2 + (z - centre[2]) ** 2) - radius + rounding;
  return roundedCorner(across, Math.abs(x - centre[0]) - halfWidth + rounding) - rounding;
}

/** Distance to a closed polygon in the plane: exact, any winding, need not be convex. */
export function polygonDistance(y: number, z: number, corners: readonly Point2[]): number {
  let nearest = Infinity, inside = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [ay, az] = corners[i], [by, bz] = corners[j];
    const ey = by - ay, ez = bz - az, py = y - ay, pz = z - az;
    const t = Math.min(1, Math.max(0, (py * ey + pz * ez) / (ey * ey + ez * ez)));
    nearest = Math.min(nearest, (py - t * ey) ** 2 + (pz - t * ez) ** 2);
    if ((az > z) !== (bz > z) && y < ay + (z - az) * ey / ez) inside = !inside;
  }
  return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
}

/** Distance to the intersection of two solids whose surfaces meet at a right angle. */
export function roundedCorner(a: number, b: number): number {
  const outA = Math.max(a, 0), outB = Math.max(b, 0);
  return Math.min(Math.max(a, b), 0) + Math.sqrt(outA * outA + outB * outB);
}

/** Union of two solids with a fillet: `blend` is the distance over which they melt together. */
export function smoothUnion(a: number, b: number, blend: number): number {
  const overlap = Math.max(blend - Math.abs(a - b), 0) / blend;
  return Math.min(a, b) - overlap * overlap * blend / 4;
}

/** The second-order smooth step from 0 at `low` to 1 at `high`. */
export function smoothStep(value: number, low: number, high: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
