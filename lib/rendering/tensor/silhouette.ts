/**
 * Soft silhouettes for tensors.
 *
 * @module
 */
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor3D, Tensor4D } from "../../core/tensor.ts";
import { softMask, type SoftMaskOptions } from "../soft_mask.ts";
import { batchEntry, hostGradientOp } from "./_host_gradient_op.ts";

/**
 * Soft silhouettes: 1 where a front face covers a pixel, falling off beside the mesh. Differentiable in x and y.
 *
 * @param screen Screen positions, `[B, V, 4]`
 * @param faces Vertex indices, `[F, 3]`
 * @param options Size and softness
 * @returns Silhouettes, `[B, H, W, 1]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If a size, a face or an option is out of range
 */
export function silhouette(screen: Tensor3D, faces: Int32Array, options: SoftMaskOptions): Tensor4D {
  const { B, V } = checkShapes("render silhouettes", { screen: [screen, ["B", "V", 4]] });
  const { height, width } = options, pixels = height * width;
  const mask = softMask(faces, V, options);
  return hostGradientOp({
    name: "silhouette",
    inputs: [screen],
    shape: [B, height, width, 1],
    forward([values], images) {
      for (let b = 0; b < B; b++) images.set(mask.forward(batchEntry(values, b, 4 * V)), pixels * b);
    },
    backward([values], gradient, [ofScreen]) {
      for (let b = 0; b < B; b++) {
        mask.forward(batchEntry(values, b, 4 * V));
        mask.backward(batchEntry(gradient, b, pixels), batchEntry(ofScreen, b, 4 * V));
      }
    },
  }) as Tensor4D;
}
