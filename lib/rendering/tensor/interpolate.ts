/**
 * Interpolation of a mesh's values for tensors.
 *
 * @module
 */
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor2D, Tensor3D, Tensor4D } from "../../core/tensor.ts";
import { interpolateMesh, interpolateMeshBackward } from "../interpolate_mesh.ts";
import { type BatchFaces, checkBatchFaces, facesOf } from "./_batch_faces.ts";
import { batchEntry, hostGradientOp } from "./_host_gradient_op.ts";
import { fragmentsOf } from "./rasterize.ts";

/**
 * Interpolates values of a mesh over each view, correct in perspective; pixels beside the mesh are 0. Differentiable in the
 * values and in x, y and 1 / w of the screen positions.
 *
 * @param values Values, `[N, D]` for all views or `[B, N, D]`: vertex colours, normals, texture coordinates
 * @param indices Row of the values at each corner of each face (`faces` or `faceUvs`), `[F, 3]`, shared or one for each entry
 * @param fragments Result of `rasterize`, `[B, H, W, 4]`
 * @param screen Screen positions that it was made from, `[B, V, 4]`
 * @param faces Vertex indices, `[F, 3]`, shared or one for each entry
 * @returns Images, `[B, H, W, D]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If an index is out of range
 */
export function interpolate(
  values: Tensor2D | Tensor3D,
  indices: BatchFaces,
  fragments: Tensor4D,
  screen: Tensor3D,
  faces: BatchFaces,
): Tensor4D {
  const { B, H, W, V, N, D } = checkShapes("interpolate meshes", {
    fragments: [fragments, ["B", "H", "W", 4]],
    screen: [screen, ["B", "V", 4]],
    values: values.rank === 2 ? [values, ["N", "D"]] : [values, ["B", "N", "D"]],
  });
  checkBatchFaces("interpolate meshes", "indices", indices, B);
  checkBatchFaces("interpolate meshes", "faces", faces, B);
  const view = (arrays: readonly Float32Array[], b: number) => ({
    attribute: { values: batchEntry(arrays[0], b, N * D), indices: facesOf(indices, b), channels: D },
    mesh: { screen: batchEntry(arrays[1], b, 4 * V), faces: facesOf(faces, b) },
    fragments: fragmentsOf(arrays[2], b, H, W),
  });
  return hostGradientOp({
    name: "interpolate",
    inputs: [values, screen],
    constants: [fragments],
    shape: [B, H, W, D],
    forward(arrays, images) {
      for (let b = 0; b < B; b++) {
        const { attribute, mesh, fragments } = view(arrays, b);
        images.set(interpolateMesh(attribute, mesh, fragments), H * W * D * b);
      }
    },
    backward(arrays, gradient, [ofValues, ofScreen]) {
      for (let b = 0; b < B; b++) {
        const { attribute, mesh, fragments } = view(arrays, b);
        interpolateMeshBackward(attribute, mesh, fragments, batchEntry(gradient, b, H * W * D), {
          values: batchEntry(ofValues, b, N * D),
          screen: batchEntry(ofScreen, b, 4 * V),
        });
      }
    },
  }) as Tensor4D;
}
