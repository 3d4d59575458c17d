/**
 * How well a mesh stands for a shape: IoU of their silhouettes from many sides.
 *
 * @module
 */
import { Prng } from "../../lib/core/prng.ts";
import { iou } from "../../lib/metrics/iou.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { normalizeQuaternion } from "../../lib/rendering/quaternion.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import type { Surface } from "../../lib/templates/polygonize.ts";

/** Sharpness at which a soft silhouette ends at the edge of the covered pixels. */
const HARD = 1e7;

/** Number of views, drawn uniformly over all rotations, and rows and columns of a silhouette. */
const VIEWS = 32, SIZE = 128;

/**
 * Mean intersection over union of the hard silhouettes of two surfaces in the same frame, seen orthographically from
 * random directions. Coordinates should lie within the unit ball or a little outside of it.
 *
 * @param first A surface, coordinates `[V, 3]`
 * @param second Another one
 * @returns Mean and lowest IoU over the views
 */
export function silhouetteIou(
  first: Pick<Surface, "vertices" | "faces">,
  second: Pick<Surface, "vertices" | "faces">,
): { mean: number; lowest: number } {
  const prng = new Prng(1, "silhouette-agreement");
  const [a, b] = [first, second].map(({ vertices, faces }) => ({
    vertices,
    silhouette: new SoftSilhouette(faces, vertices.length / 3, SIZE, { sharpness: HARD }),
  }));
  let sum = 0, lowest = 1;
  for (let view = 0; view < VIEWS; view++) {
    const pose: Pose = {
      rotation: normalizeQuaternion(prng.normals(4)),
      scale: Math.SQRT1_2,
      translation: [0, 0],
      perspective: Infinity,
    };
    for (const { vertices, silhouette } of [a, b]) silhouette.forward(projectVertices(vertices, pose));
    const viewIou = iou(a.silhouette.image(), b.silhouette.image());
    sum += viewIou;
    lowest = Math.min(lowest, viewIou);
  }
  return { mean: sum / VIEWS, lowest };
}
