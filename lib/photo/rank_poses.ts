/**
 * Which of the poses that were found are likely, and in which order.
 *
 * @module
 */
import { rotationAngleDegrees } from "../metrics/geodesic_distance.ts";
import { photographChoice } from "../pose/robust_choice.ts";
import { cameraDepression, cameraTilt } from "../pose/tilt.ts";
import type { PhotoPose } from "./photo_pose.ts";

/** Poses that are closer than this are one, degrees. */
const APART = 30;
/** Most poses. */
const MOST = 8;

/**
 * Orders poses by how likely they are, the best of each direction: by the IoU of their silhouettes, less for cameras
 * that are tilted or look up at things that stand on the ground.
 *
 * @param poses Poses with IoUs
 * @param categories Class of each template
 * @returns At most eight, best first, none within 30° of a better one
 */
export function rankPoses(
  poses: readonly Omit<PhotoPose, "score">[],
  categories: readonly string[],
): PhotoPose[] {
  const scored = poses.map((found) => ({ ...found, score: scoreOf(found, categories[found.template]) }));
  return distinctPoses(scored.sort((a, b) => b.score - a.score));
}

/** How well a class fits. */
export interface ClassScore {
  /** The class. */
  readonly category: string;
  /** Score of its best pose. */
  readonly score: number;
}

/** Classes with the scores of their best poses, best first. */
export function rankClasses(
  poses: readonly Omit<PhotoPose, "score">[],
  categories: readonly string[],
): ClassScore[] {
  const best = new Map<string, number>();
  for (const found of poses) {
    const category = categories[found.template], score = scoreOf(found, category);
    if (score > (best.get(category) ?? -Infinity)) best.set(category, score);
  }
  return Array.from(best, ([category, score]) => ({ category, score })).sort((a, b) => b.score - a.score);
}

/** The first of each direction in a list that is in order. */
export function distinctPoses(ordered: readonly PhotoPose[]): PhotoPose[] {
  const chosen: PhotoPose[] = [];
  for (const found of ordered) {
    if (chosen.length === MOST) break;
    const { rotation } = found.pose;
    if (chosen.every(({ pose }) => rotationAngleDegrees(pose.rotation, rotation) >= APART)) {
      chosen.push(found);
    }
  }
  return chosen;
}

function scoreOf({ pose: { rotation }, iou }: Omit<PhotoPose, "score">, category: string): number {
  const { levelWeight = 0, horizonWeight = 0 } = photographChoice(category);
  return iou - levelWeight * cameraTilt(rotation) - horizonWeight * cameraDepression(rotation);
}
