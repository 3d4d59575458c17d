/**
 * The hard rasteriser: which face is seen at each pixel, and where on it.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { checkFaces } from "./check_faces.ts";
import { pixelCentres, rasterizeForward } from "./_rasterize_kernel.ts";

/** What is seen in one view, row 0 at the top. */
export interface Fragments {
  /** Rows, H. */
  readonly height: number;
  /** Columns, W. */
  readonly width: number;
  /** Index of the visible face, −1 where there is none, `[H, W]`. */
  readonly faceIndex: Int32Array;
  /** Weights of the face's corners, by which their values are interpolated, 0 where there is none, `[H, W, 3]`. */
  readonly barycentric: FloatArray;
  /** Depth (larger is nearer), −Infinity where there is none, `[H, W]`. */
  readonly depth: FloatArray;
  /** From the first row that may show a face to behind the last one. */
  readonly rows: { first: number; end: number };
}

/**
 * Finds the nearest face at each pixel centre. A face covers the pixels in its box (left and lower side included) where no
 * barycentric weight is negative; back-facing faces are left out; of equally near faces the first one stays.
 *
 * Not differentiable: gradients run through `interpolateAttributesBackward`.
 *
 * @param vertices Screen positions (x right, y up, larger z nearer), `[V, 3]`
 * @param faces Vertex indices, counter-clockwise in front, `[F, 3]`
 * @param height Rows, H
 * @param width Columns, W
 * @param reuse Fragments of an earlier call with the same sizes, to be overwritten
 * @param options `drawnFaces`: 1 where a face takes part, `[F]`; by default those that are not back-facing (n_z ≥
 *   0); `clearWeights`: whether weights are set to 0 where there is no face; otherwise they may be of any value
 *   there, true by default; `perspective`: whether z is 1 / w of a pinhole; the weights are then correct in
 *   perspective, false by default
 * @returns Fragments of the kind (float32 or float64) of `vertices`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If the size or a face is out of range
 */
export function rasterize(
  vertices: FloatArray,
  faces: Int32Array,
  height: number,
  width: number,
  reuse?: Fragments,
  { drawnFaces = null, clearWeights = true, perspective = false }: {
    readonly drawnFaces?: Uint8Array | null;
    readonly clearWeights?: boolean;
    readonly perspective?: boolean;
  } = {},
): Fragments {
  const action = "rasterise a mesh";
  const { V } = checkShapes(action, { vertices: [vertices, ["V", 3]] });
  const F = checkFaces(action, faces, V);
  if (drawnFaces) checkShapes(action, { drawnFaces: [drawnFaces, [F]] });
  const fragments = reuse ?? createFragments(height, width, vertices);
  checkShapes(action, {
    faceIndex: [fragments.faceIndex, [height, width]],
    barycentric: [fragments.barycentric, [height, width, 3]],
    depth: [fragments.depth, [height, width]],
  });
  const { faceIndex, barycentric, depth } = fragments;
  faceIndex.fill(-1);
  if (clearWeights) barycentric.fill(0);
  depth.fill(-Infinity);
  Object.assign(fragments.rows, rowsOf(vertices, height));
  const columns = pixelCentres(width, false), rows = pixelCentres(height, true);
  rasterizeForward(vertices, faces, drawnFaces, columns, rows, faceIndex, barycentric, depth, perspective);
  return fragments;
}

/** Rows between the highest and the lowest vertex, and one more on either side against rounding. */
function rowsOf(vertices: FloatArray, height: number): { first: number; end: number } {
  let low = Infinity, high = -Infinity;
  for (let i = 1; i < vertices.length; i += 3) {
    if (vertices[i] < low) low = vertices[i];
    if (vertices[i] > high) high = vertices[i];
  }
  const row = (y: number) => (height - 1 - y * height) / 2;
  return {
    first: Math.min(height, Math.max(0, Math.floor(row(high)) - 1)),
    end: Math.min(height, Math.max(0, Math.ceil(row(low)) + 2)),
  };
}

/**
 * Memory for the fragments of one view.
 *
 * @param height Rows, H
 * @param width Columns, W
 * @param like Array whose kind (float32 or float64) the fragments take
 * @returns Fragments without a face
 * @throws {RangeError} If a side is not an integer from 1 to 16384
 */
export function createFragments(height: number, width: number, like: FloatArray): Fragments {
  for (const side of [height, width]) {
    if (!(Number.isInteger(side) && side >= 1 && side <= 1 << 14)) {
      throw new RangeError(
        `Cannot rasterise into an image without sides from 1 to 16384: current value is ${height} × ${width}`,
      );
    }
  }
  const pixels = height * width;
  return {
    height,
    width,
    faceIndex: new Int32Array(pixels).fill(-1), // [H, W]
    barycentric: zerosLike(like, 3 * pixels), // [H, W, 3]
    depth: zerosLike(like, pixels).fill(-Infinity), // [H, W]
    rows: { first: 0, end: 0 },
  };
}
