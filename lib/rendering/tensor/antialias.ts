/**
 * Edge antialiasing for tensors.
 *
 * @module
 */
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor3D, Tensor4D } from "../../core/tensor.ts";
import { antialias as antialiasArray, antialiasBackward } from "../antialias.ts";
import { type BatchFaces, checkBatchFaces, facesOf } from "./_batch_faces.ts";
import { batchEntry, hostGradientOp } from "./_host_gradient_op.ts";
import { fragmentsOf } from "./rasterize.ts";

/**
 * Blends the pixels on the two sides of each contour, so that it has a gradient. Differentiable in the images and in x and y of
 * the screen positions. Of the hard mask (`coverage`) it makes a silhouette that is soft over one pixel.
 *
 * @param images Images of the fragments, `[B, H, W, C]`
 * @param fragments Result of `rasterize`, `[B, H, W, 4]`
 * @param screen Screen positions that it was made from, `[B, V, 4]`
 * @param faces Vertex indices, `[F, 3]`, shared or one for each entry
 * @returns Blended images, `[B, H, W, C]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If a face is out of range
 */
export function antialias(
  images: Tensor4D,
  fragments: Tensor4D,
  screen: Tensor3D,
  faces: BatchFaces,
): Tensor4D {
  const { B, H, W, C, V } = checkShapes("antialias images", {
    images: [images, ["B", "H", "W", "C"]],
    fragments: [fragments, ["B", "H", "W", 4]],
    screen: [screen, ["B", "V", 4]],
  });
  checkBatchFaces("antialias images", "faces", faces, B);
  const view = (arrays: readonly Float32Array[], b: number) => ({
    image: { data: batchEntry(arrays[0], b, H * W * C), height: H, width: W, channels: C },
    mesh: { screen: batchEntry(arrays[1], b, 4 * V), faces: facesOf(faces, b) },
    fragments: fragmentsOf(arrays[2], b, H, W),
  });
  return hostGradientOp({
    name: "antialias",
    inputs: [images, screen],
    constants: [fragments],
    shape: [B, H, W, C],
    forward(arrays, results) {
      for (let b = 0; b < B; b++) {
        const { image, mesh, fragments } = view(arrays, b);
        results.set(antialiasArray(image, mesh, fragments), H * W * C * b);
      }
    },
    backward(arrays, gradient, [ofImages, ofScreen]) {
      for (let b = 0; b < B; b++) {
        const { image, mesh, fragments } = view(arrays, b);
        antialiasBackward(image, mesh, fragments, batchEntry(gradient, b, H * W * C), {
          image: batchEntry(ofImages, b, H * W * C),
          screen: batchEntry(ofScreen, b, 4 * V),
        });
      }
    },
  }) as Tensor4D;
}
