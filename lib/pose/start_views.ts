/**
 * Where the search for a pose starts: 40 views around the object, and the scale at which each fills the image.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { multiplyQuaternions, type Quaternion } from "../rendering/quaternion.ts";

/** Azimuths in degrees, the outer loop of the views. */
export const AZIMUTHS = [0, 45, 90, 135, 180, 225, 270, 315] as const;
/** Elevations in degrees, the inner loop; 90 is level, more looks down from above. */
export const ELEVATIONS = [45, 67.5, 90, 112.5, 135] as const;
/** Roll in degrees that puts the object's z axis upright. */
const ROLL = -90;
/** Start value of the perspective logit ζ. */
export const START_PERSPECTIVE = 2;
/** Share of the half image that the object fills at the start. */
const START_FILL = 0.9;

/**
 * Rotations of the start views.
 *
 * @returns Unit quaternions, `[40, 4]`; view = 5 · azimuth + elevation
 */
export function startViews(): Float64Array {
  const views = AZIMUTHS.flatMap((azimuth) =>
    ELEVATIONS.map((elevation) =>
      multiplyQuaternions(
        multiplyQuaternions(turnBack(ROLL, 3), turnBack(elevation, 2)),
        turnBack(azimuth, 3),
      )
    )
  );
  return Float64Array.from(views.flat()); // [40, 4]
}

/**
 * The scale at which a template nearly fills the image: 0.9 over the largest screen coordinate at scale 1. (Scale
 * moves depth too, so the largest coordinate afterwards is only near 0.9.)
 *
 * @param vertices Template, `[V, 3]`
 * @param rotation Unit quaternion, `[4]`
 * @returns Scale
 */
export function startScale(vertices: FloatArray, rotation: ArrayLike<number>): number {
  const pose: Pose = { rotation, scale: 1, translation: [0, 0], perspective: START_PERSPECTIVE };
  const screen = projectVertices(vertices, pose); // [V, 3]
  let largest = 0;
  for (let i = 0; i < screen.length; i += 3) {
    largest = Math.max(largest, Math.abs(screen[i]), Math.abs(screen[i + 1]));
  }
  return START_FILL / largest;
}

/** Rotation by minus `degrees` about an axis (1 x, 2 y, 3 z). */
function turnBack(degrees: number, axis: 1 | 2 | 3): Quaternion {
  const half = -degrees / 2 * Math.PI / 180;
  const q: Quaternion = [Math.cos(half), 0, 0, 0];
  q[axis] = Math.sin(half);
  return q;
}
