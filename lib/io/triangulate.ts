/**
 * Polygons in space as triangles.
 *
 * @module
 */
import earcut from "earcut";

/**
 * Cuts a polygon into triangles: a fan if it is convex, else ears of its projection along its normal, so that notches stay
 * open.
 *
 * @param corners Vertex of each corner
 * @param vertices Positions, `[V, 3]`
 * @returns Places in `corners` of the triangles' corners, in the polygon's winding, `[F, 3]`
 */
export function triangulate(corners: readonly number[], vertices: ArrayLike<number>): number[] {
  const fan = Array.from({ length: corners.length - 2 }, (_, k) => [0, k + 1, k + 2]).flat();
  if (corners.length === 3) return fan;
  const flat = project(corners, vertices);
  if (flat === null || isConvex(flat)) return fan;
  const cut = earcut(flat);
  if (cut.length === 0) return fan;
  let winding = 0; // the projection runs counter-clockwise
  for (let k = 0; k < cut.length; k += 3) winding += cross(flat, cut[k], cut[k + 1], cut[k + 2]);
  return winding < 0 ? cut.map((_, k) => cut[k - k % 3 + 2 - k % 3]) : cut;
}

/** Corners in the plane of the polygon, counter-clockwise, x, y, x, y, …; null if it has no area. */
function project(corners: readonly number[], vertices: ArrayLike<number>): number[] | null {
  const at = (k: number, axis: number) => vertices[3 * corners[k % corners.length] + axis];
  const normal = [0, 1, 2].map((axis) => {
    const [u, w] = [(axis + 1) % 3, (axis + 2) % 3];
    return corners.reduce((sum, _, k) => sum + (at(k, u) - at(k + 1, u)) * (at(k, w) + at(k + 1, w)), 0);
  });
  const sizes = normal.map(Math.abs), axis = sizes.indexOf(Math.max(...sizes));
  if (!(sizes[axis] > 0)) return null;
  const [u, w] = normal[axis] > 0 ? [(axis + 1) % 3, (axis + 2) % 3] : [(axis + 2) % 3, (axis + 1) % 3];
  return corners.flatMap((_, k) => [at(k, u), at(k, w)]);
}

function isConvex(flat: readonly number[]): boolean {
  const count = flat.length / 2;
  for (let k = 0; k < count; k++) if (cross(flat, k, (k + 1) % count, (k + 2) % count) < 0) return false;
  return true;
}

/** Twice the area of a triangle of corners, negative if it runs clockwise. */
function cross(flat: readonly number[], a: number, b: number, c: number): number {
  const [ax, ay] = [flat[2 * a], flat[2 * a + 1]];
  return (flat[2 * b] - ax) * (flat[2 * c + 1] - ay) - (flat[2 * c] - ax) * (flat[2 * b + 1] - ay);
}
