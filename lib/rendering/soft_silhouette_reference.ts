/**
 * The soft silhouette in its plain form, pixel by pixel and to the letter of the rule, for any image size and in
 * float32 or float64. `SoftSilhouette` is the fast path and is compared with this one.
 *
 * Given float32 vertices, every intermediate value of the forward pass is rounded to float32, as in the original: with
 * coordinates times 1000 this shows in the fifth digit of sharp silhouettes.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { pixelCentres } from "./_rasterize_kernel.ts";
import { rasterize } from "./rasterize.ts";
import { SILHOUETTE_DEFAULTS, type SilhouetteOptions } from "./soft_silhouette.ts";

/** Factor on coordinates inside the rule; only the small terms that keep denominators from 0 depend on it. */
const MULTIPLIER = 1000;
/** Added to denominators, in multiplied units. */
const EPSILON = 1e-7;

/** A soft silhouette and what its backward pass needs. */
export interface ReferenceSilhouette {
  /** Rows, H. */
  readonly height: number;
  /** Columns, W. */
  readonly width: number;
  /** Places for faces at a pixel, K. */
  readonly maxFaces: number;
  /** Exponent factor of squared distances in NDC. */
  readonly sharpness: number;
  /** Coverage in [0, 1], `[H, W]`. */
  readonly image: FloatArray;
  /** Remembered faces in index order, −1 in unused places, `[H, W, K]`. */
  readonly closeFaceIndex: Int32Array;
  /** exp(−sharpness·d²) of each remembered face, `[H, W, K]`. */
  readonly closeFaceProbability: FloatArray;
  /** What is nearest: 1 to 3 the edge from corner 0, 1, 2 to the next, 4 to 6 a corner, 0 unused, `[H, W, K]`. */
  readonly closeFaceType: Uint8Array;
}

/**
 * Renders the soft silhouette of a mesh.
 *
 * @param vertices Screen positions, `[V, 3]`
 * @param faces Vertex indices, `[F, 3]`
 * @param height Rows, H
 * @param width Columns, W
 * @param options Those of the fast one, where any number of faces may be remembered; `faceIndex`: visible face of
 *   each pixel, −1 = none, `[H, W]`, rasterised if left out
 * @returns Silhouette with the remembered faces, of the kind of `vertices`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If the size or a face is out of range
 */
export function softSilhouetteReference(
  vertices: FloatArray,
  faces: Int32Array,
  height: number,
  width: number,
  options: SilhouetteOptions & { readonly faceIndex?: Int32Array } = {},
): ReferenceSilhouette {
  const {
    sharpness = SILHOUETTE_DEFAULTS.sharpness,
    boxMargin = SILHOUETTE_DEFAULTS.boxMargin,
    maxFaces = SILHOUETTE_DEFAULTS.maxFaces,
    faceIndex = rasterize(vertices, faces, height, width).faceIndex,
  } = options;
  checkShapes("render a reference silhouette", { faceIndex: [faceIndex, [height, width]] });
  const image = zerosLike(vertices, height * width); // [H, W]
  const closeFaceIndex = new Int32Array(height * width * maxFaces).fill(-1); // [H, W, K]
  const closeFaceProbability = zerosLike(vertices, height * width * maxFaces); // [H, W, K]
  const closeFaceType = new Uint8Array(height * width * maxFaces); // [H, W, K]
  const columns = pixelCentres(width, false), rows = pixelCentres(height, true);
  const round = vertices instanceof Float32Array ? Math.fround : keep;
  for (let o = 0; o < image.length; o++) {
    if (faceIndex[o] >= 0) {
      image[o] = 1;
      continue;
    }
    const x = round(MULTIPLIER * round(columns[o % width]));
    const y = round(MULTIPLIER * round(rows[Math.floor(o / width)]));
    let transparency = 1, k = o * maxFaces;
    for (let f = 0; f < faces.length / 3 && k < (o + 1) * maxFaces; f++) {
      const corners = cornersOf(vertices, faces, f, round);
      if (!isInBox(corners, x, y, boxMargin * MULTIPLIER, round)) continue;
      const { squaredDistance, type } = nearestOf(corners, x, y, round);
      const probability = round(Math.exp(-sharpness * squaredDistance / MULTIPLIER ** 2));
      closeFaceIndex[k] = f;
      closeFaceProbability[k] = probability;
      closeFaceType[k++] = type + 1;
      transparency = round(transparency * round(1 - probability));
    }
    image[o] = 1 - transparency;
  }
  return {
    height,
    width,
    maxFaces,
    sharpness,
    image,
    closeFaceIndex,
    closeFaceProbability,
    closeFaceType,
  };
}

/**
 * Gradient of `softSilhouetteReference`: none from covered pixels, none to z; which edge or corner is nearest is held
 * fixed.
 *
 * @param vertices As in the forward pass, `[V, 3]`
 * @param faces As in the forward pass, `[F, 3]`
 * @param silhouette Result of the forward pass
 * @param gradientImage Gradient of the coverage, `[H, W]`
 * @returns Gradient of the vertices' x and y, `[V, 2]`
 * @throws {TypeError} If a shape does not match
 */
export function softSilhouetteReferenceBackward(
  vertices: FloatArray,
  faces: Int32Array,
  silhouette: ReferenceSilhouette,
  gradientImage: FloatArray,
): FloatArray {
  const { height, width, maxFaces, sharpness, image } = silhouette;
  const { V } = checkShapes("propagate gradients of a reference silhouette", {
    vertices: [vertices, ["V", 3]],
    gradientImage: [gradientImage, [height, width]],
  });
  const gradient = zerosLike(vertices, 2 * V); // [V, 2]
  const columns = pixelCentres(width, false), rows = pixelCentres(height, true);
  for (let o = 0; o < image.length; o++) {
    const x = columns[o % width], y = rows[Math.floor(o / width)];
    for (let k = o * maxFaces; k < (o + 1) * maxFaces && silhouette.closeFaceIndex[k] >= 0; k++) {
      const p = silhouette.closeFaceProbability[k], face = 3 * silhouette.closeFaceIndex[k];
      const g = -sharpness * gradientImage[o] * (1 - image[o]) * p / (1 - p + EPSILON); // dL/d(d²)
      const type = silhouette.closeFaceType[k] - 1;
      const a = faces[face + type % 3], b = faces[face + (type + 1) % 3];
      const ax = vertices[3 * a], ay = vertices[3 * a + 1];
      if (type >= 3) {
        gradient[2 * a] += g * 2 * (ax - x);
        gradient[2 * a + 1] += g * 2 * (ay - y);
        continue;
      }
      const ex = vertices[3 * b] - ax, ey = vertices[3 * b + 1] - ay;
      const t = ((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey + EPSILON / MULTIPLIER ** 2);
      const rx = x - (ax + t * ex), ry = y - (ay + t * ey);
      gradient[2 * a] -= 2 * g * (1 - t) * rx;
      gradient[2 * a + 1] -= 2 * g * (1 - t) * ry;
      gradient[2 * b] -= 2 * g * t * rx;
      gradient[2 * b + 1] -= 2 * g * t * ry;
    }
  }
  return gradient;
}

/** Rounding of every intermediate value: to float32, or none. */
type Rounding = (value: number) => number;

const keep: Rounding = (value) => value;

/** Screen x and y of a face's corners in multiplied units, `[3, 2]`. */
function cornersOf(vertices: FloatArray, faces: Int32Array, face: number, round: Rounding): number[] {
  const corners: number[] = [];
  for (let i = 3 * face; i < 3 * face + 3; i++) {
    corners.push(round(MULTIPLIER * vertices[3 * faces[i]]), round(MULTIPLIER * vertices[3 * faces[i] + 1]));
  }
  return corners;
}

/** Whether a point is in the corners' box grown by `margin`, left and lower side included; never beside infinity. */
function isInBox(corners: number[], x: number, y: number, margin: number, round: Rounding): boolean {
  const [ax, ay, bx, by, cx, cy] = corners;
  return corners.every(Number.isFinite) &&
    x >= round(Math.min(ax, bx, cx) - margin) && x < round(Math.max(ax, bx, cx) + margin) &&
    y >= round(Math.min(ay, by, cy) - margin) && y < round(Math.max(ay, by, cy) + margin);
}

/** Squared distance to the nearest of edges 0 to 2 and corners 3 to 5, the first one of equals; multiplied units. */
function nearestOf(corners: number[], x: number, y: number, round: Rounding) {
  let squaredDistance = Infinity, type = 0;
  for (let e = 0; e < 6; e++) {
    const i = 2 * (e % 3), j = 2 * ((e + 1) % 3);
    const [x1, y1, x2, y2] = [corners[i], corners[i + 1], corners[j], corners[j + 1]];
    const distance = e < 3
      ? squaredToEdge(x1, y1, x2, y2, x, y, round)
      : round(round(round(x - x1) ** 2) + round(round(y - y1) ** 2));
    if (distance < squaredDistance) squaredDistance = distance, type = e;
  }
  return { squaredDistance, type };
}

/** Squared distance to an edge's line, or 4 in NDC² when the foot lies beside the edge; multiplied units. */
function squaredToEdge(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  x: number,
  y: number,
  round: Rounding,
): number {
  const product = (p: number, q: number) => round(p * q);
  const a = round(y2 - y1), b = round(x1 - x2), c = round(product(x2, y1) - product(x1, y2));
  const aa = product(a, a), ab = product(a, b), bb = product(b, b);
  const up = round(round(product(a, x) + product(b, y)) + c), down = round(round(aa + bb) + EPSILON);
  const hx = round(round(round(product(bb, x) - product(ab, y)) - product(a, c)) / down);
  const hy = round(round(round(product(aa, y) - product(ab, x)) - product(b, c)) / down);
  const beside = product(round(hx - x1), round(hx - x2)) + product(round(hy - y1), round(hy - y2)) > 0;
  return beside ? 4 * MULTIPLIER ** 2 : round(product(up, up) / down);
}
