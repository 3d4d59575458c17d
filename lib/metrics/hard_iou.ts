/**
 * IoU of a mesh and a mask as people are told it: of the mesh itself, without a soft border.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { hardSilhouette, LEAST_HARD_SIZE } from "../rendering/hard_silhouette.ts";
import { iou } from "./iou.ts";

/**
 * Intersection over union of the pixels that a mesh on the sphere topology covers and those of a mask.
 *
 * @param screen Screen positions (x right, y up, larger z nearer), `[V, 3]`
 * @param mask Share of the object in each pixel, cut at ½, `[S, S, 1]`
 * @returns 0 to 1
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If the mask has fewer than `LEAST_HARD_SIZE` pixels a side
 */
export function hardIou(screen: FloatArray, mask: Pick<FloatImage, "data" | "width">): number {
  if (mask.width < LEAST_HARD_SIZE) {
    throw new RangeError(
      `Cannot measure the IoU of a mesh as the mask must have at least ${LEAST_HARD_SIZE} pixels a side: ` +
        `current value is ${mask.width}`,
    );
  }
  return iou(hardSilhouette(screen, sphereTopology().faces, mask.width), mask.data);
}
