/**
 * Some rows of a table of poses.
 *
 * @module
 */
import type { PoseEstimates } from "./files.ts";

/**
 * The poses of some photographs.
 *
 * @param poses Poses of M photographs
 * @param isWanted Tells by a photograph's id whether it is taken
 * @returns Their poses, in the same order
 */
export function selectPoses(poses: PoseEstimates, isWanted: (id: string) => boolean): PoseEstimates {
  const { indices, ids, rotation, scale, translation, perspective, weights, iou, miou } = poses;
  const rows = [...ids.keys()].filter((row) => isWanted(ids[row]));
  const take = (values: Float32Array): Float32Array => {
    const width = values.length / Math.max(1, ids.length);
    const taken = new Float32Array(rows.length * width); // [rows, width]
    rows.forEach((row, r) => taken.set(values.subarray(row * width, (row + 1) * width), r * width));
    return taken;
  };
  return {
    indices: Int32Array.from(rows, (row) => indices[row]),
    ids: rows.map((row) => ids[row]),
    rotation: take(rotation),
    scale: take(scale),
    translation: take(translation),
    perspective: take(perspective),
    weights: take(weights),
    iou: take(iou),
    miou: take(miou),
  };
}
