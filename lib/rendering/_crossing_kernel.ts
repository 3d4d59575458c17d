/**
 * Loops of the hard rasteriser for faces that reach through the near plane of a pinhole.
 *
 * Nothing is cut: vertices behind the camera have a negative 1 / w, with which the weights of a pixel tell whether the point of
 * the face's plane seen there lies in the face, and how far away it is.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** Added, with its sign, to the doubled area that weights are divided by, as in `_rasterize_kernel.ts`. */
const AREA_EPSILON = 1e-14;

/** What crossing faces are drawn into. */
export interface CrossingImage {
  /** Centres of the columns, rising, `[W]`. */
  readonly columns: Float64Array;
  /** Centres of the rows, falling, `[H]`. */
  readonly rows: Float64Array;
  /** Visible face, `[H, W]`. */
  readonly faceIndex: Int32Array;
  /** Weights, correct in perspective, `[H, W, 3]`. */
  readonly barycentric: FloatArray;
  /** 1 / w, `[H, W]`. */
  readonly depth: FloatArray;
}

/** Box on the screen of what is in front: least and greatest x, least and greatest y. */
function boxInFront(screen: FloatArray, corners: readonly number[], near: number): number[] {
  const box = [Infinity, -Infinity, Infinity, -Infinity];
  const add = (x: number, y: number) => {
    box[0] = Math.min(box[0], x), box[1] = Math.max(box[1], x);
    box[2] = Math.min(box[2], y), box[3] = Math.max(box[3], y);
  };
  corners.forEach((a, k) => {
    const b = corners[(k + 1) % 3], wA = 1 / screen[a + 3], wB = 1 / screen[b + 3];
    if (wA >= near) add(screen[a], screen[a + 1]);
    if (wA >= near === wB >= near) return;
    const t = (wA - near) / (wA - wB);
    const at = (k: number) => ((1 - t) * wA * screen[a + k] + t * wB * screen[b + k]) / near;
    add(at(0), at(1));
  });
  return box;
}

/**
 * Draws one face where it is strictly nearer than what is there, or as near as a face behind it in the list.
 *
 * @param screen Screen positions with 1 / w, `[V, 4]`
 * @param faces Vertex indices, `[F, 3]`
 * @param face The face
 * @param near Distance of the near plane
 * @param both Whether it is drawn from behind, too
 * @param image Added to
 */
export function rasterizeCrossing(
  screen: FloatArray,
  faces: Int32Array,
  face: number,
  near: number,
  both: boolean,
  { columns, rows, faceIndex, barycentric, depth }: CrossingImage,
): void {
  const width = columns.length, height = rows.length, single = depth instanceof Float32Array;
  const a = 4 * faces[3 * face], b = 4 * faces[3 * face + 1], c = 4 * faces[3 * face + 2];
  const ax = screen[a],
    ay = screen[a + 1],
    bx = screen[b],
    by = screen[b + 1],
    cx = screen[c],
    cy = screen[c + 1];
  const qA = screen[a + 3], qB = screen[b + 3], qC = screen[c + 3];
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (area === 0 || !both && area * Math.sign(qA) * Math.sign(qB) * Math.sign(qC) < 0) return;
  const [left, right, low, high] = boxInFront(screen, [a, b, c], near);
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
  const columnStart = clamp(Math.floor((left * width + width - 1) / 2), width);
  const columnEnd = clamp(Math.ceil((right * width + width - 1) / 2) + 1, width);
  const rowStart = clamp(Math.floor((height - 1 - high * height) / 2), height);
  const rowEnd = clamp(Math.ceil((height - 1 - low * height) / 2) + 1, height);
  const divisor = area + (area < 0 ? -AREA_EPSILON : AREA_EPSILON);
  for (let i = rowStart; i < rowEnd; i++) {
    const y = rows[i], yA = ay - y, yB = by - y, yC = cy - y;
    for (let j = columnStart; j < columnEnd; j++) {
      const x = columns[j], xA = ax - x, xB = bx - x, xC = cx - x;
      const kA = (xB * yC - yB * xC) * qA / divisor, kB = (xC * yA - yC * xA) * qB / divisor;
      const kC = (xA * yB - yA * xB) * qC / divisor, inverse = kA + kB + kC;
      if (!(kA >= 0 && kB >= 0 && kC >= 0 && inverse > 0 && inverse * near <= 1)) continue;
      const o = i * width + j, nearness = single ? Math.fround(inverse) : inverse;
      if (!(nearness > depth[o] || nearness === depth[o] && face < faceIndex[o])) continue;
      depth[o] = inverse;
      faceIndex[o] = face;
      barycentric[3 * o] = kA / inverse,
        barycentric[3 * o + 1] = kB / inverse,
        barycentric[3 * o + 2] = kC / inverse;
    }
  }
}
