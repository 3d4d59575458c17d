/**
 * Points on surfaces, and how far surfaces are from each other.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { Prng } from "../core/prng.ts";
import { faceAreas } from "../mesh/face_areas.ts";
import type { ClassMesh } from "./class_targets.ts";

/** Points that stand for a surface where nothing else is asked for. */
const POINTS = 4000;

/**
 * Points drawn evenly over the area of a mesh.
 *
 * @param mesh Vertices `[V, 3]` and faces `[F, 3]`
 * @param count Number of points, P
 * @param prng Source of randomness
 * @returns Points `[P, 3]` and the face of each, `[P]`
 */
export function sampleSurface(
  { vertices, faces }: ClassMesh,
  count: number,
  prng: Prng,
): { points: Float64Array; faceIndex: Int32Array } {
  let total = 0;
  const sums = faceAreas(vertices, faces).map((area) => total += area); // [F]
  const points = new Float64Array(3 * count), faceIndex = new Int32Array(count); // [P, 3], [P]
  for (let p = 0; p < count; p++) {
    const f = faceIndex[p] = firstAbove(sums, prng.next() * total);
    const root = Math.sqrt(prng.next()), v = prng.next();
    const weights = [1 - root, root * (1 - v), root * v];
    for (let k = 0; k < 3; k++) {
      for (let axis = 0; axis < 3; axis++) {
        points[3 * p + axis] += weights[k] * vertices[3 * faces[3 * f + k] + axis];
      }
    }
  }
  return { points, faceIndex };
}

/**
 * Chamfer distance of two meshes: the mean of how far a point of the one is from the other, both ways.
 *
 * @param first A mesh
 * @param second Another one, in the same frame
 * @param seed Seed of the points
 * @returns Distance, in units of the meshes
 */
export function chamferDistance(first: ClassMesh, second: ClassMesh, seed = 1): number {
  const [a, b] = [first, second].map((mesh, k) =>
    sampleSurface(mesh, POINTS, new Prng(seed, "chamfer", k)).points
  );
  const way = (from: FloatArray, to: FloatArray) => {
    let sum = 0;
    for (let i = 0; i < from.length; i += 3) {
      sum += Math.sqrt(nearestPoint(to, from[i], from[i + 1], from[i + 2]).square);
    }
    return 3 * sum / from.length;
  };
  return (way(a, b) + way(b, a)) / 2;
}

/** The point of a list `[P, 3]` that is nearest to a place. */
export function nearestPoint(
  points: FloatArray,
  x: number,
  y: number,
  z: number,
): { index: number; square: number } {
  let square = Infinity, index = -1;
  for (let i = 0; i < points.length; i += 3) {
    const dx = points[i] - x, dy = points[i + 1] - y, dz = points[i + 2] - z;
    const own = dx * dx + dy * dy + dz * dz;
    if (own < square) [square, index] = [own, i / 3];
  }
  return { index, square };
}

/** Index of the first sum above a value. */
function firstAbove(sums: Float64Array, value: number): number {
  let low = 0, high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
