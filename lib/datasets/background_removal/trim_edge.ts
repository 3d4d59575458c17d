/**
 * Taking the rim of mixed colours off an object.
 *
 * @module
 */

/** Width of the rim, in pixels. */
const RIM = 2;
/** Pixels to each side in which the object's full colour is looked for. */
const REACH = 2;

/**
 * Lowers the probability of pixels at the edge by how much of the object they show. A pixel that mixes both lies as far
 * from the background as its share of the object says, compared with the farthest pixel of the object near it.
 *
 * @param object Probability of the object, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @param distance Distance from the background, `[H, W]`
 * @returns Probability of the object, `[H, W]`
 */
export function trimEdge(
  object: Float32Array,
  height: number,
  width: number,
  distance: Float32Array,
): Float32Array {
  let trimmed = object;
  for (let round = 0; round < RIM; round++) {
    const before = trimmed;
    const next = before.slice(); // [H, W]
    for (let i = 1, p = width + 1; i < height - 1; i++, p += 2) {
      for (let j = 1; j < width - 1; j++, p++) {
        if (before[p] < 0.5) continue;
        const atEdge = before[p - 1] < 0.5 || before[p + 1] < 0.5 || before[p - width] < 0.5 ||
          before[p + width] < 0.5;
        if (!atEdge) continue;
        const full = farthest(before, height, width, distance, i, j);
        next[p] = Math.min(before[p], distance[p] / full);
      }
    }
    trimmed = next;
  }
  return trimmed;
}

/** Largest distance from the background among the object's pixels near row i, column j. */
function farthest(
  object: Float32Array,
  height: number,
  width: number,
  distance: Float32Array,
  i: number,
  j: number,
): number {
  let largest = 0;
  for (let y = Math.max(0, i - REACH); y <= Math.min(height - 1, i + REACH); y++) {
    for (let x = Math.max(0, j - REACH); x <= Math.min(width - 1, j + REACH); x++) {
      const p = y * width + x;
      if (object[p] >= 0.5) largest = Math.max(largest, distance[p]);
    }
  }
  return largest;
}
