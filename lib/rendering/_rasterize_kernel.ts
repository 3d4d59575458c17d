/**
 * Loops of the hard rasteriser.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** Added, with its sign, to the doubled area that weights are divided by: 1e-8 on coordinates times 1000. */
const AREA_EPSILON = 1e-14;

/** Columns by which a row begins early, so that rounding does not matter; sides flatter than this end no row. */
const HAIR = 1e-3, STEEPNESS = 1e-6;
/** Faces that reach further than this are not cut by slopes. */
const FAR = 64;

/** Centres of the columns (x, rising) or, with `down`, of the rows (y, falling) of an image, `[count]`. */
export function pixelCentres(count: number, down: boolean): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => (down ? count - 2 * i - 1 : 2 * i + 1 - count) / count,
  );
}

/** Change of x with y along a side where a front face begins from the left (the side falls); NaN for others. */
function entrySlope(ax: number, ay: number, bx: number, by: number): number {
  return by < ay - STEEPNESS ? (bx - ax) / (by - ay) : NaN;
}

/**
 * Draws faces in index order: a face covers the pixels in its half-open box with no negative weight, and takes those where
 * it is strictly nearer.
 *
 * @param vertices Screen positions, `[V, 3]`
 * @param faces Vertex indices, `[F, 3]`
 * @param drawn 1 where a face takes part, `[F]`; null draws those with n_z ≥ 0
 * @param columns Centres of the columns, rising, `[W]`
 * @param rows Centres of the rows, falling, `[H]`
 * @param faceIndex Filled with −1 by the caller, `[H, W]`
 * @param barycentric Filled with 0 by the caller, `[H, W, 3]`
 * @param depth Filled with −Infinity by the caller, `[H, W]`
 * @param perspective Whether z is 1 / w; the weights are then correct in perspective
 */
export function rasterizeForward(
  vertices: FloatArray,
  faces: Int32Array,
  drawn: Uint8Array | null,
  columns: Float64Array,
  rows: Float64Array,
  faceIndex: Int32Array,
  barycentric: FloatArray,
  depth: FloatArray,
  perspective: boolean,
): void {
  const width = columns.length, height = rows.length;
  const single = depth instanceof Float32Array;
  for (let k = 0, f = 0; k < faces.length; k += 3, f++) {
    const a = 3 * faces[k], b = 3 * faces[k + 1], c = 3 * faces[k + 2];
    const ax = vertices[a], ay = vertices[a + 1], bx = vertices[b], by = vertices[b + 1];
    const cx = vertices[c], cy = vertices[c + 1];
    if (drawn === null ? !((bx - ax) * (cy - ay) - (by - ay) * (cx - ax) >= 0) : drawn[f] === 0) continue;
    const left = ax < bx ? (ax < cx ? ax : cx) : bx < cx ? bx : cx;
    const right = ax > bx ? (ax > cx ? ax : cx) : bx > cx ? bx : cx;
    const low = ay < by ? (ay < cy ? ay : cy) : by < cy ? by : cy;
    const high = ay > by ? (ay > cy ? ay : cy) : by > cy ? by : cy;
    // The range from arithmetic may be off by a rounding; the centres themselves decide.
    if (!(right > columns[0] && left <= columns[width - 1] && high > rows[height - 1] && low <= rows[0])) {
      continue;
    }
    let columnStart = Math.max(0, Math.ceil((left * width + width - 1) / 2) - 1);
    while (columns[columnStart] < left) columnStart++;
    let rowStart = Math.max(0, Math.ceil((height - 1 - high * height) / 2) - 1);
    while (rows[rowStart] >= high) rowStart++;
    const za = vertices[a + 2], zb = vertices[b + 2], zc = vertices[c + 2];
    // Where a row begins follows from the sides that fall, of a face in front; the weights decide.
    const cut = left > -FAR && right < FAR && low > -FAR && high < FAR &&
      (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0;
    const slopeA = cut ? entrySlope(bx, by, cx, cy) : NaN, slopeB = cut ? entrySlope(cx, cy, ax, ay) : NaN;
    const slopeC = cut ? entrySlope(ax, ay, bx, by) : NaN, half = width / 2, centre = (width - 1) / 2 - HAIR;
    for (let i = rowStart; i < height && rows[i] >= low; i++) {
      const y = rows[i], yA = ay - y, yB = by - y, yC = cy - y;
      let entered = false, start = columnStart;
      if (slopeA === slopeA) start = Math.max(start, Math.ceil((bx + (y - by) * slopeA) * half + centre));
      if (slopeB === slopeB) start = Math.max(start, Math.ceil((cx + (y - cy) * slopeB) * half + centre));
      if (slopeC === slopeC) start = Math.max(start, Math.ceil((ax + (y - ay) * slopeC) * half + centre));
      for (let j = start; j < width && columns[j] < right; j++) {
        const x = columns[j], xA = ax - x, xB = bx - x, xC = cx - x;
        let wA = xB * yC - yB * xC, wB = xC * yA - yC * xA, wC = xA * yB - yA * xB;
        let sum = wA + wB + wC;
        if (!(sum < 0 ? wA <= 0 && wB <= 0 && wC <= 0 : wA >= 0 && wB >= 0 && wC >= 0)) {
          if (entered) break; // a row meets a face once
          continue;
        }
        entered = true;
        sum += sum < 0 ? -AREA_EPSILON : AREA_EPSILON;
        let z = 0;
        const o = i * width + j;
        if (perspective) {
          wA *= za, wB *= zb, wC *= zc;
          const total = wA + wB + wC;
          z = total / sum, sum = total === 0 ? 1 : total;
          if (!((single ? Math.fround(z) : z) > depth[o])) continue;
          const inverse = 1 / sum;
          wA *= inverse, wB *= inverse, wC *= inverse;
        } else {
          wA /= sum, wB /= sum, wC /= sum;
          z = wA * za + wB * zb + wC * zc;
        }
        if (!((single ? Math.fround(z) : z) > depth[o])) continue;
        depth[o] = z;
        faceIndex[o] = f;
        barycentric[3 * o] = wA, barycentric[3 * o + 1] = wB, barycentric[3 * o + 2] = wC;
      }
    }
  }
}
