/**
 * The choice of one hypothesis per image, and of the images that are kept.
 *
 * @module
 */
import { rotationDisagreement } from "../metrics/rotation_disagreement.ts";
import type { OptionsOutput } from "../core/option.ts";
import type { CHOOSE_OPTIONS } from "./choose_options.ts";
import { clearestImages, clearnessOf, type PartsScores } from "./margins.ts";

/** Share of the images with the worst scores that is discarded. */
const DISCARDED_SHARE = 0.1;
/** With fewer images left than this, the better half is kept instead. */
const LEAST_KEPT = 5;

/** Scores of all hypotheses of N images. */
export interface ScoredHypotheses {
  /** Score of each hypothesis, `[N, H]`. */
  readonly scores: Float32Array;
  /** IoU of parts, `[N, H]`; the scores themselves by default. */
  readonly miou?: Float32Array;
  /** Each kind of parts alone; a pose is only as clear as the kind that doubts it most says. */
  readonly kinds?: readonly PartsScores[];
  /** Decides between hypotheses of equal score, `[N, H]`. */
  readonly iou: Float32Array;
  /** Unit quaternions, `[N, H, 4]`. */
  readonly rotation: Float32Array;
  /** Hypotheses of an image, H. */
  readonly H: number;
}

/** By which rule images were kept; that of all three is found in older files only. */
export type ChoiceRule =
  | "agreement and score"
  | "agreement and margin"
  | "agreement, score and margin"
  | "all"
  | "better half";

/** What was chosen. */
export interface Choice {
  /** Best hypothesis of each image, `[N]`. */
  readonly best: Int32Array;
  /** Disagreement of each image's hypotheses, `[N]`. */
  readonly disagreement: Float32Array;
  /** How clear the best pose of each image is (`clearnessOf`), by the least clear kind of parts, `[N]`. */
  readonly margins: Float32Array;
  /** Score that a kept image exceeds; `null` if none was asked for. */
  readonly threshold: number | null;
  /** Numbers of the kept images, ascending. */
  readonly kept: Int32Array;
  /** By which rule they were kept. */
  readonly rule: ChoiceRule;
}

/**
 * Chooses the best hypothesis of each image, and keeps the images whose hypotheses agree and whose score is above the
 * bottom decile; with the rule `margin`, whatever their score, those whose best pose is clear, or among the clearer half
 * from its direction. Of fewer than `keepAllBelow` images all are kept; where fewer than five remain, the better half by
 * score.
 *
 * @param scored Scores and rotations
 * @param options Thresholds, of {@linkcode CHOOSE_OPTIONS}
 * @returns Choice
 */
export function chooseImages(
  scored: ScoredHypotheses,
  options: Pick<
    OptionsOutput<typeof CHOOSE_OPTIONS>,
    "vAgrThreshold" | "keepAllBelow" | "discard" | "keepShare" | "leastMargin"
  >,
): Choice {
  const { scores, miou = scores, kinds = [{ scores, miou }], iou, rotation, H } = scored;
  const N = scores.length / H;
  const best = new Int32Array(N), disagreement = new Float32Array(N), bestScores = new Float32Array(N);
  const bestRotations = new Float32Array(4 * N); // [N, 4]
  for (let i = 0; i < N; i++) {
    const row = scores.subarray(i * H, (i + 1) * H);
    best[i] = bestOf(row, iou.subarray(i * H, (i + 1) * H));
    bestScores[i] = row[best[i]];
    const rotations = rotation.subarray(4 * i * H, 4 * (i + 1) * H); // [H, 4]
    disagreement[i] = rotationDisagreement(row, rotations);
    bestRotations.set(rotations.subarray(4 * best[i], 4 * best[i] + 4), 4 * i);
  }
  const ofKinds = kinds.map((kind) => clearnessOf(kind, rotation, best));
  const margins = Float32Array.from(best, (_, i) => Math.min(...ofKinds.map((ofKind) => ofKind[i])));
  const all = Int32Array.from({ length: N }, (_, i) => i);
  const choice = { best, disagreement, margins };
  if (N < options.keepAllBelow) return { ...choice, threshold: null, kept: all, rule: "all" };
  const discarded = Math.floor(DISCARDED_SHARE * N);
  const agreeing = all.filter((i) => disagreement[i] < options.vAgrThreshold);
  if (options.discard === "margin") {
    const clear = clearestImages(agreeing, margins, bestRotations, options);
    if (clear.length >= LEAST_KEPT) {
      return { ...choice, threshold: null, kept: clear, rule: "agreement and margin" };
    }
  }
  const threshold = discarded === 0 ? null : bestScores.toSorted()[discarded - 1];
  const kept = agreeing.filter((i) => threshold === null || bestScores[i] > threshold);
  if (kept.length >= Math.min(LEAST_KEPT, N)) {
    return { ...choice, threshold, kept, rule: "agreement and score" };
  }
  const half = all.toSorted((a, b) => bestScores[b] - bestScores[a] || a - b).subarray(0, Math.ceil(N / 2));
  return { ...choice, threshold: null, kept: half.toSorted(), rule: "better half" };
}

/** Number of the best score; of equal scores that with the larger IoU, then the first. */
function bestOf(scores: Float32Array, iou: Float32Array): number {
  let best = 0;
  for (let h = 1; h < scores.length; h++) {
    if (scores[h] > scores[best] || (scores[h] === scores[best] && iou[h] > iou[best])) best = h;
  }
  return best;
}
