/**
 * Interpolation of values at face corners over a rasterised view, with gradients of the values and of the vertices.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../../lib/core/arrays.ts";
import { checkShapes } from "../../lib/core/shapes.ts";
import type { Fragments } from "../../lib/rendering/rasterize.ts";
import { interpolateForward } from "../../lib/rendering/_interpolate_kernel.ts";
import { interpolateBackwardAttributes, interpolateBackwardVertices } from "./interpolate_backward.ts";

/** Values at the corners of faces. */
export interface CornerAttributes {
  /** Values, `[F, 3, D]`. */
  readonly values: FloatArray;
  /** Values at one corner, D. */
  readonly channels: number;
}

/**
 * Interpolates corner attributes at every covered pixel, linearly on the screen; other pixels are 0.
 *
 * @param attributes Values at the corners, `[F, 3, D]`
 * @param fragments Rasterised view, `[H, W]`
 * @param out Where to write, `[H, W, D]`; new by default
 * @returns Image, `[H, W, D]`
 * @throws {TypeError} If a shape does not match
 */
export function interpolateAttributes(
  attributes: CornerAttributes,
  fragments: Fragments,
  out?: FloatArray,
): FloatArray {
  const { values, channels } = attributes;
  const { faceIndex, barycentric, height, width } = fragments;
  const image = out ?? zerosLike(values, height * width * channels); // [H, W, D]
  checkShapes("interpolate attributes", {
    attributes: [values, ["F", 3, channels]],
    out: [image, [height, width, channels]],
  });
  interpolateForward(values, channels, faceIndex, barycentric, image);
  return image;
}

/** What the backward pass of the interpolation adds to. */
export interface InterpolationGradients {
  /** Gradient of the corner values, `[F, 3, D]`. */
  attributes?: FloatArray;
  /** Gradient of the vertices' screen x and y, `[V, 2]`; needs the mesh. */
  vertices?: FloatArray;
}

/**
 * Gradient of `interpolateAttributes`. Visibility and depth are held fixed, so nothing flows to z.
 *
 * @param attributes As in the forward pass, `[F, 3, D]`
 * @param fragments As in the forward pass
 * @param mesh Screen positions `[V, 3]` and faces `[F, 3]` that the fragments were made from
 * @param gradientImage Gradient of the image, `[H, W, D]`
 * @param gradients Arrays that are added to
 * @throws {TypeError} If a shape does not match
 */
export function interpolateAttributesBackward(
  attributes: CornerAttributes,
  fragments: Fragments,
  mesh: { readonly vertices: FloatArray; readonly faces: Int32Array },
  gradientImage: FloatArray,
  gradients: InterpolationGradients,
): void {
  const { values, channels } = attributes;
  const { faceIndex, barycentric, height, width } = fragments;
  checkShapes("propagate gradients of interpolated attributes", {
    attributes: [values, ["F", 3, channels]],
    faces: [mesh.faces, ["F", 3]],
    vertices: [mesh.vertices, ["V", 3]],
    gradientImage: [gradientImage, [height, width, channels]],
    ...(gradients.attributes && { gradientAttributes: [gradients.attributes, ["F", 3, channels]] as const }),
    ...(gradients.vertices && { gradientVertices: [gradients.vertices, ["V", 2]] as const }),
  });
  if (gradients.attributes) {
    interpolateBackwardAttributes(channels, faceIndex, barycentric, gradientImage, gradients.attributes);
  }
  if (gradients.vertices) {
    const { vertices, faces } = mesh;
    interpolateBackwardVertices(
      values,
      channels,
      faceIndex,
      barycentric,
      vertices,
      faces,
      gradientImage,
      gradients.vertices,
    );
  }
}
