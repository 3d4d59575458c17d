/**
 * Interpolation of values of a mesh over a rasterised view, correct in perspective, with gradients of the values and of
 * the screen positions.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { interpolateAttributes, interpolateAttributesBackward } from "./interpolate.ts";
import type { Fragments } from "./rasterize.ts";

/** Values of a mesh: at vertices (`indices` are the faces), at texture coordinates (`faceUvs`), or anything else. */
export interface MeshAttribute {
  /** Rows of values, `[N, D]`. */
  readonly values: FloatArray;
  /** Row at each corner of each face, `[F, 3]`. */
  readonly indices: Int32Array;
  /** Length of a row, D. */
  readonly channels: number;
}

/** A mesh on the screen. */
export interface ScreenMesh {
  /** Screen positions with 1 / w, `[V, 4]`. */
  readonly screen: FloatArray;
  /** Vertex indices, `[F, 3]`. */
  readonly faces: Int32Array;
}

/** Corner values times 1 / w, and 1 / w behind them, `[F, 3, D + 1]`. */
function weightedCorners(attribute: MeshAttribute, { screen, faces }: ScreenMesh): FloatArray {
  const { values, indices, channels: D } = attribute;
  const N = values.length / D, corners = zerosLike(values, faces.length * (D + 1));
  for (let i = 0; i < faces.length; i++) {
    const row = indices[i], q = screen[4 * faces[i] + 3];
    if (!(row >= 0 && row < N)) {
      throw new RangeError(
        `Cannot interpolate a mesh with face ${Math.floor(i / 3)} naming a row outside 0 to ${
          N - 1
        }: current ` +
          `value is ${row}`,
      );
    }
    for (let d = 0; d < D; d++) corners[i * (D + 1) + d] = values[row * D + d] * q;
    corners[i * (D + 1) + D] = q;
  }
  return corners;
}

function check(attribute: MeshAttribute, { screen, faces }: ScreenMesh): void {
  checkShapes("interpolate a mesh", {
    values: [attribute.values, ["N", attribute.channels]],
    faces: [faces, ["F", 3]],
    indices: [attribute.indices, ["F", 3]],
    screen: [screen, ["V", 4]],
  });
}

/**
 * Interpolates values at every covered pixel; other pixels are 0.
 *
 * @param attribute Values and where they lie
 * @param mesh Mesh on the screen
 * @param fragments Its rasterised view, `[H, W]`
 * @returns Image, `[H, W, D]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If an index is out of range
 */
export function interpolateMesh(
  attribute: MeshAttribute,
  mesh: ScreenMesh,
  fragments: Fragments,
): FloatArray {
  check(attribute, mesh);
  const D = attribute.channels, pixels = fragments.height * fragments.width;
  const corners = { values: weightedCorners(attribute, mesh), channels: D + 1 };
  const weighted = interpolateAttributes(corners, fragments); // [H, W, D + 1]
  const image = zerosLike(attribute.values, pixels * D); // [H, W, D]
  for (let o = 0; o < pixels; o++) {
    if (fragments.faceIndex[o] < 0) continue;
    const w = 1 / weighted[o * (D + 1) + D];
    for (let d = 0; d < D; d++) image[o * D + d] = weighted[o * (D + 1) + d] * w;
  }
  return image;
}

/** What the backward pass of `interpolateMesh` adds to. */
export interface MeshGradients {
  /** Gradient of the values, `[N, D]`. */
  values?: FloatArray;
  /** Gradient of the screen positions, `[V, 4]`; nothing flows to z. */
  screen?: FloatArray;
}

/**
 * Gradient of `interpolateMesh`, visibility held fixed.
 *
 * @param attribute As in the forward pass
 * @param mesh As in the forward pass
 * @param fragments As in the forward pass
 * @param gradientImage Gradient of the image, `[H, W, D]`
 * @param gradients Arrays that are added to
 * @throws {TypeError} If a shape does not match
 */
export function interpolateMeshBackward(
  attribute: MeshAttribute,
  mesh: ScreenMesh,
  fragments: Fragments,
  gradientImage: FloatArray,
  gradients: MeshGradients,
): void {
  check(attribute, mesh);
  const { values, indices, channels: D } = attribute, { screen, faces } = mesh;
  const { height, width, faceIndex } = fragments, V = screen.length / 4;
  checkShapes("propagate gradients of an interpolated mesh", {
    gradientImage: [gradientImage, [height, width, D]],
    ...(gradients.values && { gradientValues: [gradients.values, [values.length / D, D]] as const }),
    ...(gradients.screen && { gradientScreen: [gradients.screen, [V, 4]] as const }),
  });
  const corners = { values: weightedCorners(attribute, mesh), channels: D + 1 };
  const ofWeighted = interpolateAttributes(corners, fragments); // [H, W, D + 1], values and then their gradients
  for (let o = 0; o < height * width; o++) {
    if (faceIndex[o] < 0) continue;
    const p = o * (D + 1), w = 1 / ofWeighted[p + D];
    let along = 0;
    for (let d = 0; d < D; d++) {
      along += gradientImage[o * D + d] * ofWeighted[p + d] * w;
      ofWeighted[p + d] = gradientImage[o * D + d] * w;
    }
    ofWeighted[p + D] = -along * w;
  }
  const ofCorners = zerosLike(corners.values); // [F, 3, D + 1]
  const ofPositions = gradients.screen && zerosLike(screen, 2 * V); // [V, 2]
  const flat = { vertices: withoutW(screen), faces };
  interpolateAttributesBackward(corners, fragments, flat, ofWeighted, {
    attributes: ofCorners,
    vertices: ofPositions,
  });
  for (let i = 0; i < faces.length; i++) {
    const row = indices[i] * D, c = i * (D + 1), vertex = faces[i], q = screen[4 * vertex + 3];
    if (!(q === q)) continue; // not drawn
    let ofQ = ofCorners[c + D];
    for (let d = 0; d < D; d++) {
      ofQ += ofCorners[c + d] * values[row + d];
      if (gradients.values) gradients.values[row + d] += ofCorners[c + d] * q;
    }
    if (gradients.screen) gradients.screen[4 * vertex + 3] += ofQ;
  }
  if (!gradients.screen || !ofPositions) return;
  for (let v = 0; v < V; v++) {
    gradients.screen[4 * v] += ofPositions[2 * v];
    gradients.screen[4 * v + 1] += ofPositions[2 * v + 1];
  }
}

/** Positions without 1 / w, `[V, 3]`. */
function withoutW(screen: FloatArray): FloatArray {
  const flat = zerosLike(screen, screen.length / 4 * 3);
  for (let i = 0; i < flat.length; i++) flat[i] = screen[4 * Math.floor(i / 3) + i % 3];
  return flat;
}
