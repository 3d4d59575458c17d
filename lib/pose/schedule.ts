/**
 * What changes from step to step of the pose search: sharpness, resolution, number of hypotheses, learning rate.
 *
 * @module
 */

/** Sharpness of the soft silhouette at factor 1 (inverse variance, in screen units). */
export const BASE_SHARPNESS = 7000;
/** Learning rate of the first steps. */
const LEARNING_RATE = 0.1;

/** How the silhouette sharpens. */
export type Sharpening = "original" | "annealed";

/** How a search goes: as the original's, or with fewer and smaller renders. */
export type ScheduleName = "original" | "fast";

/** What a step uses and what happens after it. */
export interface ScheduleStep {
  /** Sharpness of the soft silhouette. */
  readonly sharpness: number;
  /** Which of the sizes is rendered. */
  readonly level: number;
  /** Whether the worse half of the hypotheses is dropped after the step (if pruning is on). */
  readonly pruneAfter: boolean;
  /** How many hypotheses are kept after the step, none of them close to a better one; null for no such pruning. */
  readonly keepAfter: KeepRule | null;
  /** Learning rate. */
  readonly learningRate: number;
}

/** How many of the first hypotheses stay: a share of them, but not fewer than `least`. */
export interface KeepRule {
  /** Share of the hypotheses that the search began with. */
  readonly share: number;
  /** Least number. */
  readonly least: number;
}

/** A stretch of the fast schedule. */
interface Stretch {
  /** Steps of 100. */
  readonly steps: number;
  readonly level: number;
  readonly learningRates: readonly [number, number];
  readonly keepAfter: KeepRule | null;
}

/** The fast schedule: small renders of all hypotheses first, then larger ones of few. */
const FAST: readonly Stretch[] = [
  { steps: 25, level: 0, learningRates: [0.1, 0.1], keepAfter: { share: 0.3, least: 24 } },
  { steps: 30, level: 1, learningRates: [0.1, 0.1], keepAfter: { share: 0.125, least: 14 } },
  { steps: 45, level: 2, learningRates: [0.1, 0.003], keepAfter: null },
];
/** Sizes of the fast schedule, as shares of the full one, and how far beside a face they look, in screen units. */
const FAST_SIZES = [3 / 8, 3 / 4, 1], FAST_MARGINS = [0.027, 0.02, 0.02];

/**
 * All steps of a search.
 *
 * @param options `steps`: number of steps, K; `learningRateDecayAfter`: last step with the full learning rate;
 *   later ones use a tenth; `sharpening`: `original`: 7000 to 7163 over 100 steps; `annealed`: a factor of 10;
 *   `schedule`: which schedule; `fast` has neither of the other options
 * @returns One entry a step
 */
export function poseSchedule(
  options: {
    readonly steps: number;
    readonly learningRateDecayAfter: number;
    readonly sharpening: Sharpening;
    readonly schedule?: ScheduleName;
  },
): ScheduleStep[] {
  const { steps, learningRateDecayAfter, sharpening, schedule = "original" } = options;
  if (schedule === "fast") return FAST.flatMap((stretch) => stepsOf(stretch, steps));
  const first = Math.floor(3 * steps / 10), second = Math.floor(6 * steps / 10);
  return Array.from({ length: steps }, (_, k) => {
    const passed = steps > 1 ? k / (steps - 1) : 0;
    const exponent = sharpening === "original" ? passed / steps : passed;
    return {
      sharpness: Math.floor(BASE_SHARPNESS / 10 ** -exponent),
      level: k <= first ? 0 : k <= second ? 1 : 2,
      pruneAfter: k === first || k === second,
      keepAfter: null,
      learningRate: k <= learningRateDecayAfter ? LEARNING_RATE : LEARNING_RATE / 10,
    };
  });
}

/** The steps of a stretch: the learning rate falls by equal factors from the first to the last. */
function stepsOf(
  { steps, level, learningRates, keepAfter }: Stretch,
  of100: number,
): ScheduleStep[] {
  const count = Math.max(1, Math.round(steps * of100 / 100));
  return Array.from({ length: count }, (_, k) => ({
    sharpness: BASE_SHARPNESS,
    level,
    pruneAfter: false,
    keepAfter: k === count - 1 ? keepAfter : null,
    learningRate: learningRates[0] *
      (learningRates[1] / learningRates[0]) ** (count > 1 ? k / (count - 1) : 1),
  }));
}

/** How many hypotheses a rule keeps of those that the search began with. */
export function keptCount({ share, least }: KeepRule, start: number): number {
  return Math.min(start, Math.max(least, Math.ceil(share * start)));
}

/**
 * The render sizes of an image size, and how far beside a face they look.
 *
 * @param imageResolution Full size in pixels
 * @param schedule Which schedule
 * @returns Sizes in pixels, the last one the full size, and margins in screen units
 * @throws {RangeError} If the full size is not a multiple of 16 from 32
 */
export function renderLevels(
  imageResolution: number,
  schedule: ScheduleName,
): { size: number; boxMargin: number }[] {
  const sizes = renderSizes(imageResolution);
  if (schedule === "original") return sizes.map((size) => ({ size, boxMargin: 0.02 }));
  return FAST_SIZES.map((share, level) => ({
    size: share * imageResolution,
    boxMargin: FAST_MARGINS[level],
  }));
}

/**
 * The three render sizes of the original's schedule.
 *
 * @param imageResolution Full size in pixels
 * @returns ½, ¾ and 1 of it
 * @throws {RangeError} If it is not a multiple of 16 from 32
 */
export function renderSizes(imageResolution: number): [number, number, number] {
  if (!Number.isInteger(imageResolution) || imageResolution < 32 || imageResolution % 16 !== 0) {
    throw new RangeError(
      `Cannot fit poses: the image resolution must be a multiple of 16 from 32, current value is ${imageResolution}`,
    );
  }
  return [imageResolution / 2, 3 * imageResolution / 4, imageResolution];
}
