/**
 * Figures that step 1 shows while it runs.
 *
 * @module
 */
import { rotationDisagreement } from "../metrics/rotation_disagreement.ts";
import { geodesicDistance } from "../metrics/geodesic_distance.ts";
import type { Hypotheses } from "./files.ts";

/** Running means over the images that are done, by the hypothesis with the best IoU. */
export class RunningScores {
  readonly #threshold: number;
  #iou = new Mean();
  #distance = new Mean();
  #distanceAtRecall = new Mean();

  /**
   * Starts without an image.
   *
   * @param threshold Largest disagreement that counts as agreement
   */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /**
   * Adds an image.
   *
   * @param image IoUs `[H]` and rotations `[H, 4]` of its hypotheses
   * @param truth Its true rotation, if known
   * @param hardIou IoU of the mesh itself with the mask; null of an image that an earlier call fitted
   */
  add(
    { iou: scores, rotation: rotations }: Pick<Hypotheses, "iou" | "rotation">,
    truth: ArrayLike<number> | null,
    hardIou: number | null,
  ): void {
    const best = indexOfLargest(scores);
    if (hardIou !== null) this.#iou.add(hardIou);
    if (truth === null) return;
    const distance = geodesicDistance(rotations.subarray(4 * best, 4 * best + 4), truth);
    this.#distance.add(distance);
    if (rotationDisagreement(scores, rotations) < this.#threshold) this.#distanceAtRecall.add(distance);
  }

  /** "IoU" of the meshes of this call, and where true poses are known "GD" and "GD@recall" (mean sin² of half the angle). */
  values(): Record<string, number> {
    const means = { IoU: this.#iou, GD: this.#distance, "GD@recall": this.#distanceAtRecall };
    const known = Object.entries(means).filter(([, mean]) => mean.count > 0);
    return Object.fromEntries(known.map(([name, mean]) => [name, mean.value]));
  }
}

/** Number of the largest value; the first of equal ones, and NaN never wins. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i] > values[best] || Number.isNaN(values[best])) best = i;
  }
  return best;
}

class Mean {
  count = 0;
  #sum = 0;

  add(value: number): void {
    this.count++;
    this.#sum += value;
  }

  get value(): number {
    return this.#sum / this.count;
  }
}
