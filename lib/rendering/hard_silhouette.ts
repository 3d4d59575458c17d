/**
 * The hard silhouette: which pixels a mesh covers.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { rasterize } from "./rasterize.ts";

/** Least side of the images in which a mesh is compared with a mask for people. */
export const LEAST_HARD_SIZE = 256;

/**
 * The pixels whose centres a mesh covers, without a soft border.
 *
 * @param screen Screen positions (x right, y up, larger z nearer), `[V, 3]`
 * @param faces Vertex indices, counter-clockwise in front, `[F, 3]`
 * @param size Rows and columns, S
 * @returns 1 where a front-facing face covers the pixel's centre, else 0, `[S, S]`
 * @throws {TypeError} If a shape does not match
 */
export function hardSilhouette(screen: FloatArray, faces: Int32Array, size: number): Float32Array {
  const { faceIndex } = rasterize(screen, faces, size, size, undefined, { clearWeights: false });
  return Float32Array.from(faceIndex, (face) => face >= 0 ? 1 : 0);
}
