/**
 * The hard pass for tensors.
 *
 * @module
 */
import { hostOpInPlace } from "../../backend/host_op.ts";
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor3D, Tensor4D } from "../../core/tensor.ts";
import { createFragments, type Fragments } from "../rasterize.ts";
import { rasterizeMesh, type RasterizeMeshOptions } from "../rasterize_mesh.ts";

/**
 * Finds the nearest face at each pixel centre of each view. Not differentiable; gradients run through `interpolate`.
 *
 * @param screen Screen positions, `[B, V, 4]`
 * @param faces Vertex indices, counter-clockwise in front, `[F, 3]`, at most 2²⁴ of them
 * @param options Size and culling
 * @returns Fragments: weights of the face's corners on the screen and its index, −1 for none, `[B, H, W, 4]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If the size, a face or an option is out of range
 */
export function rasterize(screen: Tensor3D, faces: Int32Array, options: RasterizeMeshOptions): Tensor4D {
  const { B, V } = checkShapes("rasterise meshes", { screen: [screen, ["B", "V", 4]] });
  const { height, width } = options, pixels = height * width;
  createFragments(height, width, new Float32Array(0)); // checks the size
  const [fragments] = hostOpInPlace("rasterize", [screen], [[B, height, width, 4]], ([values, result]) => {
    for (let b = 0; b < B; b++) {
      const view = rasterizeMesh(values.subarray(4 * V * b, 4 * V * (b + 1)), faces, options);
      for (let o = 0, r = 4 * pixels * b; o < pixels; o++, r += 4) {
        for (let k = 0; k < 3; k++) result[r + k] = view.barycentric[3 * o + k];
        result[r + 3] = view.faceIndex[o];
      }
    }
  });
  return fragments as Tensor4D;
}

/** The fragments of view b in a batch of them, for the array operations. */
export function fragmentsOf(values: Float32Array, b: number, height: number, width: number): Fragments {
  const pixels = height * width;
  const fragments = createFragments(height, width, values);
  for (let o = 0, r = 4 * pixels * b; o < pixels; o++, r += 4) {
    for (let k = 0; k < 3; k++) fragments.barycentric[3 * o + k] = values[r + k];
    fragments.faceIndex[o] = values[r + 3];
  }
  fragments.rows.end = height;
  return fragments;
}
