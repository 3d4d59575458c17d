/**
 * Named cameras of any mesh: perspective, orthographic, placed by look-at, and the pose of a square crop. Each is one row
 * of numbers, so that a batch of cameras is a matrix, and an optimised camera a variable.
 *
 * The camera frame has x right, y down, z into the scene.
 *
 * @module
 */
import { checkShapes } from "../core/shapes.ts";
import type { Pose } from "./cameras.ts";

/**
 * How object positions reach the screen.
 *
 * - `perspective`, `orthographic`: rotation (w, x, y, z), translation (3), focal (x, y), centre (x, y)
 * - `lookAt`: eye (3), target (3), up (3), focal (x, y), centre (x, y), in perspective
 * - `pose`: rotation (w, x, y, z), scale, translation (2), perspective ζ, as in `projectVertices`
 */
export type Projection = "perspective" | "orthographic" | "lookAt" | "pose";

/** Length of the parameters of each projection. */
export const CAMERA_PARAMETERS = {
  perspective: 11,
  orthographic: 11,
  lookAt: 13,
  pose: 8,
} as const satisfies Record<Projection, number>;

/** A camera. */
export interface Camera {
  /** What the parameters mean. */
  readonly projection: Projection;
  /** The numbers that {@linkcode Projection} lists, `[P]`. */
  readonly parameters: Float64Array;
}

/** What a camera does with the image plane. */
export interface LensOptions {
  /** Columns through rows of the image, W / H; pixels are square. */
  aspect?: number;
  /** Where the optical axis meets the screen, NDC, y up, `[2]`. */
  centre?: ArrayLike<number>;
}

/** Where a camera stands: X_camera = R(rotation) X + translation. */
export interface Placement {
  /** Unit quaternion (w, x, y, z), `[4]`. */
  readonly rotation: ArrayLike<number>;
  /** Translation in object units, y down, z into the scene, `[3]`. */
  readonly translation: ArrayLike<number>;
}

/** Focal lengths and centre in NDC. */
function lens(focalY: number, { aspect = 1, centre = [0, 0] }: LensOptions): number[] {
  if (!(focalY > 0 && focalY < Infinity && aspect > 0 && aspect < Infinity)) {
    throw new RangeError(
      `Cannot make a camera: its angle or size and its aspect must be greater than 0, current values give a focal ` +
        `length of ${focalY} and an aspect of ${aspect}`,
    );
  }
  return [focalY / aspect, focalY, centre[0], centre[1]];
}

/** Focal length, in half heights of the image, of a vertical angle of view. */
function focalOf(fieldOfView: number): number {
  return fieldOfView > 0 && fieldOfView < Math.PI ? 1 / Math.tan(fieldOfView / 2) : NaN;
}

/**
 * A pinhole camera.
 *
 * @param placement Where it stands
 * @param fieldOfView Vertical angle of view, radians, between 0 and π
 * @param options Aspect and centre
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If the angle or the aspect is out of range
 */
export function perspectiveCamera(
  { rotation, translation }: Placement,
  fieldOfView: number,
  options: LensOptions = {},
): Camera {
  checkShapes("make a camera", { rotation: [rotation, [4]], translation: [translation, [3]] });
  return {
    projection: "perspective",
    parameters: Float64Array.of(
      ...Array.from(rotation),
      ...Array.from(translation),
      ...lens(focalOf(fieldOfView), options),
    ),
  };
}

/**
 * A camera with parallel rays.
 *
 * @param placement Where it stands
 * @param halfHeight Object units from the middle of the image to its upper side, greater than 0
 * @param options Aspect and centre
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If the size or the aspect is out of range
 */
export function orthographicCamera(
  { rotation, translation }: Placement,
  halfHeight: number,
  options: LensOptions = {},
): Camera {
  checkShapes("make a camera", { rotation: [rotation, [4]], translation: [translation, [3]] });
  return {
    projection: "orthographic",
    parameters: Float64Array.of(
      ...Array.from(rotation),
      ...Array.from(translation),
      ...lens(1 / halfHeight, options),
    ),
  };
}

/** Points that place a camera, object frame. */
export interface LookAt {
  /** Where the camera is, `[3]`. */
  readonly eye: ArrayLike<number>;
  /** What is in the middle of the image, `[3]`. */
  readonly target: ArrayLike<number>;
  /** Direction that is upright in the image, not along the view, `[3]`; z by default. */
  readonly up?: ArrayLike<number>;
}

/**
 * A pinhole camera that looks from one point at another.
 *
 * @param points Eye, target and upright direction
 * @param fieldOfView Vertical angle of view, radians, between 0 and π
 * @param options Aspect and centre
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If the angle, the aspect or the points are out of range
 */
export function lookAtCamera(
  { eye, target, up = [0, 0, 1] }: LookAt,
  fieldOfView: number,
  options: LensOptions = {},
): Camera {
  checkShapes("make a camera", { eye: [eye, [3]], target: [target, [3]], up: [up, [3]] });
  const [x, y, z] = [0, 1, 2].map((i) => target[i] - eye[i]);
  if (!(Math.hypot(y * up[2] - z * up[1], z * up[0] - x * up[2], x * up[1] - y * up[0]) > 1e-12)) {
    throw new RangeError(
      `Cannot make a camera: up must not lie along the view from eye to target, current value is ` +
        `${Array.from(up).join(", ")}`,
    );
  }
  return {
    projection: "lookAt",
    parameters: Float64Array.of(
      ...Array.from(eye),
      ...Array.from(target),
      ...Array.from(up),
      ...lens(focalOf(fieldOfView), options),
    ),
  };
}

/**
 * The camera of a pose, as the stages of this project use it. Its perspective bends lines, so attributes are linear on the
 * screen.
 *
 * @param pose Pose of the object before a square crop
 * @throws {TypeError} If a shape does not match
 */
export function poseCamera({ rotation, scale, translation, perspective }: Pose): Camera {
  checkShapes("make a camera", { rotation: [rotation, [4]], translation: [translation, [2]] });
  return {
    projection: "pose",
    parameters: Float64Array.of(...Array.from(rotation), scale, ...Array.from(translation), perspective),
  };
}

/**
 * Parameters of cameras of one projection, one a row, for the tensor operations.
 *
 * @param cameras Cameras, B of them
 * @returns Parameters, `[B][P]`
 * @throws {TypeError} If there is none, or they differ in their projection
 */
export function stackCameras(cameras: readonly Camera[]): number[][] {
  if (cameras.length === 0 || cameras.some(({ projection }) => projection !== cameras[0].projection)) {
    const found = cameras.map(({ projection }) => projection).join(", ") || "none";
    throw new TypeError(`Cannot stack cameras: they must have one projection, current value is ${found}`);
  }
  return cameras.map(({ parameters }) => Array.from(parameters));
}
