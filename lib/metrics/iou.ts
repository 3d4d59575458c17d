/**
 * IoU of masks and of part maps.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** Added to unions, so that two empty masks have IoU 0. */
const EPSILON = 1e-6;

/**
 * Intersection over union of two masks cut at 0.5.
 *
 * @param silhouette Rendered, `[P]`
 * @param mask Observed, `[P]`
 * @returns 0 to 1; 0 if both are empty
 */
export function iou(silhouette: ArrayLike<number>, mask: ArrayLike<number>): number {
  let both = 0, either = 0;
  for (let i = 0; i < mask.length; i++) {
    const a = silhouette[i] > 0.5, b = mask[i] > 0.5;
    if (a && b) both++;
    if (a || b) either++;
  }
  return both / (either + EPSILON);
}

/** Sums from which soft IoUs of channels are computed. */
export interface ChannelSums {
  /** Σ min(rendered, observed), `[C]`. */
  readonly minimum: ArrayLike<number>;
  /** Σ max(rendered, observed), `[C]`. */
  readonly maximum: ArrayLike<number>;
  /** Σ observed, `[C]`. */
  readonly observed: ArrayLike<number>;
}

/**
 * Mean soft IoU of the channels that the observation has: Σmin / Σmax of each.
 *
 * @param sums Sums over the pixels
 * @returns 0 to 1; `NaN` if every channel of the observation is empty
 */
export function meanIouOfSums({ minimum, maximum, observed }: ChannelSums): number {
  let sum = 0, count = 0;
  for (let c = 0; c < observed.length; c++) {
    if (!(observed[c] > EPSILON)) continue;
    sum += minimum[c] / (maximum[c] + EPSILON);
    count++;
  }
  return sum / count;
}

/**
 * Soft IoU of part maps, averaged over the parts that the observed map has.
 *
 * @param rendered Part probabilities, `[P, C]`
 * @param observed Part probabilities, `[P, C]`
 * @param channels C
 * @returns 0 to 1; `NaN` if the observed map is empty
 */
export function meanIou(rendered: FloatArray, observed: FloatArray, channels: number): number {
  return meanIouOfSums(channelSums(rendered, observed, channels));
}

/** Sums over pixels of each channel. */
export function channelSums(rendered: FloatArray, observed: FloatArray, channels: number): ChannelSums {
  const minimum = new Float64Array(channels); // [C]
  const maximum = new Float64Array(channels); // [C]
  const total = new Float64Array(channels); // [C]
  for (let i = 0; i < observed.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const a = rendered[i + c], b = observed[i + c];
      minimum[c] += a < b ? a : b;
      maximum[c] += a > b ? a : b;
      total[c] += b;
    }
  }
  return { minimum, maximum, observed: total };
}
