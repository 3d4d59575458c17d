/**
 * Meshes as files hold them.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** A triangle mesh with texture coordinates, as files hold it. */
export interface MeshArrays {
  /** Positions, `[V, 3]`. */
  readonly vertices: FloatArray;
  /** Vertex of each corner, `[F, 3]`, counter-clockwise seen from outside. */
  readonly faces: Int32Array;
  /** Texture coordinates, `[U, 2]`, v upwards. */
  readonly uvs: FloatArray;
  /** Texture coordinate of each corner, `[F, 3]`. */
  readonly faceUvs: Int32Array;
}
