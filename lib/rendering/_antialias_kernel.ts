/**
 * Loops of edge antialiasing.
 *
 * Two neighbouring pixels that show different faces are looked at together. Where a contour of the nearer face passes
 * between their centres, a share t of the way from the centre of the nearer face's pixel, the pixel that the contour cuts
 * gets |t − ½| of the other one's colour. The way there is followed over the sides within the surface, so that faces may be
 * smaller than pixels. Contours steeper than 45° count between pixels of a row, others between pixels of a column.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { NO_SIDE } from "./_adjacent_sides.ts";

/** Most faces that are passed on the way from one pixel to the next. */
const MOST_STEPS = 16;

/** What was drawn, and of what. */
export interface AntialiasScene {
  /** Rows, H. */
  readonly height: number;
  /** Columns, W. */
  readonly width: number;
  /** Channels, C. */
  readonly channels: number;
  /** Screen positions with 1 / w, `[V, 4]`. */
  readonly screen: FloatArray;
  /** Vertex indices, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Sides across the sides, `[F, 3]`. */
  readonly adjacent: Int32Array;
  /** Column of the positions that tells which face is nearer: 1 / w (3) in perspective, else z (2). */
  readonly depth: number;
  /** Visible face, `[H, W]`. */
  readonly faceIndex: Int32Array;
  /** Weights, correct in perspective, `[H, W, 3]`. */
  readonly barycentric: FloatArray;
  /** From the first row that may show a face to behind the last one. */
  readonly rows: { readonly first: number; readonly end: number };
}

/** A contour between two pixels, as `findContour` found it. */
const contour = {
  /** Pixel of the nearer face, the other one, and the one that changes. */
  near: 0,
  far: 0,
  target: 0,
  /** Share of the nearer pixel's colour that is added to the target, and of the other's that is taken; −½ to ½. */
  share: 0,
  /** Vertices of the contour. */
  a: 0,
  b: 0,
  /** Place of the crossing from a to b, and change along the pair with the way across it. */
  place: 0,
  slope: 0,
  /** Changes of the share with the crossing's position along the pair. */
  rate: 0,
};

/** How near the face of a pixel is; larger is nearer. */
function depthAt({ screen, faces, depth, barycentric, faceIndex }: AntialiasScene, o: number): number {
  const k = 3 * faceIndex[o],
    wA = barycentric[3 * o],
    wB = barycentric[3 * o + 1],
    wC = barycentric[3 * o + 2];
  const zA = screen[4 * faces[k] + depth], zB = screen[4 * faces[k + 1] + depth];
  const zC = screen[4 * faces[k + 2] + depth];
  return depth === 3 ? 1 / (wA / zA + wB / zB + wC / zC) : wA * zA + wB * zB + wC * zC;
}

/** Side of the line from a to b on which a vertex lies, also behind the camera. */
function sideOf({ screen }: AntialiasScene, a: number, b: number, c: number): number {
  const area = (screen[4 * b] - screen[4 * a]) * (screen[4 * c + 1] - screen[4 * a + 1]) -
    (screen[4 * b + 1] - screen[4 * a + 1]) * (screen[4 * c] - screen[4 * a]);
  return screen[4 * c + 3] < 0 ? -area : area;
}

/** Corner of a face that one of its sides does not touch. */
function thirdCorner(faces: Int32Array, side: number): number {
  const k = side % 3;
  return faces[side - k + (k + 2) % 3];
}

/** Whether the surface ends, or turns away, at a side. */
function isContour(scene: AntialiasScene, side: number, a: number, b: number): boolean {
  const { faces, adjacent } = scene, across = adjacent[side];
  if (across === NO_SIDE) return true;
  return sideOf(scene, a, b, thirdCorner(faces, side)) * sideOf(scene, a, b, thirdCorner(faces, across)) > 0;
}

/** Whether two faces meet at a side within the surface. */
function isWithin(scene: AntialiasScene, face: number, other: number): boolean {
  const { faces, adjacent } = scene;
  for (let side = 3 * face; side < 3 * face + 3; side++) {
    const across = adjacent[side];
    if (across < 3 * other || across >= 3 * other + 3) continue;
    return !isContour(scene, side, faces[side], faces[side % 3 === 2 ? side - 2 : side + 1]);
  }
  return false;
}

/**
 * Looks for a contour between pixel o and its right neighbour, or the one below.
 *
 * @param down 0 for a pair in a row, 1 for one in a column
 * @returns Whether there is one; `contour` then holds it
 */
function findContour(scene: AntialiasScene, o: number, down: 0 | 1): boolean {
  const { height, width, screen, faces, adjacent, faceIndex } = scene, next = down ? o + width : o + 1;
  if (faceIndex[o] >= 0 && faceIndex[next] >= 0 && isWithin(scene, faceIndex[o], faceIndex[next])) {
    return false;
  }
  let near = o, far = next;
  if (faceIndex[o] < 0 || faceIndex[next] >= 0 && depthAt(scene, next) > depthAt(scene, o)) {
    near = next, far = o;
  }
  const row = Math.floor(near / width), column = near - row * width;
  const x = (2 * column + 1 - width) / width, y = (height - 2 * row - 1) / height;
  // Along the pair (by its axis) and across it; lengths in pixels are those on the screen times half a side.
  const along = down ? 1 : 0, across = 1 - along, from = down ? y : x, level = down ? x : y;
  const alongPixels = (down ? height : width) / 2, acrossPixels = (down ? width : height) / 2;
  const step = (down ? -1 : 1) * (far > near ? 1 : -1) / alongPixels; // to the other centre, on the screen
  let face = faceIndex[near], entry = NO_SIDE, passed = 0; // side by which the face was entered, and the way so far
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    let exit = NO_SIDE;
    for (let side = 3 * face; side < 3 * face + 3; side++) {
      if (side === entry) continue;
      const a = faces[side], b = faces[side % 3 === 2 ? side - 2 : side + 1];
      const lengthAlong = screen[4 * b + along] - screen[4 * a + along];
      const lengthAcross = screen[4 * b + across] - screen[4 * a + across];
      if (lengthAcross === 0) continue;
      const place = (level - screen[4 * a + across]) / lengthAcross;
      const isFrontA = screen[4 * a + 3] > 0, isFrontB = screen[4 * b + 3] > 0;
      // An edge that goes on behind the camera leaves the image in the other direction.
      const isOn = isFrontA
        ? place <= (isFrontB ? 1 : 0) && (!isFrontB || place >= 0)
        : isFrontB && place >= 1;
      if (!isOn) continue;
      const slope = lengthAlong / lengthAcross;
      const way = (screen[4 * a + along] + (level - screen[4 * a + across]) * slope - from) / step;
      if (!(way >= passed && way <= 1)) continue;
      exit = side, passed = way;
      if (!isContour(scene, side, a, b)) break;
      const steepness = Math.abs(lengthAcross * acrossPixels) - Math.abs(lengthAlong * alongPixels);
      if (down ? steepness <= 0 : steepness < 0) return false;
      contour.near = near, contour.far = far, contour.target = way > 0.5 ? far : near;
      contour.share = way - 0.5, contour.rate = 1 / step, contour.place = place, contour.slope = slope;
      contour.a = a, contour.b = b;
      return true;
    }
    if (exit === NO_SIDE) return false;
    entry = adjacent[exit];
    face = (entry - entry % 3) / 3;
  }
  return false;
}

/** Pixels that have a neighbour on the right, or below: rows that may show a face, and columns. */
function pairsOf({ height, width, rows }: AntialiasScene, down: 0 | 1) {
  const first = Math.max(0, rows.first - 1), end = Math.min(height - down, rows.end + 1);
  return { rows: { first, end }, columns: width - 1 + down };
}

/**
 * Blends the pixels along contours.
 *
 * @param image Image, `[H, W, C]`
 * @param smooth Holds the same values and is blended, `[H, W, C]`
 */
export function antialiasForward(scene: AntialiasScene, image: FloatArray, smooth: FloatArray): void {
  const { width, channels: C, faceIndex } = scene;
  for (let down: 0 | 1 = 0;; down = 1) {
    const { rows, columns } = pairsOf(scene, down), next = down ? width : 1;
    for (let i = rows.first; i < rows.end; i++) {
      for (let j = 0, o = i * width; j < columns; j++, o++) {
        if (faceIndex[o] === faceIndex[o + next] || !findContour(scene, o, down)) continue;
        const { near, far, target, share } = contour;
        for (let c = 0; c < C; c++) {
          smooth[target * C + c] += share * (image[near * C + c] - image[far * C + c]);
        }
      }
    }
    if (down) return;
  }
}

/**
 * Adds the gradients of the image and, with visibility held fixed, of the screen positions' x and y.
 *
 * @param gradientSmooth Gradient of the blended image, `[H, W, C]`
 * @param gradientImage Holds the same values and is added to, `[H, W, C]`; null for none
 * @param gradientScreen Added to, `[V, 4]`; null for none
 */
export function antialiasBackward(
  scene: AntialiasScene,
  image: FloatArray,
  gradientSmooth: FloatArray,
  gradientImage: FloatArray | null,
  gradientScreen: FloatArray | null,
): void {
  const { width, channels: C, faceIndex } = scene;
  for (let down: 0 | 1 = 0;; down = 1) {
    const { rows, columns } = pairsOf(scene, down), next = down ? width : 1, across = 1 - down;
    for (let i = rows.first; i < rows.end; i++) {
      for (let j = 0, o = i * width; j < columns; j++, o++) {
        if (faceIndex[o] === faceIndex[o + next] || !findContour(scene, o, down)) continue;
        const { near, far, target, share, a, b, place, slope, rate } = contour;
        let ofShare = 0;
        for (let c = 0; c < C; c++) {
          const gradient = gradientSmooth[target * C + c];
          ofShare += gradient * (image[near * C + c] - image[far * C + c]);
          if (gradientImage === null) continue;
          gradientImage[near * C + c] += share * gradient;
          gradientImage[far * C + c] -= share * gradient;
        }
        if (gradientScreen === null) continue;
        const ofCrossing = ofShare * rate;
        gradientScreen[4 * a + down] += ofCrossing * (1 - place);
        gradientScreen[4 * b + down] += ofCrossing * place;
        gradientScreen[4 * a + across] -= ofCrossing * (1 - place) * slope;
        gradientScreen[4 * b + across] -= ofCrossing * place * slope;
      }
    }
    if (down) return;
  }
}
