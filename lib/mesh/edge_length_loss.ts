/**
 * Shortness of the vertex grid's edges.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import type { MeshLossOptions } from "./loss_options.ts";
import type { SphereTopology } from "./sphere_topology.ts";

/**
 * Mean absolute coordinate difference between grid neighbours along the rings, plus the same along the columns. The
 * grid's last column repeats the first, so differences along that column count twice; poles take no part.
 *
 * @param vertices Positions, `[V, 3]`
 * @param topology The grid
 * @param options Where to add the gradient
 * @returns The loss of this mesh
 */
export function edgeLengthLoss(
  vertices: FloatArray,
  { gridVertexIndex, segments }: Pick<SphereTopology, "gridVertexIndex" | "segments">,
  { gradient, weight = 1 }: MeshLossOptions = {},
): number {
  checkShapes("compute the edge length loss", { vertices: [vertices, ["V", 3]] });
  const columnCount = segments + 1;
  const rowCount = gridVertexIndex.length / columnCount;
  const alongRing = 1 / (rowCount * segments * 3);
  const alongColumn = 1 / ((rowCount - 1) * columnCount * 3);
  let loss = 0;
  const addPair = (a: number, b: number, share: number) => {
    for (let axis = 0; axis < 3; axis++) {
      const difference = vertices[3 * b + axis] - vertices[3 * a + axis];
      loss += share * Math.abs(difference);
      if (!gradient) continue;
      const slope = weight * share * Math.sign(difference);
      gradient[3 * b + axis] += slope;
      gradient[3 * a + axis] -= slope;
    }
  };
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < columnCount; column++) {
      const here = row * columnCount + column;
      if (column < segments) addPair(gridVertexIndex[here], gridVertexIndex[here + 1], alongRing);
      if (row < rowCount - 1) {
        addPair(gridVertexIndex[here], gridVertexIndex[here + columnCount], alongColumn);
      }
    }
  }
  return loss;
}
