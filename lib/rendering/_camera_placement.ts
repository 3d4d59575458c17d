/**
 * From the parameters of a camera to its rotation and translation, and the gradient back.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { addRotationGradient } from "./cameras.ts";
import { quaternionToMatrix } from "./quaternion.ts";

/** Where a camera stands, and its lens. */
export interface PlacedCamera {
  /** Rotation matrix, `[3, 3]`. */
  readonly rotation: Float64Array;
  /** Translation, `[3]`. */
  readonly translation: Float64Array;
  /** Focal x, focal y, centre x, centre y, `[4]`. */
  readonly lens: ArrayLike<number>;
}

type Vector = [number, number, number];

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const add = (a: Vector, b: Vector, factor = 1): Vector => [
  a[0] + factor * b[0],
  a[1] + factor * b[1],
  a[2] + factor * b[2],
];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const rowOf = (m: ArrayLike<number>, i: number): Vector => [m[i], m[i + 1], m[i + 2]];
const unit = (a: Vector): Vector => a.map((value) => value / Math.hypot(...a)) as Vector;
/** Gradient of a, given that of n = a / |a|. */
const unitBackward = (a: Vector, n: Vector, gradient: Vector): Vector =>
  add(gradient, n, -dot(n, gradient)).map((value) => value / Math.hypot(...a)) as Vector;

/** Rows of the rotation that looks from eye to target, and what they are made of. */
function lookAtAxes(p: FloatArray) {
  const eye = rowOf(p, 0), up = rowOf(p, 6);
  const view = add(rowOf(p, 3), eye, -1), forward = unit(view);
  const across = cross(forward, up), right = unit(across);
  return { eye, up, view, forward, across, right, down: cross(forward, right) };
}

/** Places a camera whose rotation and translation (`isLookAt`: eye, target, up) lead its parameters. */
export function placeCamera(parameters: FloatArray, isLookAt: boolean): PlacedCamera {
  if (!isLookAt) {
    return {
      rotation: quaternionToMatrix(parameters.subarray(0, 4)),
      translation: Float64Array.from(parameters.subarray(4, 7)),
      lens: parameters.subarray(7, 11),
    };
  }
  const { eye, right, down, forward } = lookAtAxes(parameters);
  return {
    rotation: Float64Array.of(...right, ...down, ...forward),
    translation: Float64Array.of(-dot(right, eye), -dot(down, eye), -dot(forward, eye)),
    lens: parameters.subarray(9, 13),
  };
}

/**
 * Gradient of `placeCamera`.
 *
 * @param ofRotation Gradient of the rotation matrix, `[3, 3]`
 * @param ofTranslation Gradient of the translation, `[3]`
 * @param ofLens Gradient of the lens, `[4]`
 * @param gradient Added to, `[P]`
 */
export function placeCameraBackward(
  parameters: FloatArray,
  isLookAt: boolean,
  ofRotation: Float64Array,
  ofTranslation: Float64Array,
  ofLens: ArrayLike<number>,
  gradient: FloatArray,
): void {
  const lensAt = isLookAt ? 9 : 7;
  for (let k = 0; k < 4; k++) gradient[lensAt + k] += ofLens[k];
  if (!isLookAt) {
    addRotationGradient(parameters.subarray(0, 4), ofRotation, 1, gradient);
    for (let k = 0; k < 3; k++) gradient[4 + k] += ofTranslation[k];
    return;
  }
  const { eye, up, view, forward, across, right, down } = lookAtAxes(parameters);
  const axes = [right, down, forward];
  let ofEye: Vector = [0, 0, 0];
  const [ofRight, ofDown, ofForward] = axes.map((axis, i) => {
    ofEye = add(ofEye, axis, -ofTranslation[i]);
    return add(rowOf(ofRotation, 3 * i), eye, -ofTranslation[i]);
  });
  // down = forward × right, right = across / |across|, across = forward × up
  const ofAcross = unitBackward(across, right, add(ofRight, cross(ofDown, forward)));
  const ofUp = cross(ofAcross, forward);
  const toForward = add(add(ofForward, cross(right, ofDown)), cross(up, ofAcross));
  const ofView = unitBackward(view, forward, toForward);
  ofEye = add(ofEye, ofView, -1);
  [...ofEye, ...ofView, ...ofUp].forEach((value, k) => gradient[k] += value);
}
