/**
 * Depth images for tensors.
 *
 * @module
 */
import { type Tensor3D, type Tensor4D, tf } from "../../core/tensor.ts";
import type { BatchFaces } from "./_batch_faces.ts";
import { interpolate } from "./interpolate.ts";

/**
 * Distance of what is seen along the optical axis, 0 beside the mesh. Differentiable in the screen positions, z included.
 *
 * @param fragments Result of `rasterize`, `[B, H, W, 4]`
 * @param screen Screen positions that it was made from, `[B, V, 4]`
 * @param faces Vertex indices, `[F, 3]`, shared or one for each entry
 * @returns Depths in object units, `[B, H, W, 1]`
 * @throws {TypeError} If a shape does not match
 */
export function depth(fragments: Tensor4D, screen: Tensor3D, faces: BatchFaces): Tensor4D {
  return tf.tidy(() => {
    const distance = tf.neg(tf.slice(screen, [0, 0, 2], [-1, -1, 1])) as Tensor3D; // [B, V, 1]
    return interpolate(distance, faces, fragments, screen, faces);
  });
}
