/**
 * How well an object under a pose looks like a photograph.
 *
 * @module
 */
import { type FloatArray, type FloatImage, floatImage } from "../core/arrays.ts";
import { toUnitColours } from "../core/unit_colours.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { hardSilhouette } from "../rendering/hard_silhouette.ts";
import { renderImage } from "../rendering/render_image.ts";
import type { FeaturePyramid, ImagePair } from "./feature_pyramid.ts";
import { iou } from "./iou.ts";
import { MID_GREY, psnrInside } from "./psnr.ts";
import { ssimInside } from "./structural_similarity.ts";

/** An object on the sphere topology. */
export interface TexturedObject {
  /** Positions in the object frame, `[V, 3]`. */
  readonly vertices: FloatArray;
  /** Colours in [−1, 1], `[R, R, 3]`; null if the object has none. */
  readonly texture: FloatImage | null;
}

/** What an object is compared with; a `Sample` of a data set is one. */
export interface ObservedObject {
  /** Colours in [−1, 1] times the mask, `[S, S, 3]`. */
  readonly image: FloatImage;
  /** Share of the object in each pixel, `[S, S, 1]`. */
  readonly mask: FloatImage;
}

/** Figures of one object in one photograph. */
export interface ObjectFigures {
  /** IoU of the mesh's hard silhouette and the mask, 0 to 1. */
  readonly iou: number;
  /** PSNR inside the mask, decibels; null without a texture. */
  readonly psnr: number | null;
  /** Structural similarity inside the mask, −1 to 1; null without a texture. */
  readonly ssim: number | null;
  /** Feature distance inside the mask, 0 to 4; null without a texture or a network. */
  readonly lp: number | null;
}

/** Options of {@linkcode measureObjects}. */
export interface ObjectFiguresOptions {
  /** Network of the feature distance; null leaves it out. */
  pyramid?: FeaturePyramid | null;
  /** Whether texture columns lie as on a template with mirror symmetry. */
  symmetric?: boolean;
  /** Samples along each side of a pixel of the render, 1 to 8. */
  supersample?: number;
}

/** An object under a pose, and the photograph that it is compared with. */
export interface ObjectView {
  /** The object. */
  readonly object: TexturedObject;
  /** Its pose in the photograph's crop. */
  readonly pose: Pose;
  /** The photograph. */
  readonly observed: ObservedObject;
}

/**
 * Compares objects with photographs. Photographs should have at least `LEAST_HARD_SIZE` pixels a side.
 *
 * @param views Objects, poses and photographs
 * @param options Feature network, symmetry and sampling
 * @returns Figures of each
 * @throws {TypeError} If a shape does not match
 */
export async function measureObjects(
  views: readonly ObjectView[],
  options: ObjectFiguresOptions = {},
): Promise<ObjectFigures[]> {
  const { pyramid = null } = options;
  const pairs = views.map((view) => view.object.texture && imagePair(view, options));
  const textured = pairs.filter((pair) => pair !== null);
  const distances = pyramid && await pyramid.distances(textured);
  return views.map((view, i) => {
    const pair = pairs[i];
    return {
      iou: viewIou(view),
      psnr: pair && psnrInside(pair.render, pair.photograph, pair.mask),
      ssim: pair && ssimInside(pair.render, pair.photograph, pair.mask),
      lp: pair && distances && distances[textured.indexOf(pair)],
    };
  });
}

/**
 * Compares one object with one photograph.
 *
 * @param object Object
 * @param pose Its pose in the photograph's crop
 * @param observed Photograph
 * @param options Feature network, symmetry and sampling
 * @throws {TypeError} If a shape does not match
 */
export async function measureObject(
  object: TexturedObject,
  pose: Pose,
  observed: ObservedObject,
  options: ObjectFiguresOptions = {},
): Promise<ObjectFigures> {
  return (await measureObjects([{ object, pose, observed }], options))[0];
}

/** IoU of the hard silhouette and the mask. */
export function viewIou({ object, pose, observed: { mask } }: ObjectView): number {
  return iou(
    hardSilhouette(projectVertices(object.vertices, pose), sphereTopology().faces, mask.width),
    mask.data,
  );
}

/**
 * The render of an object beside the colours of its photograph; what the render misses of the mask is mid grey.
 *
 * @param view Object with a texture, pose and photograph
 * @param options Symmetry and sampling
 * @throws {TypeError} If a shape does not match
 */
export function imagePair(
  { object: { vertices, texture }, pose, observed: { image, mask } }: ObjectView,
  { symmetric = true, supersample = 1 }: ObjectFiguresOptions = {},
): ImagePair {
  const size = mask.width;
  const colours = texture && toUnitColours(texture);
  const mesh = { ...sphereTopology(), vertices: projectVertices(vertices, pose) };
  const rendered = renderImage(mesh, colours, { size, supersample, symmetric });
  const render = floatImage(size, size, 3), photograph = floatImage(size, size, 3);
  for (let i = 0; i < size * size; i++) {
    const share = mask.data[i], seen = rendered.data[4 * i + 3];
    const covered = share === 0 ? seen : Math.min(1, seen / share); // of the object's share of the pixel
    for (let c = 0; c < 3; c++) {
      render.data[3 * i + c] = MID_GREY + covered * (rendered.data[4 * i + c] - MID_GREY);
      photograph.data[3 * i + c] = share === 0 ? MID_GREY : image.data[3 * i + c] / share / 2 + 0.5;
    }
  }
  return { render, photograph, mask };
}
