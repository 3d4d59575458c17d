/**
 * Loops of the fast soft silhouette: one pass over the faces, in index order.
 *
 * Covered pixels are found from the edges that bound the front faces. Boxes without an open (uncovered) pixel are dropped
 * by a summed-area table; the closest point of a face is one clamped parameter on an edge that faces the pixel, so that a
 * pair needs no more than its pixel, edge and weight; the pairs of a face lie together, so that the backward pass keeps the
 * face's six sums in local variables.
 *
 * All positions here are in pixels, y down: column j and row i have their centre at (j, i).
 *
 * @module
 */
import type { PixelBox, SilhouetteShape } from "./_silhouette_kernel.ts";

/** Mark of a covered pixel in `counts`; other values are the number of faces that the pixel remembers. */
export const COVERED = 255;

/** Steps of the exponential's table per unit of the exponent, and its length: exp(-32) and less count as 0. */
const TABLE_STEPS = 128;
const TABLE_LENGTH = 32 * TABLE_STEPS;
const TABLE = Float64Array.from({ length: TABLE_LENGTH + 1 }, (_, i) => Math.exp(-i / TABLE_STEPS));

/** Added to 1 - p where the backward pass divides by it. */
const EPSILON = 1e-7;
/** Added to squared edge lengths, in square pixels. */
const EDGE_EPSILON = 1e-9;
/** Added on both sides of a covered span, in pixels, so that centres on a side are covered. */
const SPAN_EPSILON = 1e-9;

/** What one silhouette of S × S pixels with F faces and V vertices keeps from call to call. */
export interface SilhouetteBuffers extends SilhouetteShape {
  /** Row length of the pixel arrays: S rounded up to a multiple of 4. */
  readonly stride: number;
  /** Columns and rows of the vertices, pixels, `[V, 2]`. */
  readonly positions: Float64Array;
  /** Box of the object. */
  readonly box: PixelBox;
  /** 1 for front faces, 0 for the others and for face F, `[F + 1]`. */
  readonly fronts: Uint8Array;
  /** Changes of the number of front faces along each row, all 0 between calls, `[S, stride]`. */
  readonly crossings: Int32Array;
  /** Faces that a pixel remembers, or `COVERED`, `[S, stride]`. */
  readonly counts: Uint8Array;
  /** The same memory, four pixels at a time, `[S, stride / 4]`. */
  readonly words: Int32Array;
  /** Sums of words with an open pixel, `[S + 1, stride / 4 + 1]`, valid inside the object's box. */
  readonly openSums: Int32Array;
  /** Product of 1 - p over the remembered faces, `[S, stride]`. */
  readonly transparency: Float32Array;
  /** Gradient weight of a pixel, set before the backward pass, `[S, stride]`. */
  readonly weights: Float32Array;
  /** Pixels with at least one remembered face, the first `touchedCount` of `[S * stride]`. */
  readonly touched: Int32Array;
  /** How many pixels remember a face. */
  touchedCount: number;
  /** First pair of each face, `[F + 1]`. */
  readonly faceStarts: Int32Array;
  /** Of each pair of a pixel and a face: 4 × pixel + nearest edge. */
  pairPixels: Int32Array;
  /** Of each pair: p / (1 - p). */
  pairRatios: Float32Array;
}

/** Buffers for one silhouette. */
export function createSilhouetteBuffers(shape: SilhouetteShape): SilhouetteBuffers {
  const { size, faces, vertexCount } = shape;
  const stride = (size + 3) & ~3;
  const counts = new Uint8Array(size * stride);
  const pairs = 1 << 14;
  return {
    ...shape,
    stride,
    positions: new Float64Array(2 * vertexCount), // [V, 2]
    box: { columnStart: 0, columnEnd: -1, rowStart: 0, rowEnd: -1 },
    fronts: new Uint8Array(faces.length / 3 + 1), // [F + 1]
    crossings: new Int32Array(size * stride), // [S, stride]
    counts, // [S, stride]
    words: new Int32Array(counts.buffer), // [S, stride / 4]
    openSums: new Int32Array((size + 1) * (stride / 4 + 1)), // [S + 1, stride / 4 + 1]
    transparency: new Float32Array(size * stride), // [S, stride]
    weights: new Float32Array(size * stride), // [S, stride]
    touched: new Int32Array(size * stride), // [S * stride]
    touchedCount: 0,
    faceStarts: new Int32Array(faces.length / 3 + 1), // [F + 1]
    pairPixels: new Int32Array(pairs),
    pairRatios: new Float32Array(pairs),
  };
}

function growPairs(buffers: SilhouetteBuffers, count: number): void {
  let length = buffers.pairPixels.length;
  while (length < count) length *= 2;
  const pixels = new Int32Array(length), ratios = new Float32Array(length);
  pixels.set(buffers.pairPixels);
  ratios.set(buffers.pairRatios);
  buffers.pairPixels = pixels;
  buffers.pairRatios = ratios;
}

/** Finds the front faces: zero area (its pixels have p = 1 anyway) and values that are not finite are not among them. */
export function findFronts({ faces, positions, fronts }: SilhouetteBuffers): void {
  for (let k = 0, f = 0; k < faces.length; k += 3, f++) {
    const a = 2 * faces[k], b = 2 * faces[k + 1], c = 2 * faces[k + 2];
    const ax = positions[a], ay = positions[a + 1];
    const area = (positions[b] - ax) * (positions[c + 1] - ay) -
      (positions[b + 1] - ay) * (positions[c] - ax);
    fronts[f] = area < 0 && area > -Infinity ? 1 : 0; // y is down
  }
}

/** Notes, where an edge that bounds the front faces crosses a row, by how much their number changes there. */
export function markCrossings(
  { edges, fronts, positions, crossings, box, stride, size }: SilhouetteBuffers,
): void {
  const { vertices, faces: sides } = edges, { columnStart } = box, last = size - 1;
  const limit = box.columnEnd | 3; // end of the words that are read
  for (let e = 0; e < sides.length; e += 2) {
    let change = fronts[sides[e]] - fronts[sides[e + 1]];
    if (change === 0) continue;
    let a = 2 * vertices[e], b = 2 * vertices[e + 1];
    if (positions[a + 1] > positions[b + 1]) [a, b, change] = [b, a, -change];
    const ax = positions[a], ay = positions[a + 1], by = positions[b + 1];
    if (!(by > 0 && ay <= last)) continue;
    const rowStart = ay <= 0 ? 0 : Math.ceil(ay), rowEnd = by > last ? last : Math.ceil(by) - 1;
    const slope = (positions[b] - ax) / (by - ay);
    for (let y = rowStart; y <= rowEnd; y++) {
      const x = ax + (y - ay) * slope;
      const column = change > 0 ? Math.ceil(x - SPAN_EPSILON) : Math.floor(x + SPAN_EPSILON) + 1;
      if (column > limit) continue;
      crossings[y * stride + (column > columnStart ? column : columnStart)] += change;
    }
  }
}

/**
 * Sums the crossings up along the rows and clears them: marks covered pixels, opens the others, and sums up, over the
 * object's box, the words of four pixels that hold an open one.
 */
export function coverPixels(buffers: SilhouetteBuffers): void {
  const { crossings, counts, words, openSums, transparency, stride, size, box } = buffers;
  const { rowStart, rowEnd } = box;
  const rowWords = stride >> 2, sumStride = rowWords + 1;
  const wordStart = box.columnStart >> 2, wordEnd = box.columnEnd >> 2;
  counts.fill(0);
  for (let w = wordStart; w <= wordEnd + 1; w++) openSums[rowStart * sumStride + w] = 0;
  for (let y = rowStart; y <= rowEnd; y++) {
    let depth = 0, open = 0, s = (y + 1) * sumStride + wordStart;
    openSums[s++] = 0;
    for (let w = y * rowWords + wordStart; w <= y * rowWords + wordEnd; w++, s++) {
      const o = w << 2;
      if (crossings[o] !== 0 || crossings[o + 1] !== 0 || crossings[o + 2] !== 0 || crossings[o + 3] !== 0) {
        for (let i = o; i < o + 4; i++) {
          depth += crossings[i];
          crossings[i] = 0;
          if (depth > 0) counts[i] = COVERED;
        }
      } else if (depth > 0) {
        words[w] = -1;
      }
      if (words[w] !== -1) open++;
      openSums[s] = openSums[s - sumStride] + open;
    }
    for (let o = y * stride + size; o < (y + 1) * stride; o++) counts[o] = 0; // beside the image
  }
  if (rowEnd >= rowStart) transparency.fill(1, rowStart * stride, (rowEnd + 1) * stride);
}

/**
 * Visits the open pixels of each face's grown box and multiplies 1 - p to their transparency.
 *
 * @param sharpness p = exp(-sharpness d²), d in pixels
 */
export function visitFaces(buffers: SilhouetteBuffers, sharpness: number): void {
  const { faces, positions, counts, transparency, openSums, touched, faceStarts, stride, size } = buffers;
  const { margin, maxFaces } = buffers;
  let { pairPixels, pairRatios } = buffers;
  const last = size - 1, sumStride = (stride >> 2) + 1, steps = sharpness * TABLE_STEPS;
  let pairs = 0, touchedCount = 0, f = 0;
  for (let k = 0; k < faces.length; k += 3, f++) {
    faceStarts[f] = pairs;
    const a = 2 * faces[k], b = 2 * faces[k + 1], c = 2 * faces[k + 2];
    const ax = positions[a], ay = positions[a + 1], bx = positions[b], by = positions[b + 1];
    const cx = positions[c], cy = positions[c + 1];
    let left = ax < bx ? ax : bx,
      right = ax > bx ? ax : bx,
      top = ay < by ? ay : by,
      bottom = ay > by ? ay : by;
    if (cx < left) left = cx;
    if (cx > right) right = cx;
    if (cy < top) top = cy;
    if (cy > bottom) bottom = cy;
    left -= margin, right += margin, top -= margin, bottom += margin;
    // A pixel is in the box if left <= x < right and, y being turned, top < y <= bottom.
    if (!(right > 0 && left <= last && bottom >= 0 && top < last)) continue;
    const columnStart = left <= 0 ? 0 : Math.ceil(left) | 0;
    const columnEnd = right > last ? last : (Math.ceil(right) | 0) - 1;
    const rowStart = top < 0 ? 0 : (Math.floor(top) | 0) + 1;
    const rowEnd = bottom >= last ? last : Math.floor(bottom) | 0;
    if (columnStart > columnEnd || rowStart > rowEnd) continue;
    const wordStart = columnStart >> 2, wordEnd = (columnEnd >> 2) + 1;
    let upper = rowStart * sumStride, lower = (rowEnd + 1) * sumStride;
    if (
      openSums[lower + wordEnd] - openSums[upper + wordEnd] - openSums[lower + wordStart] +
          openSums[upper + wordStart] === 0
    ) continue;
    const ux = bx - ax, uy = by - ay, vx = cx - bx, vy = cy - by, wx = ax - cx, wy = ay - cy;
    const area = ux * vy - uy * vx;
    if (!(area - area === 0)) continue; // not finite
    const sign = area > 0 ? -1 : 1;
    const room = pairs + (columnEnd - columnStart + 1) * (rowEnd - rowStart + 1);
    if (room > pairPixels.length) {
      growPairs(buffers, room);
      ({ pairPixels, pairRatios } = buffers);
    }
    const iu = 1 / (ux * ux + uy * uy + EDGE_EPSILON);
    const iv = 1 / (vx * vx + vy * vy + EDGE_EPSILON);
    const iw = 1 / (wx * wx + wy * wy + EDGE_EPSILON);
    const su = sign * uy, sv = sign * vy, sw = sign * wy, du = ux * iu, dv = vx * iv, dw = wx * iw;
    for (let y = rowStart; y <= rowEnd; y++) {
      upper = y * sumStride;
      lower = upper + sumStride;
      if (
        openSums[lower + wordEnd] - openSums[upper + wordEnd] - openSums[lower + wordStart] +
            openSums[upper + wordStart] === 0
      ) continue;
      // Along the row everything is linear in x: the edge functions, and the position of the foot on each edge.
      const ya = y - ay, yb = y - by, yc = y - cy, row = y * stride;
      const eu = sign * (ux * ya + uy * ax), ev = sign * (vx * yb + vy * bx), ew = sign * (wx * yc + wy * cx);
      const tu = (ya * uy - ax * ux) * iu, tv = (yb * vy - bx * vx) * iv, tw = (yc * wy - cx * wx) * iw;
      for (let x = columnStart; x <= columnEnd; x++) {
        const o = row + x, count = counts[o];
        if (count >= maxFaces) continue;
        // A pixel outside the face is nearest to an edge that faces it.
        let nearest = 1e300, edge = 0;
        if (eu >= su * x) {
          let t = tu + du * x;
          t = t < 0 ? 0 : t > 1 ? 1 : t;
          const rx = x - ax - t * ux, ry = ya - t * uy;
          nearest = rx * rx + ry * ry;
        }
        if (ev >= sv * x) {
          let t = tv + dv * x;
          t = t < 0 ? 0 : t > 1 ? 1 : t;
          const rx = x - bx - t * vx, ry = yb - t * vy, distance = rx * rx + ry * ry;
          if (distance < nearest) nearest = distance, edge = 1;
        }
        if (ew >= sw * x) {
          let t = tw + dw * x;
          t = t < 0 ? 0 : t > 1 ? 1 : t;
          const rx = x - cx - t * wx, ry = yc - t * wy, distance = rx * rx + ry * ry;
          if (distance < nearest) nearest = distance, edge = 2;
        }
        if (nearest === 1e300) { // inside a back-facing face: the nearest line is the nearest edge
          const toU = (eu - su * x) ** 2 * iu, toV = (ev - sv * x) ** 2 * iv, toW = (ew - sw * x) ** 2 * iw;
          nearest = toU <= toV ? (toU <= toW ? toU : toW) : toV <= toW ? toV : toW;
          edge = nearest === toU ? 0 : nearest === toV ? 1 : 2;
        }
        if (count === 0) touched[touchedCount++] = o;
        counts[o] = count + 1;
        const z = nearest * steps;
        if (z >= TABLE_LENGTH) continue; // p = 0: the face takes a place, no more
        const j = z | 0, r = (z - j) * (1 / TABLE_STEPS);
        const p = TABLE[j] * (1 - r * (1 - r * (0.5 - r * 0.16666666666666666)));
        transparency[o] *= 1 - p;
        pairPixels[pairs] = o << 2 | edge;
        pairRatios[pairs++] = p / (1 - p + EPSILON);
      }
    }
  }
  faceStarts[f] = pairs;
  buffers.touchedCount = touchedCount;
}

/**
 * Adds up the gradient of the vertices from `weights` (gradient of the transparency's exponent, per pixel).
 *
 * @param gradient Overwritten with dL/dx and dL/dy (y up), `[V, 2]`
 */
export function scatterGradient(buffers: SilhouetteBuffers, gradient: Float32Array): void {
  const { faces, positions, weights, pairPixels, pairRatios, faceStarts, stride } = buffers;
  gradient.fill(0);
  for (let k = 0, f = 0; k < faces.length; k += 3, f++) {
    const start = faceStarts[f], end = faceStarts[f + 1];
    if (start === end) continue;
    const a = faces[k], b = faces[k + 1], c = faces[k + 2];
    const ax = positions[2 * a], ay = positions[2 * a + 1], bx = positions[2 * b], by = positions[2 * b + 1];
    const cx = positions[2 * c], cy = positions[2 * c + 1];
    const ux = bx - ax, uy = by - ay, vx = cx - bx, vy = cy - by, wx = ax - cx, wy = ay - cy;
    const iu = 1 / (ux * ux + uy * uy + EDGE_EPSILON);
    const iv = 1 / (vx * vx + vy * vy + EDGE_EPSILON);
    const iw = 1 / (wx * wx + wy * wy + EDGE_EPSILON);
    let gax = 0, gay = 0, gbx = 0, gby = 0, gcx = 0, gcy = 0;
    for (let i = start; i < end; i++) {
      const pixel = pairPixels[i], edge = pixel & 3, o = pixel >> 2;
      const y = (o / stride) | 0, x = o - y * stride, weight = weights[o] * pairRatios[i];
      if (edge === 0) {
        const px = x - ax, py = y - ay;
        let t = (px * ux + py * uy) * iu;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        const rx = (px - t * ux) * weight, ry = (py - t * uy) * weight, hx = t * rx, hy = t * ry;
        gbx += hx, gby += hy, gax += rx - hx, gay += ry - hy;
      } else if (edge === 1) {
        const px = x - bx, py = y - by;
        let t = (px * vx + py * vy) * iv;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        const rx = (px - t * vx) * weight, ry = (py - t * vy) * weight, hx = t * rx, hy = t * ry;
        gcx += hx, gcy += hy, gbx += rx - hx, gby += ry - hy;
      } else {
        const px = x - cx, py = y - cy;
        let t = (px * wx + py * wy) * iw;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        const rx = (px - t * wx) * weight, ry = (py - t * wy) * weight, hx = t * rx, hy = t * ry;
        gax += hx, gay += hy, gcx += rx - hx, gcy += ry - hy;
      }
    }
    gradient[2 * a] += gax, gradient[2 * a + 1] -= gay;
    gradient[2 * b] += gbx, gradient[2 * b + 1] -= gby;
    gradient[2 * c] += gcx, gradient[2 * c + 1] -= gcy;
  }
}
