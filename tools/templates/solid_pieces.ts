/**
 * Pieces that solids are put together from: balls, limbs, slabs, plates and wheels, each with the part that it belongs
 * to and the box that it fills.
 *
 * @module
 */
import {
  coneDistance,
  type Point2,
  type Point3,
  polygonDistance,
  roundedCorner,
  type SignedDistance,
  tiltedEllipsoidDistance,
  wheelDistance,
} from "../../lib/templates/signed_distance.ts";

/** How a piece joins the pieces before it. */
export interface PieceOptions {
  /** Distance over which it melts together with them. */
  blend?: number;
  /** How many more vertices it deserves, relative to 1 elsewhere. */
  density?: number;
  /** How far its label reaches beyond its own surface. */
  reach?: number;
  /** A place inside of the core from which it grows; null for the core itself. */
  anchor?: Point3 | null;
  /** Axes along which it grows: 1, or 0 for those along which it has its full size from the start. */
  grows?: Point3;
  /** Points of its surface that vertices are held at, such as the end of a limb; only of pieces that grow. */
  tips?: readonly Point3[];
}

/** Defaults of {@link PieceOptions}. */
export const PIECE_DEFAULTS = {
  blend: 0.04,
  density: 0,
  reach: 0,
  anchor: null,
  grows: [1, 1, 1],
  tips: [],
} as const satisfies Required<PieceOptions>;

/** One piece of a solid; x ≥ 0 is assumed, the other side is its mirror image. */
export interface Piece extends Required<PieceOptions> {
  /** Name of the part. */
  readonly part: string;
  /** Distance to the piece alone. */
  readonly distance: SignedDistance;
  /** Low corner of its box. */
  readonly low: Point3;
  /** High corner of its box. */
  readonly high: Point3;
}

/** A place along a limb and the limb's radius there: `[x, y, z, radius]`. */
export type Joint = readonly [number, number, number, number];

/** An ellipsoid; `angleRadians` > 0 lifts its front. */
export function ball(
  part: string,
  centre: Point3,
  radii: Point3,
  options: PieceOptions & { angleRadians?: number } = {},
): Piece {
  const { angleRadians = 0, ...joining } = options;
  const reach = Math.max(radii[1], radii[2]);
  const extent = angleRadians === 0 ? radii : [radii[0], reach, reach] as const;
  return {
    part,
    distance: (x, y, z) => tiltedEllipsoidDistance(x, y, z, centre, radii, angleRadians),
    ...boxOf([shifted(centre, extent, -1), shifted(centre, extent, 1)]),
    ...PIECE_DEFAULTS,
    ...joining,
  };
}

/** The outermost point of a limb: its last joint's radius beyond the joint. */
export function limbEnd(joints: readonly Joint[]): Point3 {
  const [[ax, ay, az], [bx, by, bz, radius]] = joints.slice(-2);
  const [ux, uy, uz] = [bx - ax, by - ay, bz - az];
  const factor = radius / Math.max(Math.sqrt(ux * ux + uy * uy + uz * uz), 1e-9);
  return [bx + factor * ux, by + factor * uy, bz + factor * uz];
}

/** Rods from joint to joint; `width` stretches the limb along x about its first joint, to less or more than round. */
export function limb(
  part: string,
  joints: readonly Joint[],
  options: PieceOptions & { width?: number } = {},
): Piece {
  const { width = 1, ...joining } = options;
  const middle = joints[0][0];
  const points = joints.map(([x, y, z]): Point3 => [middle + (x - middle) / width, y, z]);
  const narrow = Math.min(1, width);
  return {
    part,
    distance: (x, y, z) => {
      const across = middle + (x - middle) / width;
      let nearest = Infinity;
      for (let i = 1; i < joints.length; i++) {
        const distance = coneDistance(
          across,
          y,
          z,
          points[i - 1],
          points[i],
          joints[i - 1][3],
          joints[i][3],
        );
        if (distance < nearest) nearest = distance;
      }
      return narrow * nearest;
    },
    ...boxOf(joints.flatMap(([x, y, z, r]): Point3[] => [
      [x - r * width, y - r, z - r],
      [x + r * width, y + r, z + r],
    ])),
    ...PIECE_DEFAULTS,
    ...joining,
  };
}

/** A profile in the y-z plane with rounded edges, from `centreX − halfWidth` to `centreX + halfWidth`. */
export function slab(
  part: string,
  profile: readonly Point2[],
  halfWidth: number,
  options: PieceOptions & {
    /** Radius of the edges; the profile and the width include it. */
    rounding?: number;
    /** Middle of the slab. */
    centreX?: number;
    /** How much narrower it is at a place, on each side. */
    narrowing?: (y: number, z: number) => number;
  } = {},
): Piece {
  const { rounding = 0.03, centreX = 0, narrowing = () => 0, ...joining } = options;
  return {
    part,
    distance: (x, y, z) =>
      roundedCorner(
        polygonDistance(y, z, profile) + rounding,
        Math.abs(x - centreX) - (halfWidth - rounding - narrowing(y, z)),
      ) - rounding,
    ...boxOf(profile.flatMap(([y, z]): Point3[] => [
      [centreX - halfWidth, y, z],
      [centreX + halfWidth, y, z],
    ])),
    ...PIECE_DEFAULTS,
    ...joining,
  };
}

/** A horizontal plate with a contour in the x-y plane, such as a wing; it may rise outwards. */
export function plate(
  part: string,
  contour: readonly Point2[],
  options: PieceOptions & {
    /** Height at x = 0. */
    height?: number;
    /** Half of the thickness at x = 0, and at the outermost point. */
    thickness?: readonly [number, number];
    /** How much it rises for each unit of x. */
    rise?: number;
  } = {},
): Piece {
  const { height = 0, thickness = [0.03, 0.02], rise = 0, ...joining } = options;
  const span = Math.max(...contour.map(([x]) => x));
  const slope = 1 / Math.sqrt(1 + rise * rise);
  const halfAt = (x: number) =>
    thickness[0] + (thickness[1] - thickness[0]) * Math.min(1, Math.max(0, x / span));
  return {
    part,
    distance: (x, y, z) => {
      const half = halfAt(x);
      const across = slope * Math.abs(z - height - rise * x);
      return roundedCorner(polygonDistance(x, y, contour) + half, across) - half;
    },
    ...boxOf(contour.flatMap(([x, y]): Point3[] => {
      const z = height + rise * x;
      return [[x, y, z - thickness[0]], [x, y, z + thickness[0]]];
    })),
    ...PIECE_DEFAULTS,
    ...joining,
  };
}

/** A wheel about an axis along x. */
export function wheel(
  part: string,
  centre: Point3,
  radius: number,
  halfWidth: number,
  options: PieceOptions = {},
): Piece {
  const rounding = 0.6 * Math.min(radius, halfWidth);
  return {
    part,
    distance: (x, y, z) => wheelDistance(x, y, z, centre, radius, halfWidth, rounding),
    ...boxOf([
      shifted(centre, [halfWidth, radius, radius], -1),
      shifted(centre, [halfWidth, radius, radius], 1),
    ]),
    ...PIECE_DEFAULTS,
    ...options,
  };
}

/** Smallest box that holds points. */
export function boxOf(points: readonly Point3[]): { low: Point3; high: Point3 } {
  const axis = (k: number) => points.map((point) => point[k]);
  const along = (pick: (...values: number[]) => number) =>
    [0, 1, 2].map((k) => pick(...axis(k))) as unknown as Point3;
  return { low: along(Math.min), high: along(Math.max) };
}

function shifted(centre: Point3, by: Point3, sign: number): Point3 {
  return [centre[0] + sign * by[0], centre[1] + sign * by[1], centre[2] + sign * by[2]];
}
