/**
 * The hypotheses beside the chosen pose: what else the silhouette could have been.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { rotationAngleDegrees } from "../metrics/geodesic_distance.ts";
import type { Hypotheses } from "../pose/files.ts";
import { poseOfRow, type PoseRow } from "./posed_photographs.ts";

/** Hypotheses that are shown. */
export const STRIP_LENGTH = 3;
/** Hypotheses closer than this, in degrees, are taken for one. */
const SAME_DEGREES = 30;

/**
 * The best hypotheses of a photograph that look elsewhere than the chosen pose and each other.
 *
 * @param hypotheses Result of step 1
 * @param index Number of the photograph
 * @param chosen Its chosen rotation, `[4]`
 * @returns Up to three, best IoU first
 */
export function otherHypotheses(hypotheses: Hypotheses, index: number, chosen: ArrayLike<number>): PoseRow[] {
  const { N, H, iou } = hypotheses;
  const order = Array.from({ length: H }, (_, h) => index * H + h).sort((a, b) => iou[b] - iou[a] || a - b);
  const found: PoseRow[] = [];
  for (const at of order) {
    if (found.length === STRIP_LENGTH) break;
    const row = poseOfRow(hypotheses, at, N * H);
    const shown = [chosen, ...found.map(({ pose }) => pose.rotation)];
    if (shown.every((other) => rotationAngleDegrees(other, row.pose.rotation) > SAME_DEGREES)) {
      found.push(row);
    }
  }
  return found;
}

/**
 * An image with a row of small ones below it.
 *
 * @param image `[S, S, 3]`, S a multiple of three
 * @param small Up to three images, `[S / 3, S / 3, 3]`
 * @param background Colour where there is none
 * @returns `[S + S / 3, S, 3]`; the image itself if there is no small one
 */
export function withStrip(image: FloatImage, small: readonly FloatImage[], background = 1): FloatImage {
  if (small.length === 0) return image;
  const { width, height, channels } = image, side = width / STRIP_LENGTH;
  const data = new Float32Array((height + side) * width * channels).fill(background);
  data.set(image.data);
  small.forEach((image, k) => {
    for (let row = 0; row < side; row++) {
      const from = row * side * channels;
      data.set(
        image.data.subarray(from, from + side * channels),
        ((height + row) * width + k * side) * channels,
      );
    }
  });
  return { data, width, height: height + side, channels };
}
