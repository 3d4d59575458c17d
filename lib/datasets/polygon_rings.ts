/**
 * The polygons of one object: which are pieces of it, and which are holes through it.
 *
 * @module
 */

/** Fewest values of a polygon: three corners. */
const LEAST_VALUES = 6;

/** Polygons by what they are. */
export interface Polygons {
  /** Polygons of pieces. */
  readonly polygons: readonly (readonly number[])[];
  /** Polygons of holes. */
  readonly holes: readonly (readonly number[])[];
  /** Number of polygons that were left out, as they enclose nothing. */
  readonly dropped: number;
}

/**
 * Tells holes from pieces. A polygon that lies in another one would add nothing as a piece, so it is a hole where it runs
 * the other way round, or where the stated area is nearer to that of the object with the hole.
 *
 * @param rings Corners x, y, x, y, … of each polygon
 * @param area Area of the object as the annotations state it; null if they do not
 * @returns The polygons, sorted out; those without three corners stay where there is no other
 */
export function polygonsOf(rings: readonly (readonly number[])[], area: number | null): Polygons {
  const whole = rings.filter((ring) => ring.length >= LEAST_VALUES);
  if (whole.length === 0) return { polygons: rings, holes: [], dropped: 0 }; // told where it is filled
  const areas = whole.map(signedArea);
  const inside = whole.map((ring, k) =>
    whole.findIndex((other, m) => m !== k && Math.abs(areas[m]) > Math.abs(areas[k]) && isInside(ring, other))
  );
  const within = inside.map((outer) => outer >= 0);
  const total = (isHole: readonly boolean[]) =>
    areas.reduce((sum, own, k) => sum + (within[k] ? (isHole[k] ? -Math.abs(own) : 0) : Math.abs(own)), 0);
  const turnsBack = within.map((isWithin, k) => isWithin && areas[k] * areas[inside[k]] < 0);
  const isHole = area === null || area <= 0
    ? turnsBack
    : Math.abs(total(within) - area) < Math.abs(total(within.map(() => false)) - area)
    ? within
    : within.map(() => false);
  return {
    polygons: whole.filter((_, k) => !isHole[k]),
    holes: whole.filter((_, k) => isHole[k]),
    dropped: rings.length - whole.length,
  };
}

/** Area of a polygon, negative if it runs the other way round. */
function signedArea(ring: readonly number[]): number {
  let sum = 0;
  for (let k = 0, last = ring.length - 2; k < ring.length; last = k, k += 2) {
    sum += ring[last] * ring[k + 1] - ring[k] * ring[last + 1];
  }
  return sum / 2;
}

/** Whether all corners of a polygon lie in another one. */
function isInside(ring: readonly number[], other: readonly number[]): boolean {
  for (let k = 0; k < ring.length; k += 2) if (!holdsPoint(other, ring[k], ring[k + 1])) return false;
  return true;
}

function holdsPoint(ring: readonly number[], x: number, y: number): boolean {
  let isIn = false;
  for (let k = 0, last = ring.length - 2; k < ring.length; last = k, k += 2) {
    const [x1, y1, x2, y2] = [ring[last], ring[last + 1], ring[k], ring[k + 1]];
    if ((y1 > y) !== (y2 > y) && x < x1 + (y - y1) / (y2 - y1) * (x2 - x1)) isIn = !isIn;
  }
  return isIn;
}
