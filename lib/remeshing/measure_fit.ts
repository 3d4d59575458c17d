/**
 * How well a remeshed template stands for its mesh.
 *
 * @module
 */
import type { SphereTopology } from "../mesh/sphere_topology.ts";
import { type ClassMesh, viewRotations } from "./class_targets.ts";
import { SilhouetteFit } from "./silhouette_fit.ts";
import { renderTargets } from "./silhouette_targets.ts";
import { chamferDistance } from "./surface_samples.ts";

/** Figures of one template. */
export interface FitFigures {
  /** Mean IoU of hard silhouettes, from views that were not fitted. */
  readonly iou: number;
  /** Lowest IoU of a view. */
  readonly lowestIou: number;
  /** Chamfer distance, relative to half of the longest side. */
  readonly chamfer: number;
}

/** Number and size of the new views, and the seed that no fit uses. */
const VIEWS = 32, SIZE = 256, SEED = 1_000_003;

/**
 * Measures a template by views that were not fitted.
 *
 * @param mesh The mesh, normalised
 * @param vertices The template in the same frame, `[V, 3]`
 * @param topology The template sphere
 */
export function measureFit(mesh: ClassMesh, vertices: Float64Array, topology: SphereTopology): FitFigures {
  const targets = renderTargets(mesh, viewRotations(VIEWS, SEED, 0), SIZE);
  const { mean, lowest } = new SilhouetteFit(topology.faces, vertices.length / 3, targets).iou(vertices);
  return {
    iou: mean,
    lowestIou: lowest,
    chamfer: chamferDistance(mesh, { vertices, faces: topology.faces }),
  };
}
