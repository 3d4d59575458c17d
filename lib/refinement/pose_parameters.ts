/**
 * Poses as lists of numbers.
 *
 * @module
 */
import { type Pose, POSE_PARAMETERS } from "../rendering/cameras.ts";

/** Range of the perspective's logit. */
const LEAST_PERSPECTIVE = -1, MOST_PERSPECTIVE = 4;

/** The eight numbers of a pose: rotation, scale, translation, perspective. */
export function poseArray({ rotation, scale, translation, perspective }: Pose): Float32Array {
  return Float32Array.from([...Array.from(rotation), scale, ...Array.from(translation), perspective]);
}

/**
 * The pose of eight numbers.
 *
 * @param values Rotation, scale, translation, perspective; more are left out
 */
export function poseOf(values: ArrayLike<number>): Pose {
  const [a, b, c, d, scale, x, y, perspective] = Array.from({ length: POSE_PARAMETERS }, (_, k) => values[k]);
  return { rotation: [a, b, c, d], scale, translation: [x, y], perspective };
}

/** Brings the quaternion to unit length and the perspective into its range. */
export function constrainPose(values: Float64Array): void {
  const length = Math.hypot(values[0], values[1], values[2], values[3]);
  for (let k = 0; k < 4; k++) values[k] /= length;
  values[7] = Math.min(MOST_PERSPECTIVE, Math.max(LEAST_PERSPECTIVE, values[7]));
}
