/**
 * Which hypotheses stay when a search drops some.
 *
 * @module
 */
import { rotationAngleDegrees } from "../metrics/geodesic_distance.ts";

/** Hypotheses that are closer than this, in degrees, and of the same template, are taken for one. */
const SAME_DEGREES = 10;

/** Where the hypotheses are. */
export interface SummarisedHypotheses {
  /** Unit rotation and number of the template of hypothesis `h`. */
  summary(h: number): { readonly rotation: ArrayLike<number>; readonly template: number };
}

/**
 * The best hypotheses that are apart from each other; where there are too few of them, the best of the rest too.
 *
 * @param scores `[H]`
 * @param hypotheses Rotations and templates
 * @param count How many stay
 * @returns Numbers in ascending order
 */
export function bestApart(
  scores: ArrayLike<number>,
  hypotheses: SummarisedHypotheses,
  count: number,
): number[] {
  const order = Array.from(scores, (_, h) => h).sort((a, b) => scores[b] - scores[a] || a - b);
  const kept: number[] = [], others: number[] = [];
  const summaries = order.map((h) => hypotheses.summary(h));
  const chosen: (typeof summaries)[number][] = [];
  order.forEach((h, k) => {
    const isSame = chosen.some(({ rotation, template }) =>
      template === summaries[k].template &&
      rotationAngleDegrees(rotation, summaries[k].rotation) < SAME_DEGREES
    );
    if (isSame) others.push(h);
    else if (kept.length < count) {
      kept.push(h);
      chosen.push(summaries[k]);
    }
  });
  return [...kept, ...others].slice(0, count).sort((a, b) => a - b);
}

/**
 * The better half by score, in ascending order of number; of equal scores the lower number stays.
 *
 * @param scores `[H]`
 * @returns ⌊H / 2⌋ numbers
 */
export function bestHalf(scores: ArrayLike<number>): number[] {
  const order = Array.from(scores, (_, h) => h).sort((a, b) => scores[b] - scores[a] || a - b);
  return order.slice(0, scores.length >> 1).sort((a, b) => a - b);
}
