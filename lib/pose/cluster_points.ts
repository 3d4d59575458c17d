/**
 * Clusters of points by their distance to the clusters' means.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import type { Prng } from "../core/prng.ts";

/** Rounds of assignment. */
const ROUNDS = 25;

/**
 * Finds centres: the first ones at random with a chance that grows with the squared distance to those before, then means
 * of the nearest points.
 *
 * @param points `[P, D]`
 * @param dimensions D
 * @param clusters Number of centres, K
 * @param prng Source of the first centres
 * @returns Centres, `[K, D]`; fewer than K different ones if there are fewer points
 * @throws {RangeError} If there is no point
 */
export function clusterPoints(
  points: FloatArray,
  dimensions: number,
  clusters: number,
  prng: Prng,
): Float64Array {
  const count = points.length / dimensions;
  if (count < 1) throw new RangeError("Cannot cluster points: current value is no point");
  const centres = firstCentres(points, dimensions, clusters, prng);
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float64Array(centres.length), members = new Int32Array(clusters);
    for (let p = 0; p < count; p++) {
      const k = nearestCentre(points, p * dimensions, centres, dimensions);
      members[k]++;
      for (let d = 0; d < dimensions; d++) sums[k * dimensions + d] += points[p * dimensions + d];
    }
    members.forEach((size, k) => {
      for (let d = 0; size > 0 && d < dimensions; d++) {
        centres[k * dimensions + d] = sums[k * dimensions + d] / size;
      }
    });
  }
  return centres;
}

/**
 * The centre that is nearest to a point.
 *
 * @param points Points of D values
 * @param offset Where the point begins
 * @param centres `[K, D]`
 * @param dimensions D
 * @returns Its number; the first of equally near ones
 */
export function nearestCentre(
  points: FloatArray,
  offset: number,
  centres: Float64Array,
  dimensions: number,
): number {
  let nearest = 0, least = Infinity;
  for (let k = 0; k < centres.length / dimensions; k++) {
    const distance = squaredDistance(points, offset, centres, k * dimensions, dimensions);
    if (distance < least) nearest = k, least = distance;
  }
  return nearest;
}

function firstCentres(points: FloatArray, dimensions: number, clusters: number, prng: Prng): Float64Array {
  const count = points.length / dimensions;
  const centres = new Float64Array(clusters * dimensions); // [K, D]
  const distances = new Float64Array(count).fill(Infinity); // [P]
  let chosen = prng.integer(count);
  for (let k = 0; k < clusters; k++) {
    for (let d = 0; d < dimensions; d++) centres[k * dimensions + d] = points[chosen * dimensions + d];
    let sum = 0;
    for (let p = 0; p < count; p++) {
      const distance = squaredDistance(points, p * dimensions, centres, k * dimensions, dimensions);
      sum += distances[p] = Math.min(distances[p], distance);
    }
    let left = prng.next() * sum;
    for (chosen = 0; chosen < count - 1 && (left -= distances[chosen]) > 0;) chosen++;
  }
  return centres;
}

function squaredDistance(a: FloatArray, at: number, b: FloatArray, from: number, dimensions: number): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) sum += (a[at + d] - b[from + d]) ** 2;
  return sum;
}
