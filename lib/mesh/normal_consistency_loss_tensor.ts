/**
 * Normal consistency of a batch of surfaces, on tensors.
 *
 * @module
 */
import { checkShapes } from "../core/shapes.ts";
import { type Scalar, type Tensor3D, tf } from "../core/tensor.ts";
import { gatherPoints } from "./gather_points.ts";
import type { SphereTopology } from "./sphere_topology.ts";

/**
 * Mean over the batch of the sum over edges of (1 − cos θ)²: `normalConsistencyLoss` for tensors.
 *
 * @param vertices Positions, `[B, V, 3]`
 * @param topology Faces and edges
 * @returns The loss
 */
export function normalConsistencyLossTensor(
  vertices: Tensor3D,
  { faces, edgeFaces }: Pick<SphereTopology, "faces" | "edgeFaces">,
): Scalar {
  checkShapes("compute the normal consistency loss", { vertices: [vertices, ["B", "V", 3]] });
  return tf.tidy(() => {
    const [a, b, c] = [0, 1, 2].map((corner) => gatherPoints(vertices, everyNth(faces, 3, corner))); // [B, F, 3]
    const normals = unit(cross(b.sub(a), c.sub(a))); // [B, F, 3]
    const cosines = gatherPoints(normals, everyNth(edgeFaces, 2, 0))
      .mul(gatherPoints(normals, everyNth(edgeFaces, 2, 1))).sum(2); // [B, E]
    return tf.sub(1, cosines).square().sum<Scalar>().div(vertices.shape[0]);
  });
}

/** Every `step`-th index, from `first`. */
function everyNth(indices: Int32Array, step: number, first: number): Int32Array {
  return indices.filter((_, i) => i % step === first);
}

/** Cross products of vectors in the last axis. */
function cross(p: Tensor3D, q: Tensor3D): Tensor3D {
  const [px, py, pz] = tf.split(p, 3, 2);
  const [qx, qy, qz] = tf.split(q, 3, 2);
  return tf.concat([
    py.mul(qz).sub(pz.mul(qy)),
    pz.mul(qx).sub(px.mul(qz)),
    px.mul(qy).sub(py.mul(qx)),
  ], 2);
}

/** Vectors divided by their length; the least length keeps values and gradients of faces without area finite. */
function unit(vectors: Tensor3D): Tensor3D {
  return vectors.div(vectors.square().sum(2, true).maximum(1e-24).sqrt());
}
