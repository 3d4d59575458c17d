/**
 * Cameras: from the object frame to the screen (x right, y up, larger z nearer, image plane [-1, 1]²), with gradients
 * by hand. `project_tensor.ts` holds the same map for tensors.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { quaternionToMatrix } from "./quaternion.ts";

/** Where an object stands in front of the camera of a square crop. */
export interface Pose {
  /** Rotation, unit quaternion (w, x, y, z), `[4]`. */
  readonly rotation: ArrayLike<number>;
  /** Factor from object units to crop NDC (crop edges at ±1). */
  readonly scale: number;
  /** Translation in crop NDC, x right and **y down**, `[2]`. */
  readonly translation: ArrayLike<number>;
  /** Logit ζ of the perspective depth z₀ = 1 + exp(ζ); `Infinity` is orthographic. */
  readonly perspective: number;
}

/** Many poses, one a row. */
export interface PoseTable {
  /** Unit quaternions, `[N, 4]`. */
  readonly rotation: Float32Array | Float64Array;
  /** Scales, `[N]`. */
  readonly scale: ArrayLike<number>;
  /** Translations, y down, `[N, 2]`. */
  readonly translation: Float32Array | Float64Array;
  /** Logits ζ, `[N]`. */
  readonly perspective: ArrayLike<number>;
}

/** A pose of a table, in memory of its own. */
export function poseInRow({ rotation, scale, translation, perspective }: PoseTable, row: number): Pose {
  return {
    rotation: rotation.slice(4 * row, 4 * row + 4),
    scale: scale[row],
    translation: translation.slice(2 * row, 2 * row + 2),
    perspective: perspective[row],
  };
}

/** Values that `projectVerticesBackward` adds to `gradientPose`: rotation (4), scale, translation (2), perspective. */
export const POSE_PARAMETERS = 8;

/**
 * Projects vertices to the screen: p = R(q)(s·X) + (t, 0), f = (z₀ − p_z/2) / (z₀ + p_z/2), screen = (p_x f, −p_y f,
 * −p_z). The quaternion is taken as it is; it should have unit length.
 *
 * @param vertices Object frame, `[V, 3]`
 * @param pose Pose of the object
 * @param out Where to write, `[V, 3]`; new by default, of the kind of `vertices`
 * @returns Screen positions, `[V, 3]` (`out` if given)
 * @throws {TypeError} If a shape does not match
 */
export function projectVertices(vertices: FloatArray, pose: Pose, out?: FloatArray): FloatArray {
  const screen = out ?? zerosLike(vertices);
  checkShapes("project vertices", {
    vertices: [vertices, ["V", 3]],
    out: [screen, ["V", 3]],
    rotation: [pose.rotation, [4]],
    translation: [pose.translation, [2]],
  });
  const m = quaternionToMatrix(pose.rotation).map((value) => value * pose.scale);
  const [a, b, c, d, e, f, g, h, i] = m;
  const tx = pose.translation[0], ty = pose.translation[1];
  const halfInverseDepth = 0.5 / (1 + Math.exp(pose.perspective));
  for (let o = 0; o < vertices.length; o += 3) {
    const x = vertices[o], y = vertices[o + 1], z = vertices[o + 2];
    const depth = g * x + h * y + i * z;
    const tilt = depth * halfInverseDepth;
    const factor = (1 - tilt) / (1 + tilt);
    screen[o] = (a * x + b * y + c * z + tx) * factor;
    screen[o + 1] = -(d * x + e * y + f * z + ty) * factor;
    screen[o + 2] = -depth;
  }
  return screen;
}

/**
 * Gradient of `projectVertices`. Adds to `gradientPose` and `gradientVertices`; the rotation's gradient is that of the
 * four free numbers, without a projection to unit length.
 *
 * @param vertices Object frame, `[V, 3]`
 * @param pose Pose of the object, as in the forward pass
 * @param gradientScreen Gradient of the screen positions, `[V, 3]`, or `[V, 2]` when nothing flows to z
 * @param gradientPose Added to: rotation (4), scale, translation (2), perspective, `[8]`
 * @param gradientVertices Added to, `[V, 3]`; left out by default
 * @throws {TypeError} If a shape does not match
 */
export function projectVerticesBackward(
  vertices: FloatArray,
  pose: Pose,
  gradientScreen: FloatArray,
  gradientPose: FloatArray,
  gradientVertices?: FloatArray,
): void {
  const { V } = checkShapes("propagate gradients to a pose", {
    vertices: [vertices, ["V", 3]],
    gradientPose: [gradientPose, [POSE_PARAMETERS]],
    ...(gradientVertices && { gradientVertices: [gradientVertices, ["V", 3]] as const }),
  });
  const stride = gradientScreen.length === 2 * V ? 2 : 3;
  checkShapes("propagate gradients to a pose", { gradientScreen: [gradientScreen, [V, stride]] });
  const rotation = quaternionToMatrix(pose.rotation); // [3, 3]
  const [a, b, c, d, e, f, g, h, i] = rotation;
  const { scale } = pose;
  const tx = pose.translation[0], ty = pose.translation[1];
  const inverseDepth = 1 / (1 + Math.exp(pose.perspective));
  const outer = new Float64Array(9); // [3, 3], sum of (camera gradient) (object position)ᵀ
  let gradientTx = 0, gradientTy = 0, gradientPerspective = 0;
  for (let v = 0, o = 0, q = 0; v < V; v++, o += 3, q += stride) {
    const x = vertices[o], y = vertices[o + 1], z = vertices[o + 2];
    const px = scale * (a * x + b * y + c * z) + tx;
    const py = scale * (d * x + e * y + f * z) + ty;
    const pz = scale * (g * x + h * y + i * z);
    const tilt = 0.5 * pz * inverseDepth;
    const inverse = 1 / (1 + tilt);
    const factor = (1 - tilt) * inverse;
    const gx = gradientScreen[q] * factor, gy = -gradientScreen[q + 1] * factor;
    const gradientFactor = (gradientScreen[q] * px - gradientScreen[q + 1] * py) * inverse * inverse;
    let gz = -gradientFactor * inverseDepth;
    if (stride === 3) gz -= gradientScreen[q + 2];
    gradientTx += gx;
    gradientTy += gy;
    gradientPerspective += gradientFactor * pz * inverseDepth * (1 - inverseDepth);
    outer[0] += gx * x, outer[1] += gx * y, outer[2] += gx * z;
    outer[3] += gy * x, outer[4] += gy * y, outer[5] += gy * z;
    outer[6] += gz * x, outer[7] += gz * y, outer[8] += gz * z;
    if (gradientVertices) {
      gradientVertices[o] += scale * (a * gx + d * gy + g * gz);
      gradientVertices[o + 1] += scale * (b * gx + e * gy + h * gz);
      gradientVertices[o + 2] += scale * (c * gx + f * gy + i * gz);
    }
  }
  addRotationGradient(pose.rotation, outer, scale, gradientPose);
  for (let k = 0; k < 9; k++) gradientPose[4] += outer[k] * rotation[k];
  gradientPose[5] += gradientTx;
  gradientPose[6] += gradientTy;
  gradientPose[7] += gradientPerspective;
}

/**
 * Adds the gradient of a quaternion, given that of its matrix.
 *
 * @param rotation Quaternion (w, x, y, z), `[4]`
 * @param m Gradient of its matrix, `[3, 3]`
 * @param factor Of the gradient
 * @param gradient Added to, `[4]` or longer
 */
export function addRotationGradient(
  rotation: ArrayLike<number>,
  m: Float64Array,
  factor: number,
  gradient: FloatArray,
): void {
  const [w, x, y, z] = [rotation[0], rotation[1], rotation[2], rotation[3]];
  const s = 2 * factor;
  gradient[0] += s * (x * (m[7] - m[5]) + y * (m[2] - m[6]) + z * (m[3] - m[1]));
  gradient[1] += s * (y * (m[1] + m[3]) + z * (m[2] + m[6]) + w * (m[7] - m[5]) - 2 * x * (m[4] + m[8]));
  gradient[2] += s * (x * (m[1] + m[3]) + z * (m[5] + m[7]) + w * (m[2] - m[6]) - 2 * y * (m[0] + m[8]));
  gradient[3] += s * (x * (m[2] + m[6]) + y * (m[5] + m[7]) + w * (m[3] - m[1]) - 2 * z * (m[0] + m[4]));
}
