/**
 * From object positions to the screen by a named camera, with gradients of both.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { type Camera, CAMERA_PARAMETERS } from "./camera.ts";
import { projectVertices, projectVerticesBackward } from "./cameras.ts";
import { placeCamera, placeCameraBackward } from "./_camera_placement.ts";

/** Vertices are kept this far from the plane of a pinhole, where there is no 1 / w; object units. */
const LEAST_DISTANCE = 1e-6;

/** 1 / w of a pinhole, negative behind it. */
function inverseOf(distance: number): number {
  if (Math.abs(distance) >= LEAST_DISTANCE) return 1 / distance;
  return (distance < 0 ? -1 : 1) / LEAST_DISTANCE;
}

/** A camera with parameters in float32 or float64. */
export interface CameraRow {
  /** What the parameters mean. */
  readonly projection: Camera["projection"];
  /** Parameters, `[P]`. */
  readonly parameters: FloatArray;
}

function poseOf(p: FloatArray) {
  return { rotation: p.subarray(0, 4), scale: p[4], translation: p.subarray(5, 7), perspective: p[7] };
}

/**
 * Projects vertices to the screen: x right and y up in NDC, z = −distance (larger is nearer), and 1 / w, by which
 * attributes are corrected for perspective (1 where they are linear on the screen). Behind a pinhole 1 / w is negative, by
 * which `rasterizeMesh` and `softMask` know what is in front.
 *
 * @param vertices Object frame, `[V, 3]`
 * @param camera Camera
 * @returns Screen positions, `[V, 4]`
 * @throws {TypeError} If a shape does not match
 */
export function projectToScreen(vertices: FloatArray, camera: CameraRow): FloatArray {
  const { projection, parameters } = camera;
  const { V } = checkShapes("project vertices", {
    vertices: [vertices, ["V", 3]],
    parameters: [parameters, [CAMERA_PARAMETERS[projection]]],
  });
  const screen = zerosLike(vertices, 4 * V); // [V, 4]
  if (projection === "pose") {
    const flat = projectVertices(vertices, poseOf(parameters));
    for (let v = 0; v < V; v++) {
      for (let k = 0; k < 3; k++) screen[4 * v + k] = flat[3 * v + k];
      screen[4 * v + 3] = 1;
    }
    return screen;
  }
  const { rotation: r, translation: t, lens } = placeCamera(parameters, projection === "lookAt");
  for (let v = 0; v < V; v++) {
    const x = vertices[3 * v], y = vertices[3 * v + 1], z = vertices[3 * v + 2];
    const distance = r[6] * x + r[7] * y + r[8] * z + t[2];
    const q = projection === "orthographic" ? 1 : inverseOf(distance);
    screen[4 * v] = lens[0] * (r[0] * x + r[1] * y + r[2] * z + t[0]) * q + lens[2];
    screen[4 * v + 1] = lens[3] - lens[1] * (r[3] * x + r[4] * y + r[5] * z + t[1]) * q;
    screen[4 * v + 2] = -distance;
    screen[4 * v + 3] = q;
  }
  return screen;
}

/**
 * Gradient of `projectToScreen`. A quaternion's gradient is that of its four free numbers.
 *
 * @param vertices As in the forward pass, `[V, 3]`
 * @param camera As in the forward pass
 * @param gradientScreen Gradient of the screen positions, `[V, 4]`
 * @param gradients Added to: that of the vertices `[V, 3]` and of the camera's parameters `[P]`, where given
 * @throws {TypeError} If a shape does not match
 */
export function projectToScreenBackward(
  vertices: FloatArray,
  camera: CameraRow,
  gradientScreen: FloatArray,
  gradients: { vertices?: FloatArray; parameters?: FloatArray },
): void {
  const { projection, parameters } = camera, P = CAMERA_PARAMETERS[projection];
  const { V } = checkShapes("propagate gradients to a camera", {
    vertices: [vertices, ["V", 3]],
    parameters: [parameters, [P]],
    gradientScreen: [gradientScreen, ["V", 4]],
    ...(gradients.vertices && { gradientVertices: [gradients.vertices, ["V", 3]] as const }),
    ...(gradients.parameters && { gradientParameters: [gradients.parameters, [P]] as const }),
  });
  const ofParameters = gradients.parameters ?? new Float64Array(P), ofVertices = gradients.vertices;
  if (projection === "pose") {
    const flat = zerosLike(vertices); // [V, 3]
    for (let i = 0; i < flat.length; i++) flat[i] = gradientScreen[4 * Math.floor(i / 3) + i % 3];
    projectVerticesBackward(vertices, poseOf(parameters), flat, ofParameters, ofVertices);
    return;
  }
  const isLookAt = projection === "lookAt", isOrthographic = projection === "orthographic";
  const { rotation: r, translation: t, lens } = placeCamera(parameters, isLookAt);
  const ofRotation = new Float64Array(9), ofTranslation = new Float64Array(3), ofLens = new Float64Array(4);
  for (let v = 0; v < V; v++) {
    const x = vertices[3 * v], y = vertices[3 * v + 1], z = vertices[3 * v + 2];
    const distance = r[6] * x + r[7] * y + r[8] * z + t[2];
    const q = isOrthographic ? 1 : inverseOf(distance);
    const px = r[0] * x + r[1] * y + r[2] * z + t[0], py = r[3] * x + r[4] * y + r[5] * z + t[1];
    const gx = gradientScreen[4 * v], gy = gradientScreen[4 * v + 1];
    const ofX = gx * lens[0] * q, ofY = -gy * lens[1] * q;
    let ofZ = -gradientScreen[4 * v + 2];
    if (!isOrthographic && Math.abs(distance) >= LEAST_DISTANCE) {
      ofZ -= (gx * lens[0] * px - gy * lens[1] * py + gradientScreen[4 * v + 3]) * q * q;
    }
    ofLens[0] += gx * px * q, ofLens[1] -= gy * py * q, ofLens[2] += gx, ofLens[3] += gy;
    [ofX, ofY, ofZ].forEach((g, i) => {
      ofTranslation[i] += g;
      ofRotation[3 * i] += g * x, ofRotation[3 * i + 1] += g * y, ofRotation[3 * i + 2] += g * z;
      if (!ofVertices) return;
      for (let k = 0; k < 3; k++) ofVertices[3 * v + k] += g * r[3 * i + k];
    });
  }
  placeCameraBackward(parameters, isLookAt, ofRotation, ofTranslation, ofLens, ofParameters);
}
