/**
 * Where step 1 puts its hypotheses, image by image: in memory.
 *
 * @module
 */
import type { Hypotheses } from "./files.ts";
import { type HypothesisCounts, rowOf, rowParts } from "./hypothesis_row.ts";
import type { FittedImage } from "./fitted_image.ts";

/** Hypotheses of N images, some of them still to come. */
export interface HypothesisStore {
  /** Numbers of the images that are still to do when the job begins, ascending. */
  readonly pending: readonly number[];
  /** Takes the result of image `i`. */
  put(i: number, fitted: FittedImage): Promise<void>;
  /** IoUs `[H]` and rotations `[H, 4]` of an image that was done when the job began; null if others know them. */
  scoresOf(i: number): Pick<FittedImage, "iou" | "rotation"> | null;
  /** Saves what there is; calls follow one another. */
  save(): Promise<void>;
}

/** Hypotheses in memory, which are gone with the process. */
export class MemoryStore implements HypothesisStore {
  /** The hypotheses; complete when nothing is pending. */
  readonly values: Hypotheses;
  readonly pending: readonly number[];

  /**
   * Starts with all images pending.
   *
   * @param ids Names of the images, `[N]`
   * @param counts Numbers of images, hypotheses and templates
   */
  constructor(ids: readonly string[], { N, H, T }: HypothesisCounts) {
    this.pending = Array.from({ length: N }, (_, i) => i);
    this.values = {
      N,
      H,
      T,
      ids,
      rotation: new Float32Array(N * H * 4), // [N, H, 4]
      scale: new Float32Array(N * H), // [N, H]
      translation: new Float32Array(N * H * 2), // [N, H, 2]
      perspective: new Float32Array(N * H), // [N, H]
      weights: new Float32Array(N * H * T), // [N, H, T]
      iou: new Float32Array(N * H), // [N, H]
    };
  }

  put(i: number, fitted: FittedImage): Promise<void> {
    const row = rowOf(fitted, this.values);
    for (const { field, offset, length } of rowParts(this.values)) {
      this.values[field].set(row.subarray(offset, offset + length), i * length);
    }
    return Promise.resolve();
  }

  scoresOf(): null {
    return null;
  }

  save(): Promise<void> {
    return Promise.resolve();
  }
}
