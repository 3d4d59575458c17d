/**
 * The soft silhouette in its plain form, pixel by pixel and to the letter of the rule, for any picture size and in
 * float32 or float64. `SoftSilhouette` is the fast path and is compared with this one.
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

/** Options of the reference: any number of faces may be remembered. */
export interface ReferenceOptions extends SilhouetteOptions {
  /** Visible face of each pixel, −1 = none, `[H, W]`; rasterised if left out. */
  faceIndex?: Int32Array;
}

/**
 * Renders the soft silhouette of a mesh.
 *
 * @param vertices Screen positions, `[V, 3]`
 * @param faces Vertex indices, `[F, 3]`
 * @param height Rows, H
 * @param width Columns, W
 * @param options Sharpness, margin, number of faces and the hard pass
 * @returns Silhouette with the remembered faces, of the kind of `vertices`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If the size or a face is out of range
 */
export function softSilhouetteReference(
  vertices: FloatArray,
  faces: Int32Array,
  height: number,
  width: number,
  options: ReferenceOptions = {},
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
  for (let o = 0; o < image.length; o++) {
    if (faceIndex[o] >= 0) {
      image[o] = 1;
      continue;
    }
    const x = columns[o % width], y = rows[Math.floor(o / width)];
    let transparency = 1, k = o * maxFaces;
    for (let f = 0; f < faces.length / 3 && k < (o + 1) * maxFaces; f++) {
      const corners = cornersOf(vertices, faces, f);
      if (!isInBox(corners, x, y, boxMargin)) continue;
      const { squaredDistance, type } = nearestOf(corners, x, y);
      const probability = Math.exp(-sharpness * squaredDistance);
      closeFaceIndex[k] = f;
      closeFaceProbability[k] = probability;
      closeFaceType[k++] = type + 1;
      transparency *= 1 - probability;
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

/** Screen x and y of a face's corners, `[3, 2]`. */
function cornersOf(vertices: FloatArray, faces: Int32Array, face: number): number[] {
  const corners: number[] = [];
  for (let i = 3 * face; i < 3 * face + 3; i++) {
    corners.push(vertices[3 * faces[i]], vertices[3 * faces[i] + 1]);
  }
  return corners;
}

/** Whether a point is in the corners' box grown by `margin`, left and lower side included; never beside infinity. */
function isInBox(corners: number[], x: number, y: number, margin: number): boolean {
  const [ax, ay, bx, by, cx, cy] = corners;
  return corners.every(Number.isFinite) &&
    x >= Math.min(ax, bx, cx) - margin && x < Math.max(ax, bx, cx) + margin &&
    y >= Math.min(ay, by, cy) - margin && y < Math.max(ay, by, cy) + margin;
}

/** Squared distance (NDC²) to the nearest of edges 0 to 2 and corners 3 to 5; the first one of equals. */
function nearestOf(corners: number[], x: number, y: number): { squaredDistance: number; type: number } {
  const scaled = corners.map((value) => value * MULTIPLIER);
  const px = x * MULTIPLIER, py = y * MULTIPLIER;
  let squaredDistance = Infinity, type = 0;
  for (let e = 0; e < 6; e++) {
    const i = 2 * (e % 3), j = 2 * ((e + 1) % 3);
    const [x1, y1, x2, y2] = [scaled[i], scaled[i + 1], scaled[j], scaled[j + 1]];
    const distance = e < 3 ? squaredToEdge(x1, y1, x2, y2, px, py) : (px - x1) ** 2 + (py - y1) ** 2;
    if (distance < squaredDistance) squaredDistance = distance, type = e;
  }
  return { squaredDistance: squaredDistance / MULTIPLIER ** 2, type };
}

/** Squared distance to an edge's line, or 4 in NDC² when the foot lies beside the edge; multiplied units. */
function squaredToEdge(x1: number, y1: number, x2: number, y2: number, px: number, py: number): number {
  const a = y2 - y1, b = x1 - x2, c = x2 * y1 - x1 * y2;
  const up = a * px + b * py + c, down = a * a + b * b;
  const hx = (b * b * px - a * b * py - a * c) / (down + EPSILON);
  const hy = (a * a * py - a * b * px - b * c) / (down + EPSILON);
  const beside = (hx - x1) * (hx - x2) + (hy - y1) * (hy - y2) > 0;
  return beside ? 4 * MULTIPLIER ** 2 : up * up / (down + EPSILON);
}
