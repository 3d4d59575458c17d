/**
 * How well one photograph that was not trained on is reconstructed.
 *
 * @module
 */
import type { Sample } from "../../lib/datasets/dataset.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import {
  alignScaleAndShift,
  applyScaleAndShift,
  chamferDistance,
} from "../../lib/metrics/chamfer_distance.ts";
import { hardIou } from "../../lib/metrics/hard_iou.ts";
import { imagePair } from "../../lib/metrics/object_figures.ts";
import { psnrInside } from "../../lib/metrics/psnr.ts";
import type { Reconstruction } from "../../lib/networks/reconstruct_images.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { type Surface, type VisibleSurface, visibleSurface } from "./visible_surface.ts";

/** Most points of a surface that are compared. */
const MOST_POINTS = 2000;

/** Figures of one photograph. */
export interface PhotographFigures {
  /** IoU of the mesh and the mask. */
  readonly iou: number;
  /** PSNR of render and photograph inside the mask, decibels; null if the network predicts no texture. */
  readonly psnr: number | null;
  /** Distance of the visible surfaces after aligning size and place, half lengths; null without a true surface. */
  readonly chamfer: number | null;
}

/** What a photograph truly shows. */
export interface TrueSurface extends Surface {
  /** Its true pose in the crop. */
  readonly pose: Pose;
}

/**
 * Compares a reconstruction with its photograph and, where it is known, with the true surface.
 *
 * The visible points of both surfaces are compared as the camera sees them, so that a wrong rotation counts too. Size and
 * place along the view cannot be told from one photograph: both are brought together by least squares over the pixels where
 * both are seen, then the two-sided Chamfer distance is taken.
 *
 * @param result What the network predicts, or a template without a texture
 * @param pose Estimated pose
 * @param sample Photograph, of at least `LEAST_HARD_SIZE` pixels a side
 * @param symmetric Whether texture columns lie as on a template with mirror symmetry
 * @param truth True surface, of half length 1; null if it is not known
 * @throws {RangeError} If the photograph has too few pixels
 */
export function measurePhotograph(
  { vertices, texture }: Pick<Reconstruction, "vertices" | "texture">,
  pose: Pose,
  sample: Sample,
  symmetric: boolean,
  truth: TrueSurface | null = null,
): PhotographFigures {
  const { faces } = sphereTopology(), size = sample.mask.width;
  const screen = projectVertices(vertices, pose);
  const view = { object: { vertices, texture }, pose, observed: sample };
  const pair = texture && imagePair(view, { symmetric });
  return {
    iou: hardIou(screen, sample.mask),
    psnr: pair && psnrInside(pair.render, pair.photograph, pair.mask),
    chamfer: truth && visibleDistance(
      visibleSurface({ vertices, faces }, pose, size),
      visibleSurface(truth, truth.pose, size, true),
    ),
  };
}

/** Chamfer distance of what is seen of two surfaces, in the unit of the second; `NaN` if they share no pixel. */
function visibleDistance(predicted: VisibleSurface, truth: VisibleSurface): number {
  const pixels = Array.from(predicted.covered.keys());
  const shared = pixels.filter((i) => predicted.covered[i] && truth.covered[i]);
  if (shared.length === 0) return NaN;
  const change = alignScaleAndShift(pointsAt(predicted, shared), pointsAt(truth, shared));
  const own = someOf(pixels.filter((i) => predicted.covered[i]));
  const seen = someOf(pixels.filter((i) => truth.covered[i]));
  return chamferDistance(applyScaleAndShift(pointsAt(predicted, own), change), pointsAt(truth, seen));
}

function pointsAt({ points }: VisibleSurface, pixels: readonly number[]): Float64Array {
  const taken = new Float64Array(3 * pixels.length); // [P, 3]
  pixels.forEach((pixel, i) => taken.set(points.subarray(3 * pixel, 3 * pixel + 3), 3 * i));
  return taken;
}

function someOf(pixels: readonly number[]): number[] {
  const step = Math.max(1, pixels.length / MOST_POINTS);
  return Array.from({ length: Math.floor(pixels.length / step) }, (_, i) => pixels[Math.floor(i * step)]);
}
