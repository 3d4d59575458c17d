/**
 * Interpolation of values of a mesh over a rasterised view, correct in perspective, with gradients of the values and of
 * the screen positions.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import {
  type InterpolatedScene,
  interpolateMeshBackward as propagate,
  interpolateMeshForward,
} from "./_interpolate_mesh_kernel.ts";
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

function check(attribute: MeshAttribute, { screen, faces }: ScreenMesh): void {
  const { N } = checkShapes("interpolate a mesh", {
    values: [attribute.values, ["N", attribute.channels]],
    faces: [faces, ["F", 3]],
    indices: [attribute.indices, ["F", 3]],
    screen: [screen, ["V", 4]],
  });
  const { indices } = attribute;
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] >= 0 && indices[i] < N) continue;
    throw new RangeError(
      `Cannot interpolate a mesh with face ${Math.floor(i / 3)} naming a row outside 0 to ${N - 1}: ` +
        `current value is ${indices[i]}`,
    );
  }
}

/** What the loops read. */
function sceneOf(attribute: MeshAttribute, mesh: ScreenMesh, fragments: Fragments): InterpolatedScene {
  const { faceIndex, barycentric, rows, width } = fragments;
  const range = { firstPixel: rows.first * width, endPixel: rows.end * width };
  return { ...attribute, ...mesh, faceIndex, barycentric, ...range };
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
  const { height, width } = fragments;
  const image = zerosLike(attribute.values, height * width * attribute.channels); // [H, W, D]
  interpolateMeshForward(sceneOf(attribute, mesh, fragments), image);
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
  const { values, channels: D } = attribute, { height, width } = fragments, V = mesh.screen.length / 4;
  checkShapes("propagate gradients of an interpolated mesh", {
    gradientImage: [gradientImage, [height, width, D]],
    ...(gradients.values && { gradientValues: [gradients.values, [values.length / D, D]] as const }),
    ...(gradients.screen && { gradientScreen: [gradients.screen, [V, 4]] as const }),
  });
  const scene = sceneOf(attribute, mesh, fragments);
  propagate(scene, gradientImage, gradients.values ?? null, gradients.screen ?? null);
}
