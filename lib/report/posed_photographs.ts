/**
 * What is known of the pose of each photograph, gathered from the files of both steps.
 *
 * @module
 */
import { hypothesesFile, posesFile } from "../core/paths.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { agreement } from "../metrics/agreement.ts";
import { rotationAngleDegrees } from "../metrics/geodesic_distance.ts";
import { choosePictures } from "../pose/choose.ts";
import { CHOOSE_DEFAULTS } from "../pose/choose_options.ts";
import { type Hypotheses, type PoseEstimates, readHypotheses, readPoseEstimates } from "../pose/files.ts";
import type { Pose } from "../rendering/cameras.ts";
import type { ReportContext, ShownChoice } from "./report_request.ts";
import { readIfThere } from "./read_if_there.ts";

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
  /** Overlap of silhouette and mask. */
  readonly iou: number;
  /** Overlap of the parts; null if not known. */
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
  /** Result of step 1; null if there is none. */
  readonly hypotheses: Hypotheses | null;
  /** Result of step 2; null if there is none. */
  readonly estimates: PoseEstimates | null;
  /** The choice; null if it is not known but for the poses that were kept. */
  readonly choice: ShownChoice | null;
}

/** Reads what both steps have left. */
export async function readPoseFiles(context: ReportContext): Promise<PoseFiles> {
  const { dataset: name, mode, poseChoice } = context;
  const dataset = await context.openDataset();
  const hypotheses = await readIfThere(hypothesesFile(name, mode), readHypotheses);
  const estimates = await readIfThere(posesFile(name, mode), readPoseEstimates);
  const choice = poseChoice ?? silhouetteChoice(dataset, hypotheses, estimates);
  return { dataset, hypotheses: fits(dataset, hypotheses) ? hypotheses : null, estimates, choice };
}

/** What is known of photograph `index`; null if it has neither hypotheses nor a pose. */
export function posedPhotograph(files: PoseFiles, index: number): PosedPhotograph | null {
  const { dataset, hypotheses, estimates, choice } = files;
  const row = estimates ? estimates.indices.indexOf(index) : -1;
  if (!hypotheses && row < 0) return null;
  const chosen = row >= 0 ? ofEstimate(estimates!, row) : ofHypothesis(hypotheses!, index, choice);
  const truth = dataset.records[index].truePose;
  return {
    index,
    id: dataset.records[index].id,
    ...chosen,
    disagreement: disagreementOf(hypotheses, choice, index),
    angleDegrees: truth && rotationAngleDegrees(chosen.pose.rotation, truth.rotation),
    kept: estimates ? row >= 0 : null,
    reason: estimates && row < 0 ? reasonOf(choice, chosen.partScore) : "",
  };
}

/** Row `row` of the poses that were kept. */
export function ofEstimate(
  estimates: PoseEstimates,
  row: number,
): Pick<PosedPhotograph, "pose" | "template" | "iou" | "partScore"> {
  const T = estimates.weights.length / estimates.indices.length;
  return {
    pose: {
      rotation: estimates.rotation.subarray(4 * row, 4 * row + 4),
      scale: estimates.scale[row],
      translation: estimates.translation.subarray(2 * row, 2 * row + 2),
      perspective: estimates.perspective[row],
    },
    template: Math.max(0, estimates.weights.subarray(T * row, T * row + T).indexOf(1)),
    iou: estimates.iou[row],
    partScore: estimates.miou[row],
  };
}

function ofHypothesis(
  { rotation, scale, translation, perspective, weights, iou, H, T }: Hypotheses,
  index: number,
  choice: ShownChoice | null,
): Pick<PosedPhotograph, "pose" | "template" | "iou" | "partScore"> {
  const overlaps = iou.subarray(index * H, (index + 1) * H);
  const h = choice ? choice.best[index] : overlaps.indexOf(Math.max(...overlaps));
  const at = index * H + h;
  return {
    pose: {
      rotation: rotation.subarray(4 * at, 4 * at + 4),
      scale: scale[at],
      translation: translation.subarray(2 * at, 2 * at + 2),
      perspective: perspective[at],
    },
    template: Math.max(0, weights.subarray(T * at, T * at + T).indexOf(1)),
    iou: choice ? choice.iou[at] : iou[at],
    partScore: choice ? choice.scores[at] : null,
  };
}

function disagreementOf(hypotheses: Hypotheses | null, choice: ShownChoice | null, i: number): number | null {
  if (choice) return choice.agreement[i];
  if (!hypotheses) return null;
  const { H, iou, rotation } = hypotheses;
  return agreement(iou.subarray(i * H, (i + 1) * H), rotation.subarray(4 * i * H, 4 * (i + 1) * H));
}

function reasonOf(choice: ShownChoice | null, score: number | null): string {
  if (!choice || score === null) return "its hypotheses disagree, or its score is among the worst tenth";
  if (choice.rule === "better half") return "its score is in the worse half";
  return choice.threshold !== null && score <= choice.threshold
    ? "its score is among the worst tenth"
    : "its hypotheses disagree";
}

/** Without parts the choice follows from the silhouettes alone, unless other settings were used. */
function silhouetteChoice(
  dataset: Dataset,
  hypotheses: Hypotheses | null,
  estimates: PoseEstimates | null,
): ShownChoice | null {
  if (!hypotheses || !estimates || dataset.partNames.length > 0 || !fits(dataset, hypotheses)) return null;
  const { iou, rotation, H } = hypotheses;
  const choice = choosePictures({ scores: iou, iou, rotation, H }, CHOOSE_DEFAULTS);
  const same = `${choice.kept}` === `${estimates.indices}`;
  return same ? { ...choice, scores: iou, iou } : null;
}

function fits(dataset: Dataset, hypotheses: Hypotheses | null): boolean {
  return hypotheses !== null && hypotheses.ids.length === dataset.length &&
    hypotheses.ids.every((id, i) => id === dataset.records[i].id);
}
