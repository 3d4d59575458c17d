/**
 * Vertex normals for tensors.
 *
 * @module
 */
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor2D } from "../../core/tensor.ts";
import { computeVertexNormals, computeVertexNormalsBackward } from "../../mesh/vertex_normals.ts";
import { hostGradientOp } from "./_host_gradient_op.ts";

/**
 * Unit normals of vertices, weighted by the areas of their faces. `interpolate` makes a picture of them.
 *
 * @param vertices Positions, `[V, 3]`
 * @param faces Vertex indices, counter-clockwise seen from outside, `[F, 3]`
 * @returns Normals, `[V, 3]`
 * @throws {TypeError} If a shape does not match
 */
export function vertexNormals(vertices: Tensor2D, faces: Int32Array): Tensor2D {
  checkShapes("compute vertex normals", { vertices: [vertices, ["V", 3]] });
  return hostGradientOp({
    name: "vertexNormals",
    inputs: [vertices],
    shape: vertices.shape,
    forward: ([values], normals) => normals.set(computeVertexNormals(values, faces)),
    backward: ([values], gradient, [ofVertices]) =>
      computeVertexNormalsBackward(values, faces, gradient, ofVertices),
  }) as Tensor2D;
}
