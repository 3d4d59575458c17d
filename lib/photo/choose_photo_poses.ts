/**
 * Which of the likely poses become meshes.
 *
 * @module
 */
import { azimuthError } from "../metrics/azimuth_error.ts";
import { azimuthBetween, directionOfPose, type PhotoPose } from "./photo_pose.ts";

/** What a person says about the pose. */
export interface PoseWish {
  /** The direction in degrees, 0 to 360 (0 the front, 90 the front to the image's left); null if nothing is said. */
  azimuth?: number | null;
  /** Whether the first pose is the wrong way round. */
  flip?: boolean;
}

/** Poses that look elsewhere by more than this are rivals, degrees of azimuth. */
const RIVAL = 60;
/** Scores that are closer than this do not tell which one is right. */
const DOUBT = 0.03;
/** How far a pose may be from the direction that was asked for, degrees. */
const NEAR = 45;

/** The poses that are made, best first. */
export interface ChosenPoses {
  /** One pose, or two that fit nearly alike. */
  readonly poses: readonly PhotoPose[];
  /** Whether the photograph does not tell which one is right. */
  readonly isDoubtful: boolean;
}

/**
 * Chooses the best pose, and beside it the best one that looks elsewhere if it fits nearly as well.
 *
 * @param ranked Likely poses, best first
 * @param wish What a person says
 * @returns One pose or two; none if no pose is near the direction that was asked for
 */
export function choosePhotoPoses(
  ranked: readonly PhotoPose[],
  { azimuth = null, flip = false }: PoseWish = {},
): ChosenPoses {
  const near = azimuth === null ? ranked : ranked.filter(({ pose }) => {
    return azimuthError(directionOfPose(pose).azimuth, azimuth) <= NEAR;
  });
  const [first] = near;
  if (first === undefined || azimuth !== null) {
    return { poses: first === undefined ? [] : [first], isDoubtful: false };
  }
  const rival = near.find(({ pose }) => azimuthBetween(pose, first.pose) > RIVAL);
  if (flip) return { poses: [rival ?? first], isDoubtful: false };
  const isDoubtful = rival !== undefined && first.score - rival.score < DOUBT;
  return { poses: isDoubtful ? [first, rival] : [first], isDoubtful };
}
