/**
 * Normal consistency of a surface: how far neighbouring faces are from lying in one plane.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { computeFaceNormals, computeFaceNormalsBackward } from "./face_normals.ts";
import type { MeshLossOptions } from "./loss_options.ts";
import type { SphereTopology } from "./sphere_topology.ts";

/**
 * Sum over edges of (1 − cos θ)², θ the angle between the two faces' normals. The unit sphere has 0.1630.
 *
 * @param vertices Positions, `[V, 3]`
 * @param topology Faces and edges
 * @param options Where to add the gradient
 * @returns The loss of this mesh
 */
export function normalConsistencyLoss(
  vertices: FloatArray,
  { faces, edgeFaces }: Pick<SphereTopology, "faces" | "edgeFaces">,
  { gradient, weight = 1 }: MeshLossOptions = {},
): number {
  const normals = computeFaceNormals(vertices, faces); // [F, 3]
  const gradientNormals = gradient && zerosLike(vertices, faces.length); // [F, 3]
  let loss = 0;
  for (let edge = 0; edge < edgeFaces.length; edge += 2) {
    const [a, b] = [3 * edgeFaces[edge], 3 * edgeFaces[edge + 1]];
    const cosine = normals[a] * normals[b] + normals[a + 1] * normals[b + 1] +
      normals[a + 2] * normals[b + 2];
    loss += (1 - cosine) ** 2;
    if (!gradientNormals) continue;
    const slope = -2 * weight * (1 - cosine);
    for (let axis = 0; axis < 3; axis++) {
      gradientNormals[a + axis] += slope * normals[b + axis];
      gradientNormals[b + axis] += slope * normals[a + axis];
    }
  }
  if (gradientNormals) computeFaceNormalsBackward(vertices, faces, gradientNormals, gradient);
  return loss;
}
