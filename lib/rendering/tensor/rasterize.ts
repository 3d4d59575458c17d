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
import { type BatchFaces, checkBatchFaces, facesOf } from "./_batch_faces.ts";

/**
 * Finds the nearest face at each pixel centre of each view. Not differentiable; gradients run through `interpolate`.
 *
 * @param screen Screen positions, `[B, V, 4]`
 * @param faces Vertex indices, counter-clockwise in front, `[F, 3]`, at most 2²⁴ of them; shared or one for each entry
 * @param options Size and culling
 * @returns Fragments: weights of the face's corners, correct in perspective, and its index, −1 for none, `[B, H, W, 4]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If the size, a face or an option is out of range
 */
export function rasterize(screen: Tensor3D, faces: BatchFaces, options: RasterizeMeshOptions): Tensor4D {
  const { B, V } = checkShapes("rasterise meshes", { screen: [screen, ["B", "V", 4]] });
  checkBatchFaces("rasterise meshes", "faces", faces, B);
  const { height, width } = options, pixels = height * width;
  createFragments(height, width, new Float32Array(0)); // checks the size
  const [fragments] = hostOpInPlace("rasterize", [screen], [[B, height, width, 4]], ([values, result]) => {
    let view: Fragments | undefined;
    for (let b = 0; b < B; b++) {
      view = rasterizeMesh(values.subarray(4 * V * b, 4 * V * (b + 1)), facesOf(faces, b), options, view);
      packFragments(view, result.subarray(4 * pixels * b, 4 * pixels * (b + 1)));
    }
  });
  return fragments as Tensor4D;
}

/** Writes the fragments of one view into those of a batch, `[H, W, 4]`. */
export function packFragments({ barycentric, faceIndex }: Fragments, out: Float32Array): void {
  for (let o = 0, r = 0; o < faceIndex.length; o++, r += 4) {
    const face = faceIndex[o];
    for (let k = 0; k < 3; k++) out[r + k] = face < 0 ? 0 : barycentric[3 * o + k];
    out[r + 3] = face;
  }
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

/** The visible faces of all views in a batch of fragments, `[B H W]`. */
export function faceIndexOf(values: Float32Array): Int32Array {
  const faceIndex = new Int32Array(values.length / 4); // [B H W]
  for (let o = 0, r = 3; o < faceIndex.length; o++, r += 4) faceIndex[o] = values[r];
  return faceIndex;
}
