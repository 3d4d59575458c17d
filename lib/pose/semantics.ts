/**
 * Part probabilities of the templates' vertices: selection of the images that they are inferred from, and the last
 * steps of the inference.
 *
 * @module
 */
import { rotationDisagreement } from "../metrics/rotation_disagreement.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { Template } from "../templates/template_file.ts";
import { type Hypotheses, OBJECT_CHANNEL, type SemanticTemplate } from "./files.ts";
import { indexOfLargest } from "./running_scores.ts";
import { sideViewScore } from "./side_view.ts";

/** Images that a template is labelled from. */
const IMAGES_PER_TEMPLATE = 100;
/** Least side-view score of those images. */
const SIDE_VIEW_THRESHOLD = 0.5;
/** Added to each channel's sum. */
const SMOOTHING = 1e-6;

/** An image that helps to label a template. */
export interface SelectedImage {
  /** Number of the image. */
  readonly image: number;
  /** Number of its best hypothesis. */
  readonly hypothesis: number;
  /** Number of that hypothesis' template. */
  readonly template: number;
}

/** Template of a hypothesis. */
export function templateOf({ H, T, weights }: Hypotheses, image: number, hypothesis: number): number {
  const start = (image * H + hypothesis) * T;
  return indexOfLargest(weights.subarray(start, start + T));
}

/**
 * Selects the images with the surest poses: hypotheses that agree, seen from the side, best IoU first, up to 100 a
 * template.
 *
 * @param hypotheses Result of step 1
 * @param vAgrThreshold Largest disagreement
 * @param options `sideViewsOnly`: take only images that are seen from the side, true by default; `most`: most
 *   images of a template, {@linkcode IMAGES_PER_TEMPLATE} by default
 * @returns By template, then IoU
 */
export function selectImages(
  hypotheses: Hypotheses,
  vAgrThreshold: number,
  { sideViewsOnly = true, most = IMAGES_PER_TEMPLATE }: {
    readonly sideViewsOnly?: boolean;
    readonly most?: number;
  } = {},
): SelectedImage[] {
  const { N, H, T, rotation, iou } = hypotheses;
  const byTemplate: (SelectedImage & { iou: number })[][] = Array.from({ length: T }, () => []);
  for (let image = 0; image < N; image++) {
    const scores = iou.subarray(image * H, (image + 1) * H);
    const rotations = rotation.subarray(4 * image * H, 4 * (image + 1) * H);
    const hypothesis = indexOfLargest(scores), bestIou = scores[hypothesis];
    const sideView = sideViewScore(rotations.subarray(4 * hypothesis, 4 * hypothesis + 4));
    if (!(bestIou > 0) || (sideViewsOnly && sideView <= SIDE_VIEW_THRESHOLD)) continue;
    if (rotationDisagreement(scores, rotations) >= vAgrThreshold) continue;
    const template = templateOf(hypotheses, image, hypothesis);
    byTemplate[template].push({ image, hypothesis, template, iou: bestIou });
  }
  return byTemplate.flatMap((images) =>
    images.sort((a, b) => b.iou - a.iou || a.image - b.image).slice(0, most)
      .map(({ image, hypothesis, template }) => ({ image, hypothesis, template }))
  );
}

/**
 * Turns accumulated parts into probabilities; vertices that were never seen get equal ones.
 *
 * @param sums Accumulated parts, `[V, C]`
 * @param channels C
 * @param symmetric Whether each vertex and its mirror image get their mean
 * @returns Probabilities, `[V, C]`
 */
export function partProbabilities(sums: Float64Array, channels: number, symmetric: boolean): Float32Array {
  const probabilities = new Float64Array(sums.length); // [V, C]
  for (let row = 0; row < sums.length; row += channels) {
    let total = channels * SMOOTHING;
    for (let c = 0; c < channels; c++) total += sums[row + c];
    for (let c = 0; c < channels; c++) probabilities[row + c] = (sums[row + c] + SMOOTHING) / total;
  }
  if (symmetric) {
    const { negativeIndices, positiveIndices } = sphereTopology();
    negativeIndices.forEach((negative, i) => {
      for (let c = 0; c < channels; c++) {
        const a = channels * negative + c, b = channels * positiveIndices[i] + c;
        probabilities[a] = probabilities[b] = (probabilities[a] + probabilities[b]) / 2;
      }
    });
  }
  return Float32Array.from(probabilities);
}

/** Whether every part of a data set is a part of every template. */
export function templatesHaveParts(templates: readonly Template[], partNames: readonly string[]): boolean {
  return partNames.length > 0 &&
    templates.every((template) => partNames.every((name) => template.partNames.includes(name)));
}

/**
 * The templates' own labels as certain probabilities; vertices of other parts count as "object without part".
 *
 * @param templates Templates with part labels
 * @param partNames Parts of the data set, P
 * @returns Probabilities of 1 + P channels
 */
export function labelledSemantics(
  templates: readonly Template[],
  partNames: readonly string[],
): SemanticTemplate {
  const C = 1 + partNames.length, V = templates[0].vertices.length / 3;
  const probabilities = new Float32Array(templates.length * V * C); // [T, V, C]
  templates.forEach((template, t) => {
    const channelOf = template.partNames.map((name) => 1 + partNames.indexOf(name));
    template.partLabels.forEach((label, v) => probabilities[(t * V + v) * C + channelOf[label]] = 1);
  });
  return {
    probabilities,
    channelNames: [OBJECT_CHANNEL, ...partNames],
    imageCounts: templates.map(() => 0),
  };
}
