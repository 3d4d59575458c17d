/**
 * Evenness of the vertex grid: how far vertices are from the mean of their grid neighbours.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import type { MeshLossOptions } from "./loss_options.ts";
import type { SphereTopology } from "./sphere_topology.ts";

/**
 * Sum over vertices and coordinates of (L X)², L the grid Laplacian. The unit sphere has 0.0766.
 *
 * @param vertices Positions X, `[V, 3]`
 * @param topology The Laplacian
 * @param options Where to add the gradient
 * @returns The loss of this mesh
 */
export function laplacianLoss(
  vertices: FloatArray,
  { laplacian: { rows, columns, values } }: Pick<SphereTopology, "laplacian">,
  { gradient, weight = 1 }: MeshLossOptions = {},
): number {
  checkShapes("compute the Laplacian loss", { vertices: [vertices, ["V", 3]] });
  const products = new Float64Array(vertices.length); // L X, [V, 3]
  for (let entry = 0; entry < values.length; entry++) {
    for (let axis = 0; axis < 3; axis++) {
      products[3 * rows[entry] + axis] += values[entry] * vertices[3 * columns[entry] + axis];
    }
  }
  if (gradient) {
    for (let entry = 0; entry < values.length; entry++) {
      const factor = 2 * weight * values[entry];
      for (let axis = 0; axis < 3; axis++) {
        gradient[3 * columns[entry] + axis] += factor * products[3 * rows[entry] + axis];
      }
    }
  }
  return products.reduce((sum, product) => sum + product * product, 0);
}
