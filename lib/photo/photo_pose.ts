/**
 * Poses that a photograph may have, and their names for people.
 *
 * @module
 */
import { azimuthDegrees, azimuthError } from "../metrics/azimuth_error.ts";
import { START_PERSPECTIVE, startScale } from "../pose/start_views.ts";
import { viewDirection } from "../pose/view_direction.ts";
import type { Pose } from "../rendering/cameras.ts";
import { turntableRotation } from "../rendering/turntable_rotation.ts";

/** A pose that a photograph may have. */
export interface PhotoPose {
  /** Where the template stands in the crop. */
  readonly pose: Pose;
  /** Number of the template. */
  readonly template: number;
  /** IoU of the template's silhouette with the mask, 0 to 1. */
  readonly iou: number;
  /** How likely it is among the others; larger is better. */
  readonly score: number;
}

/** From where a photograph was taken. */
export interface PhotoDirection {
  /** Degrees in [0, 360): 0 shows the object's front, 90 its left side, with the front to the image's left. */
  readonly azimuth: number;
  /** Degrees: 0 is level, 90 straight from above. */
  readonly elevation: number;
}

/** Sides of an object, from its front on around its left side. */
const SIDES = ["front", "front left", "left", "rear left", "rear", "rear right", "right", "front right"];

/** The direction of a pose, as people and files are told it. */
export function directionOfPose({ rotation }: Pose): PhotoDirection {
  return { azimuth: (azimuthDegrees(rotation) + 360) % 360, elevation: viewDirection(rotation).elevation };
}

/**
 * An upright pose that looks from a direction, in which a template nearly fills the crop.
 *
 * @param direction From where the camera looks, degrees
 * @param vertices The template, `[V, 3]`
 */
export function poseOfDirection({ azimuth, elevation }: PhotoDirection, vertices: Float32Array): Pose {
  const rotation = turntableRotation(azimuth, elevation);
  const scale = startScale(vertices, rotation);
  return { rotation, scale, translation: [0, 0], perspective: START_PERSPECTIVE };
}

/** The side of the object that a photograph shows: `front`, `front left`, `left` and so on. */
export function sideOfAzimuth(azimuth: number): string {
  return SIDES[(Math.round(azimuth / 45) % 8 + 8) % 8];
}

/** The angle between the azimuths of two poses, degrees from 0 to 180. */
export function azimuthBetween(a: Pose, b: Pose): number {
  return azimuthError(azimuthDegrees(a.rotation), azimuthDegrees(b.rotation));
}
