/**
 * Soft silhouettes for tensors.
 *
 * @module
 */
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor3D, Tensor4D } from "../../core/tensor.ts";
import { type SoftMask, softMask, type SoftMaskOptions } from "../soft_mask.ts";
import { type BatchFaces, checkBatchFaces, facesOf } from "./_batch_faces.ts";
import { batchEntry, hostGradientOp } from "./_host_gradient_op.ts";

/**
 * Soft silhouettes: 1 where a front face covers a pixel, falling off beside the mesh. Differentiable in x and y.
 *
 * @param screen Screen positions, `[B, V, 4]`
 * @param faces Vertex indices, `[F, 3]`, shared or one for each entry
 * @param options Size and softness
 * @returns Silhouettes, `[B, H, W, 1]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If a size, a face or an option is out of range
 */
export function silhouette(screen: Tensor3D, faces: BatchFaces, options: SoftMaskOptions): Tensor4D {
  const { B, V } = checkShapes("render silhouettes", { screen: [screen, ["B", "V", 4]] });
  const { height, width } = options, pixels = height * width;
  checkBatchFaces("render silhouettes", "faces", faces, B);
  const masks = new Map<Int32Array, SoftMask>();
  const maskOf = (b: number) => {
    const own = facesOf(faces, b), mask = masks.get(own) ?? softMask(own, V, options);
    masks.set(own, mask);
    return mask;
  };
  for (let b = 0; b < B; b++) maskOf(b); // checks the options and the faces
  return hostGradientOp({
    name: "silhouette",
    inputs: [screen],
    shape: [B, height, width, 1],
    forward([values], images) {
      for (let b = 0; b < B; b++) images.set(maskOf(b).forward(batchEntry(values, b, 4 * V)), pixels * b);
    },
    backward([values], gradient, [ofScreen]) {
      for (let b = 0; b < B; b++) {
        const mask = maskOf(b);
        mask.forward(batchEntry(values, b, 4 * V));
        mask.backward(batchEntry(gradient, b, pixels), batchEntry(ofScreen, b, 4 * V));
      }
    },
  }) as Tensor4D;
}
