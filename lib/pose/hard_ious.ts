/**
 * How well chosen poses fit, as people are told it: the IoU of the posed templates themselves with the masks. The search
 * goes by the soft silhouettes' IoU, which has a border around the mesh.
 *
 * @module
 */
import type { Dataset } from "../datasets/dataset.ts";
import { mapConcurrently } from "../datasets/map_concurrently.ts";
import { hardIou } from "../metrics/hard_iou.ts";
import { poseInRow, projectVertices } from "../rendering/cameras.ts";
import { LEAST_HARD_SIZE } from "../rendering/hard_silhouette.ts";
import type { Template } from "../templates/template_file.ts";
import type { Hypotheses, PoseEstimates } from "./files.ts";
import { indexOfLargest } from "./running_scores.ts";

/** Poses of images of a data set; without weights all are of the first template. */
export type ImagePoses =
  & Pick<PoseEstimates, "indices" | "rotation" | "scale" | "translation" | "perspective">
  & { readonly weights?: Float32Array };

/** Images that are read at once. */
const READ_AT_ONCE = 4;

/**
 * IoU of each posed template with its image's mask, in `LEAST_HARD_SIZE` pixels a side.
 *
 * @param dataset The images
 * @param templates Templates of the poses, T
 * @param poses Poses of M images
 * @returns 0 to 1, `[M]`
 * @throws {UserError} If an image cannot be read
 */
export async function hardIous(
  dataset: Dataset,
  templates: readonly Template[],
  poses: ImagePoses,
): Promise<Float32Array> {
  const { indices, weights } = poses;
  const T = templates.length;
  const ious = await mapConcurrently(Array.from(indices.keys()), READ_AT_ONCE, async (m) => {
    const { mask } = await dataset.sample(indices[m], LEAST_HARD_SIZE);
    const { vertices } = templates[weights ? indexOfLargest(weights.subarray(T * m, T * m + T)) : 0];
    const screen = projectVertices(Float64Array.from(vertices), poseInRow(poses, m));
    return hardIou(screen, mask);
  });
  return Float32Array.from(ious);
}

/**
 * Mean of {@linkcode hardIous}.
 *
 * @param dataset The images
 * @param templates Templates of the poses
 * @param poses Poses of M images
 * @returns 0 to 1; null without a pose
 * @throws {UserError} If an image cannot be read
 */
export async function meanHardIou(
  dataset: Dataset,
  templates: readonly Template[],
  poses: ImagePoses,
): Promise<number | null> {
  const ious = await hardIous(dataset, templates, poses);
  return ious.length === 0 ? null : ious.reduce((sum, value) => sum + value, 0) / ious.length;
}

/**
 * The hypothesis of each image whose soft silhouette has the best IoU.
 *
 * @param hypotheses All hypotheses of N images
 * @returns One pose an image, `[N]`
 */
export function bestHypotheses(
  { N, H, iou, rotation, scale, translation, perspective, weights }:
    & Omit<Hypotheses, "ids" | "T" | "weights">
    & { readonly weights?: Float32Array },
): ImagePoses {
  const best = Array.from({ length: N }, (_, i) => i * H + indexOfLargest(iou.subarray(i * H, (i + 1) * H)));
  const gather = (values: Float32Array): Float32Array => {
    const width = values.length / (N * H), rows = new Float32Array(N * width); // [N, width]
    best.forEach((at, i) => rows.set(values.subarray(at * width, (at + 1) * width), i * width));
    return rows;
  };
  return {
    indices: Int32Array.from({ length: N }, (_, i) => i),
    rotation: gather(rotation),
    scale: gather(scale),
    translation: gather(translation),
    perspective: gather(perspective),
    weights: weights && gather(weights),
  };
}
