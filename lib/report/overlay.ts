/**
 * What a report draws over images: the contour of a posed mesh, and where its front is.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { toUnitColours } from "../core/unit_colours.ts";
import type { Sample } from "../datasets/dataset.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { rasterize } from "../rendering/rasterize.ts";
import { drawFrontMark } from "./front_mark.ts";

/** A sample's image on mid grey, `[r, r, 3]` in [0, 1]. */
export function sampleImage(sample: Sample): FloatImage {
  return toUnitColours(sample.image);
}

/** How a contour is drawn. */
export interface ContourOptions {
  /** Colour of the line just inside of the border, RGB in [0, 1]. */
  colour?: readonly [number, number, number];
  /** Colour of the line just outside of it, so that it is seen on any background; RGB in [0, 1]. */
  halo?: readonly [number, number, number];
  /** Thickness of each of the two lines in pixels. */
  thickness?: number;
}

/** Defaults of {@link ContourOptions}. */
export const CONTOUR_DEFAULTS = {
  colour: [0.93, 0.16, 0.12],
  halo: [1, 1, 1],
  thickness: 1,
} as const satisfies Required<ContourOptions>;

/**
 * Draws the border of a silhouette over an image.
 *
 * @param image Image in [0, 1], `[H, W, 3]`
 * @param silhouette Values in [0, 1], inside above ½, `[H, W]`
 * @param options Colours and thickness
 * @returns A new image
 */
export function drawContour(
  image: FloatImage,
  silhouette: FloatArray,
  options: ContourOptions = {},
): FloatImage {
  const { colour, halo, thickness } = { ...CONTOUR_DEFAULTS, ...options };
  const { height, width } = image;
  checkShapes("draw a contour", { silhouette: [silhouette, [height, width]] });
  const stride = width + 2 * thickness, offsets: number[] = [];
  for (let i = -thickness; i <= thickness; i++) {
    const reach = thickness - Math.abs(i);
    for (let j = -reach; j <= reach; j++) offsets.push(i * stride + j);
  }
  const inside = new Uint8Array(stride * (height + 2 * thickness)); // with a margin all around
  for (let p = 0; p < silhouette.length; p++) {
    const row = Math.floor(p / width) + thickness;
    if (silhouette[p] > 0.5) inside[row * stride + thickness + p % width] = 1;
  }
  const data = new Float32Array(image.data);
  for (let p = 0; p < silhouette.length; p++) {
    const at = (Math.floor(p / width) + thickness) * stride + thickness + p % width;
    const here = inside[at];
    if (offsets.some((offset) => inside[at + offset] !== here)) data.set(here ? colour : halo, 3 * p);
  }
  return { ...image, data };
}

/**
 * A sample's image with the contour of a mesh at a pose, and a mark at its front.
 *
 * @param sample The photograph
 * @param mesh Vertices in the object frame, `[V, 3]`, and faces, `[F, 3]`
 * @param pose Pose of the mesh
 * @param options Look of the contour
 * @returns Colours in [0, 1], `[r, r, 3]`
 */
export function poseOverlay(
  sample: Sample,
  mesh: Pick<Mesh, "vertices" | "faces">,
  pose: Pose,
  options: ContourOptions = {},
): FloatImage {
  const { height, width } = sample.image;
  const { faceIndex } = rasterize(projectVertices(mesh.vertices, pose), mesh.faces, height, width);
  const silhouette = new Float32Array(faceIndex.length); // [r, r]
  faceIndex.forEach((face, p) => silhouette[p] = face < 0 ? 0 : 1);
  const overlay = drawContour(sampleImage(sample), silhouette, options);
  drawFrontMark(overlay, mesh.vertices, pose, options.thickness ?? CONTOUR_DEFAULTS.thickness);
  return overlay;
}
