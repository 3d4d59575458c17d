/**
 * True poses from the cameras of annotated renders.
 *
 * @module
 */
import * as v from "valibot";
import type { Pose } from "../rendering/cameras.ts";
import {
  matrixToQuaternion,
  multiplyQuaternions,
  normalizeQuaternion,
  type Quaternion,
  rotateByQuaternion,
} from "../rendering/quaternion.ts";
import type { Crop } from "./crop.ts";

const NUMBER = v.pipe(v.number(), v.finite());
const ROW = v.tuple([NUMBER, NUMBER, NUMBER]);

/** Scale, translation and depth of a projection. */
export interface RationalProjection {
  /** Factor from object units. */
  scale: number;
  /** Translation in NDC of the whole image, y down, `[2]`. */
  translation: [number, number];
  /** Depth d. */
  z0: number;
}

/**
 * `camera` of an annotation. The model frame has y up, z to the front and x to the object's left.
 *
 * `rational` describes the projection u = (s·R·X + t)(d − z/2)/(d + z/2) to the NDC of the whole image (y down), z the
 * depth of s·R·X; without it the pinhole at `distance` is taken, which is nearly the same with d = distance.
 */
export interface AnnotatedCamera {
  /** Rotation from the model frame to the camera (x right, y down, z away), `[3, 3]`. */
  R: [[number, number, number], [number, number, number], [number, number, number]];
  /** Factor from object units. */
  scale?: number;
  /** Translation in the plane at `distance`, where half the image is one unit, y down, `[2]`. */
  translation?: [number, number];
  /** Distance of the pinhole. */
  distance?: number;
  /** The nearest rational projection with the same rotation. */
  rational?: RationalProjection;
}

/** Schema of {@link AnnotatedCamera}. */
export const CAMERA_SCHEMA: v.GenericSchema<unknown, AnnotatedCamera> = v.object({
  R: v.tuple([ROW, ROW, ROW]),
  scale: v.optional(NUMBER),
  translation: v.optional(v.tuple([NUMBER, NUMBER])),
  distance: v.optional(NUMBER),
  rational: v.optional(v.object({ scale: NUMBER, translation: v.tuple([NUMBER, NUMBER]), z0: NUMBER })),
});

/**
 * The pose in a crop of an image: our object frame (z up, front −y), and scale, translation and depth in the crop's
 * NDC.
 *
 * A crop beside the image's centre sees the object from the side a little, so the camera is turned to the crop's
 * centre; what remains is the keystone of that turn.
 *
 * @param camera Camera of the whole image
 * @param side Rows and columns of the image
 * @param crop Crop of the image
 * @returns The pose; null if the camera lacks scale, translation or a usable distance
 */
export function truePoseInCrop(camera: AnnotatedCamera, side: number, crop: Crop): Pose | null {
  const pinhole = pinholeOf(camera);
  if (!pinhole) return null;
  const { distance, scale, translation, rationalScale, rationalDepth } = pinhole;
  const centre = [(2 * crop.x + crop.size) / side - 1, (2 * crop.y + crop.size) / side - 1]; // NDC of the image
  const turn = turnToAxis(centre[0], centre[1], distance);
  const place = rotateByQuaternion(turn, [translation[0], translation[1], distance]);
  const cosine = distance / Math.hypot(centre[0], centre[1], distance);
  // local magnification at the crop's centre: 1 / cos² along the radius, 1 / cos across
  const focal = distance * Math.pow(cosine, -1.5) * side / crop.size;
  const factor = focal / place[2];
  const depth = focal * rationalDepth;
  if (!(scale > 0 && place[2] > 0 && depth > 1)) return null;
  // columns of R · M with M = [[1, 0, 0], [0, 0, 1], [0, −1, 0]]: our x, −z and y of the model frame
  const rotation = matrixToQuaternion(camera.R.flatMap(([x, y, z]) => [x, -z, y]));
  return {
    rotation: multiplyQuaternions(turn, rotation),
    scale: scale * factor * rationalScale,
    translation: [place[0] * factor, place[1] * factor],
    perspective: Math.log(depth - 1),
  };
}

/** The pinhole of a camera, and by how much scale and depth of the rational projection differ from it. */
function pinholeOf({ scale, translation, distance, rational }: AnnotatedCamera) {
  if (scale !== undefined && translation && distance !== undefined) {
    return {
      distance,
      scale,
      translation,
      rationalScale: (rational?.scale ?? scale) / scale,
      rationalDepth: (rational?.z0 ?? distance) / distance,
    };
  }
  if (!rational) return null;
  return { ...rational, distance: rational.z0, rationalScale: 1, rationalDepth: 1 };
}

/** The smallest rotation that takes the direction (x, y, z) to the axis (0, 0, 1). */
function turnToAxis(x: number, y: number, z: number): Quaternion {
  return normalizeQuaternion([Math.hypot(x, y, z) + z, y, -x, 0]);
}
