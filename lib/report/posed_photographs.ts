/**
 * What is known of the pose of each photograph, gathered from the files of both steps.
 *
 * @module
 */
import { hypothesesFile, poseChoiceFile, posesFile } from "../core/paths.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { rotationDisagreement } from "../metrics/rotation_disagreement.ts";
import { rotationAngleDegrees } from "../metrics/geodesic_distance.ts";
import { type Hypotheses, type PoseEstimates, readHypotheses, readPoseEstimates } from "../pose/files.ts";
import { type Pose, poseInRow } from "../rendering/cameras.ts";
import { type PoseChoiceTable, readPoseChoice } from "../pose/choice_file.ts";
import { readIfThere } from "./read_if_there.ts";
import type { ReportContext } from "./report_request.ts";

/** A photograph with its chosen pose. */
export interface PosedPhotograph {
  /** Number in the data set. */
  readonly index: number;
  /** Name. */
  readonly id: string;
  /** The chosen pose; of a photograph that was left out, its best one. */
  readonly pose: Pose;
  /** Number of the template. */
  readonly template: number;
  /** IoU of the soft silhouette and the mask, which the choice went by. */
  readonly iou: number;
  /** IoU of the parts; null if not known. */
  readonly partScore: number | null;
  /** Disagreement of the hypotheses; null if not known. */
  readonly disagreement: number | null;
  /** Angle to the true rotation in degrees; null if that is not known. */
  readonly angleDegrees: number | null;
  /** Whether it was kept; null if step 2 has not been run. */
  readonly kept: boolean | null;
  /** Why it was left out; empty if it was not. */
  readonly reason: string;
}

/** What both steps have left. */
export interface PoseFiles {
  /** The data set. */
  readonly dataset: Dataset;
  /** Result of step 1; null if there is none for these photographs. */
  readonly hypotheses: Hypotheses | null;
  /** Result of step 2; null if there is none. */
  readonly estimates: PoseEstimates | null;
  /** The choice for all photographs; null if there is none that belongs to the estimates. */
  readonly choice: PoseChoiceTable | null;
}

/** Poses as the arrays of all files hold them, one row each. */
export type PoseRows =
  & Pick<PoseEstimates, "rotation" | "scale" | "translation" | "perspective" | "weights" | "iou">
  & { readonly miou?: Float32Array };

/** The part of a {@linkcode PosedPhotograph} that a row of poses tells. */
export type PoseRow = Pick<PosedPhotograph, "pose" | "template" | "iou" | "partScore">;

/** Reads what both steps have left. */
export async function readPoseFiles(context: ReportContext): Promise<PoseFiles> {
  const { dataset: name, mode } = context;
  const dataset = await context.openDataset();
  const hypotheses = await readIfThere(hypothesesFile(name, mode), readHypotheses);
  const estimates = await readIfThere(posesFile(name, mode), readPoseEstimates);
  const choice = await readIfThere(poseChoiceFile(name, mode), readPoseChoice);
  return {
    dataset,
    hypotheses: belongs(dataset, hypotheses?.ids) ? hypotheses : null,
    estimates,
    choice: belongs(dataset, choice?.ids) && keptSame(choice!, estimates) ? choice : null,
  };
}

/** What is known of photograph `index`; null if it has neither hypotheses nor a pose. */
export function posedPhotograph(files: PoseFiles, index: number): PosedPhotograph | null {
  const { dataset, hypotheses, estimates, choice } = files;
  const row = estimates ? estimates.indices.indexOf(index) : -1;
  let chosen: PoseRow;
  if (choice) chosen = poseOfRow(choice, index, dataset.length);
  else if (estimates && row >= 0) chosen = poseOfRow(estimates, row, estimates.indices.length);
  else if (hypotheses) chosen = bestHypothesis(hypotheses, index);
  else return null;
  const { id, truePose } = dataset.records[index];
  return {
    index,
    id,
    ...chosen,
    disagreement: choice ? choice.disagreement[index] : silhouetteDisagreement(hypotheses, index),
    angleDegrees: truePose && rotationAngleDegrees(chosen.pose.rotation, truePose.rotation),
    kept: estimates ? row >= 0 : null,
    reason: estimates && row < 0 ? reasonOf(choice, index) : "",
  };
}

/**
 * One row of poses.
 *
 * @param rows Arrays of poses
 * @param row Which one
 * @param count Number of rows
 */
export function poseOfRow(rows: PoseRows, row: number, count: number): PoseRow {
  const T = rows.weights.length / count;
  return {
    pose: poseInRow(rows, row),
    template: Math.max(0, rows.weights.subarray(T * row, T * row + T).indexOf(1)),
    iou: rows.iou[row],
    partScore: rows.miou?.[row] ?? null,
  };
}

/** The hypothesis whose silhouette has the best IoU. */
function bestHypothesis(hypotheses: Hypotheses, index: number): PoseRow {
  const { N, H, iou } = hypotheses;
  const ious = iou.subarray(index * H, (index + 1) * H);
  return poseOfRow(hypotheses, index * H + ious.indexOf(Math.max(...ious)), N * H);
}

function silhouetteDisagreement(hypotheses: Hypotheses | null, i: number): number | null {
  if (!hypotheses) return null;
  const { H, iou, rotation } = hypotheses;
  return rotationDisagreement(
    iou.subarray(i * H, (i + 1) * H),
    rotation.subarray(4 * i * H, 4 * (i + 1) * H),
  );
}

/** Why a photograph was left out, as reports tell it. */
export const LEFT_OUT_REASONS = {
  unknown: "its hypotheses disagree, or its score is in the bottom decile",
  person: "a person left it out",
  half: "its score is in the worse half",
  score: "its score is in the bottom decile",
  margin: "its hypotheses disagree, or a pose that looks elsewhere scores nearly as well",
  agreement: "its hypotheses disagree",
} as const;

function reasonOf(choice: PoseChoiceTable | null, index: number): string {
  if (!choice) return LEFT_OUT_REASONS.unknown;
  if (choice.corrected[index] === 2) return LEFT_OUT_REASONS.person;
  if (choice.rule === "better half") return LEFT_OUT_REASONS.half;
  if (choice.threshold !== null && choice.score[index] <= choice.threshold) {
    return LEFT_OUT_REASONS.score;
  }
  return choice.rule === "agreement and margin" || choice.rule === "agreement, score and margin"
    ? LEFT_OUT_REASONS.margin
    : LEFT_OUT_REASONS.agreement;
}

function belongs({ records }: Dataset, ids: readonly string[] | undefined): boolean {
  return ids !== undefined && ids.length === records.length && ids.every((id, i) => id === records[i].id);
}

function keptSame({ kept }: PoseChoiceTable, estimates: PoseEstimates | null): boolean {
  return estimates !== null && kept.reduce((sum, value) => sum + value, 0) === estimates.indices.length &&
    estimates.indices.every((i) => kept[i] === 1);
}
