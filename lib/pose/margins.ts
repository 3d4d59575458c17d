/**
 * How clear the best pose of an image is, and which images are the clearest.
 *
 * @module
 */
import { rotationAngleDegrees } from "../metrics/geodesic_distance.ts";
import type { OptionsOutput } from "../core/option.ts";
import type { CHOOSE_OPTIONS } from "./choose_options.ts";
import { viewDirection } from "./view_direction.ts";

/** A hypothesis that is turned by more than this, in degrees, is a rival of the best one. */
const RIVAL_DEGREES = 60;
/** Sectors of azimuth around the object; the first one is centred on its front. */
const SECTORS = 16;
/** Share of the images of a sector that stays however small its margins are: front and rear views have small ones. */
const SECTOR_SHARE = 0.5;

/**
 * How clear the best pose of each image is: its margin by the score and by the parts alone, on average. Where a template
 * has another shape than the object, silhouettes may prefer a wrong direction by far; parts do so less often.
 *
 * @param kind Scores and IoUs of parts
 * @param rotation Unit quaternions, `[N, H, 4]`
 * @param best Best hypothesis of each image, `[N]`
 * @returns Standard deviations, `[N]`
 */
export function clearnessOf(
  { scores, miou }: PartsScores,
  rotation: Float32Array,
  best: Int32Array,
): Float32Array {
  const byScore = marginsOf(scores, rotation, best), byParts = marginsOf(miou, rotation, best);
  return byScore.map((margin, i) => (margin + byParts[i]) / 2);
}

/**
 * By how much the score of each image's best pose exceeds those of poses that look elsewhere; without such, the score
 * itself.
 *
 * @param scores Score of each hypothesis, `[N, H]`
 * @param rotation Unit quaternions, `[N, H, 4]`
 * @param best Best hypothesis of each image, `[N]`
 * @returns Margins in standard deviations of the scores about their image's mean, `[N]`
 */
export function marginsOf(scores: Float32Array, rotation: Float32Array, best: Int32Array): Float32Array {
  const N = best.length, H = scores.length / Math.max(1, N);
  const deviation = Math.sqrt(squaredDeviations(scores, H) / Math.max(1, scores.length)) || 1;
  return Float32Array.from(best, (chosen, i) => {
    const rotationOf = (h: number) => rotation.subarray(4 * (i * H + h), 4 * (i * H + h) + 4);
    let rival = 0;
    for (let h = 0; h < H; h++) {
      if (scores[i * H + h] <= rival) continue;
      if (rotationAngleDegrees(rotationOf(h), rotationOf(chosen)) <= RIVAL_DEGREES) continue;
      rival = scores[i * H + h];
    }
    return (scores[i * H + chosen] - rival) / deviation;
  });
}

/**
 * Chooses images with a clear pose: of each sector of directions the clearer half, and of all those whose margin is large
 * enough.
 *
 * @param candidates Numbers of the images that may be chosen, ascending
 * @param margins Margins of all images, `[N]`
 * @param rotations Unit quaternions of the best poses of all images, `[N, 4]`
 * @param options Largest share of all images, and least margin in standard deviations
 * @returns Numbers, ascending; at most the largest share, unless the halves of the sectors are more
 */
export function clearestImages(
  candidates: Int32Array,
  margins: Float32Array,
  rotations: Float32Array,
  { keepShare, leastMargin }: Pick<OptionsOutput<typeof CHOOSE_OPTIONS>, "keepShare" | "leastMargin">,
): Int32Array {
  const sectors = Int32Array.from(margins, (_, i) => sectorOf(rotations.subarray(4 * i, 4 * i + 4)));
  const left = new Float64Array(SECTORS); // what each sector may still choose
  for (const sector of sectors) left[sector] += SECTOR_SHARE;
  const byMargin = candidates.toSorted((a, b) => margins[b] - margins[a] || a - b);
  const chosen = new Set(byMargin.filter((i) => left[sectors[i]]-- > 0));
  const most = Math.ceil(keepShare * margins.length);
  for (const i of byMargin) {
    if (chosen.size >= most || margins[i] < leastMargin) break;
    chosen.add(i);
  }
  return candidates.filter((i) => chosen.has(i));
}

function sectorOf(q: ArrayLike<number>): number {
  return Math.round(viewDirection(q).azimuth * SECTORS / 360) % SECTORS;
}

/**
 * Sum of the squared deviations of scores from the mean of their image.
 *
 * @param scores `[N, H]`
 * @param H Hypotheses of an image
 */
export function squaredDeviations(scores: Float32Array, H: number): number {
  let sum = 0;
  for (let first = 0; first < scores.length; first += H) {
    const row = scores.subarray(first, first + H); // [H]
    const mean = row.reduce((total, value) => total + value, 0) / H;
    for (const value of row) sum += (value - mean) ** 2;
  }
  return sum;
}

/** What one kind of parts says. */
export interface PartsScores {
  /** What the choice would go by with these parts alone, `[N, H]`. */
  readonly scores: Float32Array;
  /** IoU of the parts, `[N, H]`. */
  readonly miou: Float32Array;
}
