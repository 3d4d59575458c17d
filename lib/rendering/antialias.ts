/**
 * Edge antialiasing of a rendered image, by which the contour gets a gradient.
 *
 * The rule follows S. Laine et al., "Modular Primitives for High-Performance Differentiable Rendering" (2020), section
 * 3.4: pixels on both sides of a contour are blended by where it passes between their centres. Beyond it, contours are
 * found also where they belong to a face that no pixel shows.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import {
  antialiasBackward as propagate,
  antialiasForward,
  type AntialiasScene,
} from "./_antialias_kernel.ts";
import { adjacentSides } from "./_adjacent_sides.ts";
import { checkFaces } from "./check_faces.ts";
import type { ScreenMesh } from "./interpolate_mesh.ts";
import type { Fragments } from "./rasterize.ts";
import { depthColumn } from "./rasterize_mesh.ts";

function sceneOf(action: string, image: FloatImage, mesh: ScreenMesh, fragments: Fragments): AntialiasScene {
  const { height, width, channels } = image,
    { screen, faces } = mesh,
    { faceIndex, barycentric, rows } = fragments;
  const { V } = checkShapes(action, {
    image: [image.data, [height, width, channels]],
    screen: [screen, ["V", 4]],
    faceIndex: [faceIndex, [height, width]],
  });
  checkFaces(action, faces, V);
  const adjacent = adjacentSides(faces), depth = depthColumn(screen);
  return { height, width, channels, screen, faces, adjacent, depth, faceIndex, barycentric, rows };
}

/**
 * Blends the pixels on the two sides of each contour: where a surface ends or turns away before something farther, or
 * before nothing. Any image of the fragments will do: colours, masks (then coverages), depths.
 *
 * @param image Image of the fragments, `[H, W, C]`
 * @param mesh Mesh on the screen
 * @param fragments Its rasterised view, `[H, W]`
 * @returns Blended image, `[H, W, C]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If a face is out of range
 */
export function antialias(image: FloatImage, mesh: ScreenMesh, fragments: Fragments): FloatArray {
  const scene = sceneOf("antialias an image", image, mesh, fragments), smooth = image.data.slice();
  antialiasForward(scene, image.data, smooth);
  return smooth;
}

/** What the backward pass of `antialias` adds to. */
export interface AntialiasGradients {
  /** Gradient of the image, `[H, W, C]`. */
  image?: FloatArray;
  /** Gradient of the screen positions, `[V, 4]`; nothing flows to z and 1 / w. */
  screen?: FloatArray;
}

/**
 * Gradient of `antialias`, visibility held fixed.
 *
 * @param image As in the forward pass, `[H, W, C]`
 * @param mesh As in the forward pass
 * @param fragments As in the forward pass
 * @param gradientSmooth Gradient of the blended image, `[H, W, C]`
 * @param gradients Arrays that are added to
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If a face is out of range
 */
export function antialiasBackward(
  image: FloatImage,
  mesh: ScreenMesh,
  fragments: Fragments,
  gradientSmooth: FloatArray,
  gradients: AntialiasGradients,
): void {
  const action = "propagate gradients of an antialiased image", length = image.data.length;
  const scene = sceneOf(action, image, mesh, fragments);
  checkShapes(action, {
    gradientSmooth: [gradientSmooth, [length]],
    ...(gradients.image && { gradientImage: [gradients.image, [length]] as const }),
    ...(gradients.screen && { gradientScreen: [gradients.screen, [mesh.screen.length]] as const }),
  });
  const ofImage = gradients.image ?? null;
  if (ofImage) { for (let i = 0; i < length; i++) ofImage[i] += gradientSmooth[i]; }
  propagate(scene, image.data, gradientSmooth, ofImage, gradients.screen ?? null);
}
