/**
 * Triangle meshes.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** A triangle mesh with texture coordinates; faces are counter-clockwise seen from outside. */
export interface Mesh {
  /** Positions, `[V, 3]`. */
  readonly vertices: FloatArray;
  /** Vertex indices of each face's corners, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Texture coordinates, `[U, 2]`: u to the right, v up, (0, 0) at the lower left of the texture. */
  readonly uvs: FloatArray;
  /** Indices into `uvs` of each face's corners, `[F, 3]`. */
  readonly faceUvs: Int32Array;
}
