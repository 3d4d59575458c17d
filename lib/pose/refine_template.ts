/**
 * A better template from poses and masks: the mean shape that explains the silhouettes of many images.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { symmetric } from "../core/common_options.ts";
import { option, type OptionsInput, resolveOptions } from "../core/option.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { iou } from "../metrics/iou.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { symmetriseVertices } from "../mesh/symmetrise_vertices.ts";
import { type Pose, projectVertices, projectVerticesBackward } from "../rendering/cameras.ts";
import { hardSilhouette } from "../rendering/hard_silhouette.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";
import { softTarget } from "../rendering/soft_target.ts";
import { FullMatrixAdam } from "./full_matrix_adam.ts";
import { HypothesisSet } from "./hypothesis_set.ts";
import { silhouetteTarget } from "./estimate_options.ts";
import { BASE_SHARPNESS } from "./schedule.ts";
import { boundingBox } from "../mesh/bounding_box.ts";

/** Options of `refineTemplate`. */
export const REFINE_TEMPLATE_OPTIONS = {
  steps: option.integer({ doc: "Steps of the shape.", default: 60, minimum: 1 }),
  stepLength: option.number({
    doc: "Largest mean movement of the vertices in the first step, in object units; it falls to a tenth.",
    default: 0.012,
    minimum: 0,
  }),
  smoothing: option.integer({
    doc: "How often a movement is averaged over neighbouring vertices: more makes smoother changes.",
    default: 12,
    minimum: 0,
  }),
  poseEvery: option.integer({
    flag: null,
    doc: "Steps of the shape after which the poses follow it.",
    default: 6,
    minimum: 1,
  }),
  imageResolution: option.integer({
    doc: "Side of the renders, in pixels.",
    default: 96,
    minimum: 32,
    maximum: 512,
  }),
  silhouetteTarget: silhouetteTarget("soft"),
  symmetric,
} as const;

/** Steps that the poses make each time, and their length. */
const POSE_STEPS = 4, POSE_RATE = 0.01;
/** Softness of the silhouettes at 128 pixels; smaller renders are softer. */
const SHARPNESS_AT_128 = BASE_SHARPNESS;

/** An image with a known pose. */
export interface PosedMask {
  /** Mask, `[S, S]` at the resolution of the options. */
  readonly mask: Float32Array;
  /** Pose of the template. */
  readonly pose: Pose;
}

/** A refined shape. */
export interface RefinedTemplate {
  /** Positions, longest half extent 1, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Mean IoU of hard silhouettes and masks at the given poses. */
  readonly iouBefore: number;
  /** Mean IoU of the new shape at the poses that followed it. */
  readonly iouAfter: number;
}

/**
 * Moves the vertices of a template down the gradient of the silhouettes' squared error over all images. Each movement is
 * averaged over neighbouring vertices and made symmetric, so that details of single images and views do not show. The
 * poses follow every few steps.
 *
 * @param vertices Template, `[V, 3]`
 * @param images Masks with poses
 * @param options Steps and smoothness
 * @param callbacks Progress in steps with the value "error", signal
 * @returns The shape, with IoUs before and after
 * @throws {RangeError} If there is no image
 * @throws {StoppedError} If the signal was aborted
 */
export function refineTemplate(
  vertices: FloatArray,
  images: readonly PosedMask[],
  options: OptionsInput<typeof REFINE_TEMPLATE_OPTIONS> = {},
  { onProgress, signal }: StageCallbacks = {},
): RefinedTemplate {
  const settings = resolveOptions(REFINE_TEMPLATE_OPTIONS, options);
  if (images.length === 0) throw new RangeError("Cannot refine a template: current value is 0 images");
  const { steps, stepLength, imageResolution: size } = settings;
  const { faces } = sphereTopology();
  const share = (size / 128) ** 2;
  const border = { sharpness: SHARPNESS_AT_128 * share, boxMargin: 0.02 / Math.sqrt(share) };
  const silhouette = new SoftSilhouette(faces, vertices.length / 3, size, border);
  const shape = Float64Array.from(vertices); // [V, 3]
  const fits = images.map(({ mask, pose }): Fit => {
    const wanted = settings.silhouetteTarget === "plain" ? mask : softTarget(mask, size, border);
    return { mask, wanted, squares: wanted.reduce((sum, value) => sum + value * value, 0), pose };
  });
  const before = meanIou(shape, fits, size);
  for (let step = 0; step < steps; step++) {
    throwIfStopped(signal, "The refinement");
    const gradient = new Float64Array(shape.length); // [V, 3]
    let error = 0;
    for (const fit of fits) error += addGradient(shape, fit, silhouette, gradient) / fits.length;
    const movement = smoothed(gradient, settings.smoothing);
    const length = stepLength * 0.1 ** (step / Math.max(1, steps - 1));
    move(shape, movement, length);
    if (settings.symmetric) symmetriseVertices(shape, sphereTopology(), shape);
    if ((step + 1) % settings.poseEvery === 0 || step === steps - 1) {
      for (const fit of fits) fit.pose = followed(shape, fit, silhouette);
    }
    onProgress?.({ done: step + 1, total: steps, values: { error } });
  }
  const after = meanIou(shape, fits, size);
  return { vertices: normalised(shape), iouBefore: before, iouAfter: after };
}

interface Fit {
  readonly mask: Float32Array; // [S, S]
  readonly wanted: Float32Array; // [S, S], what the loss compares with
  readonly squares: number; // of `wanted`
  pose: Pose;
}

/** Adds the gradient of one image's error, weighed so that every image moves the object by its own size. */
function addGradient(
  shape: Float64Array,
  { wanted, squares, pose }: Fit,
  silhouette: SoftSilhouette,
  sum: Float64Array,
): number {
  silhouette.forward(projectVertices(shape, pose));
  const error = silhouette.meanSquaredError(wanted, squares);
  const onScreen = Float64Array.from(silhouette.backwardMeanSquaredError()); // [V, 2]
  projectVerticesBackward(shape, pose, onScreen, new Float64Array(8), sum);
  return error;
}

/** The gradient averaged over neighbours again and again. */
function smoothed(gradient: Float64Array, smoothing: number): Float64Array {
  const { faces } = sphereTopology();
  let values = gradient;
  for (let round = 0; round < smoothing; round++) {
    const sums = new Float64Array(values.length), counts = new Float64Array(values.length / 3);
    for (let f = 0; f < faces.length; f += 3) {
      for (let corner = 0; corner < 3; corner++) {
        const v = faces[f + corner];
        for (let other = 0; other < 3; other++) { // the corner itself counts too
          const u = faces[f + other];
          for (let axis = 0; axis < 3; axis++) sums[3 * v + axis] += values[3 * u + axis];
        }
        counts[v] += 3;
      }
    }
    values = sums.map((value, i) => value / counts[Math.floor(i / 3)]);
  }
  return values;
}

/** Moves against the gradient; the root mean square of the movement is `length`. */
function move(shape: Float64Array, gradient: Float64Array, length: number): void {
  const square = gradient.reduce((sum, value) => sum + value * value, 0) / (gradient.length / 3);
  if (!(square > 0)) return;
  const factor = length / Math.sqrt(square);
  for (let i = 0; i < shape.length; i++) shape[i] -= factor * gradient[i];
}

/** The pose after some steps of its own. */
function followed(shape: Float64Array, { wanted, squares, pose }: Fit, silhouette: SoftSilhouette): Pose {
  const start = Float64Array.from([
    ...Array.from(pose.rotation),
    pose.scale,
    ...Array.from(pose.translation),
    pose.perspective,
  ]);
  const set = new HypothesisSet(start, [shape], 40); // the share of 40 hypotheses, as in the search
  const optimiser = new FullMatrixAdam(1, 8);
  for (let step = 0; step < POSE_STEPS; step++) {
    set.evaluate(0, silhouette, wanted, squares);
    optimiser.update(set.parameters, set.gradients, POSE_RATE);
    set.constrain();
  }
  const [a, b, c, d, scale, x, y, perspective] = set.parameters;
  return { rotation: [a, b, c, d], scale, translation: [x, y], perspective };
}

/** Of the hard silhouettes, as a person sees the mesh. */
function meanIou(shape: Float64Array, fits: readonly Fit[], size: number): number {
  const { faces } = sphereTopology();
  let sum = 0;
  for (const { mask, pose } of fits) {
    sum += iou(hardSilhouette(projectVertices(shape, pose), faces, size), mask);
  }
  return sum / fits.length;
}

/** Centred in y and z, longest half extent 1. */
function normalised(shape: Float64Array): Float32Array {
  const { low, high } = boundingBox(shape);
  const half = Math.max(...high.map((value, axis) => (value - low[axis]) / 2));
  const middle = [0, (high[1] + low[1]) / 2, (high[2] + low[2]) / 2];
  return Float32Array.from(shape, (value, i) => (value - middle[i % 3]) / half);
}
