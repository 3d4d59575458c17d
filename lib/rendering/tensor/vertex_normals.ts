/**
 * Vertex normals for tensors.
 *
 * @module
 */
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor2D, Tensor3D } from "../../core/tensor.ts";
import { computeVertexNormals, computeVertexNormalsBackward } from "../../mesh/vertex_normals.ts";
import { type BatchFaces, checkBatchFaces, facesOf } from "./_batch_faces.ts";
import { batchEntry, hostGradientOp } from "./_host_gradient_op.ts";

/**
 * Unit normals of vertices, weighted by the areas of their faces. `interpolate` makes an image of them.
 *
 * @param vertices Positions, `[V, 3]` or `[B, V, 3]`
 * @param faces Vertex indices, counter-clockwise seen from outside, `[F, 3]`, shared or one for each entry
 * @returns Normals, of the shape of the positions
 * @throws {TypeError} If a shape does not match
 */
export function vertexNormals<T extends Tensor2D | Tensor3D>(vertices: T, faces: BatchFaces): T {
  const action = "compute vertex normals";
  const { V } = checkShapes(action, {
    vertices: vertices.rank === 2 ? [vertices, ["V", 3]] : [vertices, ["B", "V", 3]],
  });
  const B = vertices.rank === 2 ? 1 : vertices.shape[0], length = 3 * V;
  checkBatchFaces(action, "faces", faces, B);
  return hostGradientOp({
    name: "vertexNormals",
    inputs: [vertices],
    shape: vertices.shape,
    forward([values], normals) {
      for (let b = 0; b < B; b++) {
        normals.set(computeVertexNormals(batchEntry(values, b, length), facesOf(faces, b)), length * b);
      }
    },
    backward([values], gradient, [ofVertices]) {
      for (let b = 0; b < B; b++) {
        const [points, weights] = [values, gradient].map((array) => batchEntry(array, b, length));
        computeVertexNormalsBackward(points, facesOf(faces, b), weights, batchEntry(ofVertices, b, length));
      }
    },
  }) as T;
}
