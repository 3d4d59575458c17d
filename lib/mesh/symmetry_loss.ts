/**
 * Symmetry loss: a penalty for crossing the mirror plane.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import type { MeshLossOptions } from "./loss_options.ts";
import type { SphereTopology } from "./sphere_topology.ts";

/**
 * Mean over the vertices of the positive side of max(0, −x).
 *
 * @param vertices Positions, `[V, 3]`
 * @param topology The positive side
 * @param options Where to add the gradient
 * @returns The loss of this mesh
 */
export function symmetryLoss(
  vertices: FloatArray,
  { positiveIndices }: Pick<SphereTopology, "positiveIndices">,
  { gradient, weight = 1 }: MeshLossOptions = {},
): number {
  checkShapes("compute the symmetry loss", { vertices: [vertices, ["V", 3]] });
  let loss = 0;
  for (const vertex of positiveIndices) {
    const x = vertices[3 * vertex];
    if (x >= 0) continue;
    loss -= x / positiveIndices.length;
    if (gradient) gradient[3 * vertex] -= weight / positiveIndices.length;
  }
  return loss;
}
