/**
 * Estimated poses against the true ones.
 *
 * @module
 */
import type { Dataset } from "../datasets/dataset.ts";
import { rotationDisagreement } from "../metrics/rotation_disagreement.ts";
import { rotationAngleDegrees } from "../metrics/geodesic_distance.ts";
import { type PoseErrors, poseErrors } from "../metrics/pose_error.ts";
import type { Hypotheses, PoseEstimates } from "./files.ts";
import { indexOfLargest } from "./running_scores.ts";
import type { PoseChoice } from "./step2.ts";

/** Errors of one choice of poses and images. */
export interface PoseTableRow extends PoseErrors {
  /** What was chosen, such as "semantic, kept". */
  readonly name: string;
  /** Number of images. */
  readonly images: number;
  /** Share of all images of the data set. */
  readonly recall: number;
  /** Mean IoU of the soft silhouettes, which the search goes by; `null` without images. */
  readonly meanIou: number | null;
}

/** What is known of the true poses. */
export type Truths = Pick<Dataset, "records">;

/**
 * Errors of the poses that step 2 kept.
 *
 * @param dataset Data set with true poses (of some images at least)
 * @param estimates Result of step 2
 * @returns One row; its errors are `null` where no true pose is known
 */
export function evaluatePoses(dataset: Truths, estimates: PoseEstimates): PoseTableRow {
  const poses = Array.from(estimates.indices, (image, m) => ({
    image,
    rotation: estimates.rotation.subarray(4 * m, 4 * m + 4),
    iou: estimates.iou[m],
  }));
  return row("semantic, kept", dataset, poses);
}

/**
 * Errors of step 1: the hypothesis with the best IoU, for the images whose hypotheses agree and for all.
 *
 * @param dataset Data set with true poses
 * @param hypotheses Result of step 1
 * @param vAgrThreshold Largest disagreement
 * @returns Two rows
 */
export function evaluateHypotheses(
  dataset: Truths,
  hypotheses: Hypotheses,
  vAgrThreshold = 0.3,
): PoseTableRow[] {
  const { N, H, rotation, iou } = hypotheses;
  const poses = Array.from(
    { length: N },
    (_, i) => pick(hypotheses, i, indexOfLargest(iou.subarray(i * H, i * H + H))),
  );
  const agreeing = poses.filter(({ image: i }) =>
    rotationDisagreement(iou.subarray(i * H, (i + 1) * H), rotation.subarray(4 * i * H, 4 * (i + 1) * H)) <
      vAgrThreshold
  );
  return [row("silhouette, agreeing", dataset, agreeing), row("silhouette, all", dataset, poses)];
}

/**
 * What no choice can surpass: errors of the hypotheses that are nearest to the truth. Images without one are left out.
 *
 * @param dataset Data set with true poses
 * @param hypotheses Result of step 1
 * @returns One row
 */
export function evaluateNearest(dataset: Truths, hypotheses: Hypotheses): PoseTableRow {
  const { H } = hypotheses;
  const poses = dataset.records.flatMap(({ truePose }, i) => {
    if (!truePose) return [];
    const angles = Float64Array.from(
      { length: H },
      (_, h) => -rotationAngleDegrees(pick(hypotheses, i, h).rotation, truePose.rotation),
    );
    return [pick(hypotheses, i, indexOfLargest(angles))];
  });
  return row("nearest of all hypotheses", dataset, poses);
}

/**
 * Errors of both steps.
 *
 * @param dataset Data set with true poses
 * @param hypotheses Result of step 1
 * @param choice Result of step 2
 * @param vAgrThreshold Largest disagreement
 * @returns Five rows: silhouette (agreeing, all), the images that the parts are from, semantic (kept, all)
 */
export function evaluateChoice(
  dataset: Truths,
  hypotheses: Hypotheses,
  choice: PoseChoice,
  vAgrThreshold = 0.3,
): PoseTableRow[] {
  const { N, H, iou } = hypotheses;
  const top = choice.semanticImages.map((i) =>
    pick(hypotheses, i, indexOfLargest(iou.subarray(i * H, i * H + H)))
  );
  const all = Array.from(
    { length: N },
    (_, i) => pick({ ...hypotheses, iou: choice.iou }, i, choice.best[i]),
  );
  return [
    ...evaluateHypotheses(dataset, hypotheses, vAgrThreshold),
    row("silhouette, parts learnt from", dataset, top),
    evaluatePoses(dataset, choice.estimates),
    row("semantic, all", dataset, all),
  ];
}

interface ChosenPose {
  readonly image: number;
  readonly rotation: Float32Array;
  readonly iou: number;
}

function pick(
  { H, rotation, iou }: Pick<Hypotheses, "H" | "rotation" | "iou">,
  image: number,
  h: number,
): ChosenPose {
  const at = image * H + h;
  return { image, rotation: rotation.subarray(4 * at, 4 * at + 4), iou: iou[at] };
}

function row(name: string, { records }: Truths, poses: readonly ChosenPose[]): PoseTableRow {
  const errors = poseErrors(poses.map(({ image, rotation }) => ({
    estimate: rotation,
    truth: records[image].truePose?.rotation ?? null,
  })));
  return {
    name,
    images: poses.length,
    recall: records.length === 0 ? 0 : poses.length / records.length,
    meanIou: poses.length === 0 ? null : poses.reduce((sum, { iou }) => sum + iou, 0) / poses.length,
    ...errors,
  };
}
