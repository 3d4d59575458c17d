/**
 * The original's overlap of part maps over all channels at once.
 *
 * @module
 */
import { channelSums } from "../../lib/metrics/iou.ts";
import type { FloatArray } from "../../lib/core/arrays.ts";

/**
 * Soft overlap of part maps over all channels at once, which weighs large parts more.
 *
 * @param rendered Part probabilities, `[P, C]`
 * @param observed Part probabilities, `[P, C]`
 * @param channels C
 * @returns 0 to 1
 */
export function unbalancedIou(rendered: FloatArray, observed: FloatArray, channels: number): number {
  const { minimum, maximum } = channelSums(rendered, observed, channels);
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
  return sum(minimum) / (sum(maximum) + 1e-6);
}
