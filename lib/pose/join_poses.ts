/**
 * Poses of several data sets, put together as one.
 *
 * @module
 */
import type { Dataset } from "../datasets/dataset.ts";
import type { PoseEstimates } from "./files.ts";

/** Poses of one of the joined data sets. */
export interface PosePart {
  /** Its poses. */
  readonly poses: PoseEstimates;
  /** Number of its first photograph in the joined data set. */
  readonly firstRecord: number;
  /** Number of its first template in the joined list. */
  readonly firstTemplate: number;
}

/**
 * Joins poses whose photographs and templates stand one after another in the joined data set.
 *
 * @param parts Poses in the order of their photographs
 * @param dataset The joined data set, whose names of photographs are taken
 * @param templateCount Templates of all data sets, T
 */
export function joinPoses(
  parts: readonly PosePart[],
  dataset: Pick<Dataset, "records">,
  templateCount: number,
): PoseEstimates {
  const join = (pick: (part: PosePart) => Float32Array): Float32Array => {
    const arrays = parts.map(pick),
      joined = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const array of arrays) {
      joined.set(array, at);
      at += array.length;
    }
    return joined;
  };
  const indices = Int32Array.from(
    parts.flatMap(({ poses, firstRecord }) => Array.from(poses.indices, (i) => i + firstRecord)),
  );
  return {
    indices,
    ids: Array.from(indices, (i) => dataset.records[i].id),
    rotation: join(({ poses }) => poses.rotation),
    scale: join(({ poses }) => poses.scale),
    translation: join(({ poses }) => poses.translation),
    perspective: join(({ poses }) => poses.perspective),
    weights: join((part) => shiftedWeights(part, templateCount)),
    iou: join(({ poses }) => poses.iou),
    miou: join(({ poses }) => poses.miou),
  };
}

/** Weights among all templates, `[M, T]`. */
function shiftedWeights({ poses, firstTemplate }: PosePart, templateCount: number): Float32Array {
  const M = poses.indices.length, own = poses.weights.length / Math.max(1, M);
  const weights = new Float32Array(M * templateCount); // [M, T]
  for (let m = 0; m < M; m++) {
    weights.set(poses.weights.subarray(m * own, (m + 1) * own), m * templateCount + firstTemplate);
  }
  return weights;
}
