/**
 * A class of objects as a formula: a solid and a part name for each point of its surface.
 *
 * @module
 */
import type { Point3, SignedDistance } from "./signed_distance.ts";

/** A point that a vertex of the template sphere is held at. */
export interface Pin {
  /** Direction of the vertex on the sphere; the nearest one is taken. Without one: who is nearest to the limb's bud. */
  readonly direction?: Point3;
  /** Where it shall lie. */
  readonly point: Point3;
  /** Where the limb that it ends grows from; needed by shapes that grow. */
  readonly anchor?: Point3;
  /** Axes along which that limb grows, 1 or 0; all without it. */
  readonly grows?: Point3;
  /** Whether the limb ends in this point alone, so that its neighbours come near. */
  readonly isEnd?: boolean;
}

/** A solid on its way from its core alone to its full size. */
export interface GrowingSolid {
  /** Distance to the surface, negative inside. */
  readonly distance: SignedDistance;
  /** How many vertices a place deserves, relative to 1 elsewhere. */
  readonly density: SignedDistance;
  /** Where a point of the surface goes when the limbs' share becomes `next`; x ≥ 0. */
  readonly carry: (x: number, y: number, z: number, next: number) => Point3;
}

/** How the limbs of a solid grow out of its core. */
export interface Growth {
  /** The solid with its limbs shrunk to a share of their size, above 0 and up to 1. */
  readonly at: (share: number) => GrowingSolid;
  /** Box of the core: low corner. */
  readonly low: Point3;
  /** Box of the core: high corner. */
  readonly high: Point3;
}

/** A solid, symmetric in x, z up, front at −y. */
export interface ParametricShape {
  /** Class of the object, such as "car". */
  readonly category: string;
  /** Names of the parts that `partAt` answers with. */
  readonly partNames: readonly string[];
  /** Distance to the surface, negative inside. */
  readonly distance: SignedDistance;
  /** Index in `partNames` of the part to which a point of the surface belongs. */
  readonly partAt: (x: number, y: number, z: number) => number;
  /** How many vertices a place deserves, relative to 1 elsewhere. */
  readonly density: (x: number, y: number, z: number) => number;
  /** Points of the surface, x ≥ 0, and the directions on the template sphere whose vertices shall lie there. */
  readonly pins: readonly Pin[];
  /** A box that holds the solid with some room: low corner. */
  readonly low: Point3;
  /** The same box: high corner. */
  readonly high: Point3;
  /** How the solid grows, for those with limbs. */
  readonly growth?: Growth;
}

/**
 * Outward unit normal of a solid, by central differences.
 *
 * @param distance Distance to the surface
 * @param step Half of the step, in object units
 * @returns Normal and the length of the gradient before normalising, `[nx, ny, nz, length]`
 */
export function distanceGradient(
  distance: SignedDistance,
  x: number,
  y: number,
  z: number,
  step = 1e-3,
): [number, number, number, number] {
  const gx = (distance(x + step, y, z) - distance(x - step, y, z)) / (2 * step);
  const gy = (distance(x, y + step, z) - distance(x, y - step, z)) / (2 * step);
  const gz = (distance(x, y, z + step) - distance(x, y, z - step)) / (2 * step);
  const length = Math.max(Math.sqrt(gx * gx + gy * gy + gz * gz), 1e-9);
  return [gx / length, gy / length, gz / length, length];
}
