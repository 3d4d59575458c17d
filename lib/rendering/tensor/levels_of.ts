/**
 * Texture levels for tensors.
 *
 * @module
 */
import { hostOpInPlace } from "../../backend/host_op.ts";
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor2D, Tensor3D, Tensor4D } from "../../core/tensor.ts";
import { mipLevels } from "../mip_levels.ts";
import { type BatchFaces, checkBatchFaces, facesOf } from "./_batch_faces.ts";
import { batchEntry } from "./_host_gradient_op.ts";
import { fragmentsOf } from "./rasterize.ts";

/**
 * Level of the texture pyramid at each pixel, for `texture` with the filter `mip`. Not differentiable.
 *
 * @param uvs Texture coordinates of the mesh and their rows at each corner: `[N, 2]` or `[B, N, 2]`, and `[F, 3]`, shared or one for
 * each entry
 * @param fragments Result of `rasterize`, `[B, H, W, 4]`
 * @param screen Screen positions that it was made from, `[B, V, 4]`
 * @param faces Vertex indices, `[F, 3]`, shared or one for each entry
 * @param size Rows and columns of the texture
 * @returns Levels, `[B, H, W]`
 * @throws {TypeError} If a shape does not match
 */
export function levelsOf(
  uvs: { readonly values: Tensor2D | Tensor3D; readonly indices: BatchFaces },
  fragments: Tensor4D,
  screen: Tensor3D,
  faces: BatchFaces,
  size: { readonly height: number; readonly width: number },
): Tensor3D {
  const { B, H, W, V, N } = checkShapes("find texture levels", {
    fragments: [fragments, ["B", "H", "W", 4]],
    screen: [screen, ["B", "V", 4]],
    uvs: uvs.values.rank === 2 ? [uvs.values, ["N", 2]] : [uvs.values, ["B", "N", 2]],
  });
  checkBatchFaces("find texture levels", "indices", uvs.indices, B);
  checkBatchFaces("find texture levels", "faces", faces, B);
  const inputs = [uvs.values, fragments, screen];
  const [levels] = hostOpInPlace("levelsOf", inputs, [[B, H, W]], ([values, views, positions, result]) => {
    for (let b = 0; b < B; b++) {
      const mesh = { screen: positions.subarray(4 * V * b, 4 * V * (b + 1)), faces: facesOf(faces, b) };
      const attribute = {
        values: batchEntry(values, b, 2 * N),
        indices: facesOf(uvs.indices, b),
        channels: 2,
      };
      result.set(mipLevels(attribute, mesh, fragmentsOf(views, b, H, W), size), H * W * b);
    }
  });
  return levels as Tensor3D;
}
