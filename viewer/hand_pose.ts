/**
 * A pose that is changed by hand.
 *
 * @module
 */
import type { Pose } from "../lib/rendering/cameras.ts";
import { multiplyQuaternions, normalizeQuaternion } from "../lib/rendering/quaternion.ts";

/** Range of the scale, so that nothing gets lost. */
const LEAST_SCALE = 0.1, MOST_SCALE = 4;

/**
 * Turns the object as a hand would: aside about its own height, up and down about the image's breadth.
 *
 * @param pose The pose
 * @param aside Radians; positive turns what is in front to the right
 * @param up Radians; positive turns what is in front upwards
 */
export function turnPose(pose: Pose, aside: number, up: number): Pose {
  const about = (
    x: number,
    z: number,
    angle: number,
  ) => [Math.cos(angle / 2), x * Math.sin(angle / 2), 0, z * Math.sin(angle / 2)];
  const turned = multiplyQuaternions(pose.rotation, about(0, 1, aside));
  return { ...pose, rotation: normalizeQuaternion(multiplyQuaternions(about(1, 0, up), turned)) };
}

/** Moves the object, in units of half the image, x right and y down. */
export function movePose(pose: Pose, right: number, down: number): Pose {
  return { ...pose, translation: [pose.translation[0] + right, pose.translation[1] + down] };
}

/** Makes the object larger by a factor. */
export function scalePose(pose: Pose, factor: number): Pose {
  return { ...pose, scale: Math.min(MOST_SCALE, Math.max(LEAST_SCALE, pose.scale * factor)) };
}

/** The pose seen from behind: half a turn about the object's height. */
export function turnAround(pose: Pose): Pose {
  return turnPose(pose, Math.PI, 0);
}
