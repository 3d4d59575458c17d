/**
 * What remeshing fits: hole-free silhouettes of the class mesh from many sides.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { rasterize } from "../rendering/rasterize.ts";
import { fillHoles } from "./fill_holes.ts";

/** Views are divided by this, so that most of a unit cube stays within the image. */
export const VIEW_SCALE: number = Math.SQRT1_2;

/** Silhouettes of one mesh. */
export interface SilhouetteTargets {
  /** Rows and columns of a silhouette, S. */
  readonly size: number;
  /** Unit quaternion of each view, `[N, 4]`. */
  readonly rotations: FloatArray;
  /** 0 or 1, `[N, S, S]`. */
  readonly masks: Float32Array;
  /** Whether squared errors are those against masks with the border of a soft silhouette, not against plain ones. */
  readonly isSoft?: boolean;
  /** Views in which the mesh covers the upper left pixel, so that holes could not be told from background. */
  readonly unfilled: number;
}

/** The orthographic pose of a view. */
export function viewPose(rotations: FloatArray, view: number): Pose {
  return {
    rotation: rotations.subarray(4 * view, 4 * view + 4),
    scale: VIEW_SCALE,
    translation: [0, 0],
    perspective: Infinity,
  };
}

/**
 * Renders the silhouettes of a mesh: every face counts, whichever way it is wound, and holes are filled.
 *
 * @param mesh Normalised mesh, vertices `[V, 3]`
 * @param rotations Unit quaternion of each view, `[N, 4]`
 * @param size Rows and columns, S
 */
export function renderTargets(
  mesh: Pick<Mesh, "vertices" | "faces">,
  rotations: FloatArray,
  size: number,
): SilhouetteTargets {
  const views = rotations.length / 4;
  const masks = new Float32Array(views * size * size); // [N, S, S]
  const drawnFaces = new Uint8Array(mesh.faces.length / 3).fill(1); // [F]
  let unfilled = 0;
  for (let view = 0; view < views; view++) {
    const screen = projectVertices(mesh.vertices, viewPose(rotations, view));
    const { faceIndex } = rasterize(screen, mesh.faces, size, size, undefined, { drawnFaces });
    const mask = masks.subarray(view * size * size, (view + 1) * size * size);
    for (let i = 0; i < mask.length; i++) mask[i] = faceIndex[i] < 0 ? 0 : 1;
    if (!fillHoles(mask, size, size)) unfilled++;
  }
  return { size, rotations, masks, unfilled };
}
