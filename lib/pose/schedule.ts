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

/** What a step uses and what happens after it. */
export interface ScheduleStep {
  /** Sharpness of the soft silhouette. */
  readonly sharpness: number;
  /** Which of the sizes ½, ¾, 1 is rendered. */
  readonly level: 0 | 1 | 2;
  /** Whether the worse half of the hypotheses is dropped after the step (if pruning is on). */
  readonly pruneAfter: boolean;
  /** Learning rate. */
  readonly learningRate: number;
}

/** Options of the schedule. */
export interface ScheduleOptions {
  /** Number of steps, K. */
  steps: number;
  /** Last step with the full learning rate; later ones use a tenth. */
  learningRateDecayAfter: number;
  /** `original`: 7000 to 7163 over 100 steps; `annealed`: a factor of 10. */
  sharpening: Sharpening;
}

/**
 * All steps of a search.
 *
 * @param options Number of steps and decay
 * @returns One entry a step
 */
export function poseSchedule({ steps, learningRateDecayAfter, sharpening }: ScheduleOptions): ScheduleStep[] {
  const first = Math.floor(3 * steps / 10), second = Math.floor(6 * steps / 10);
  return Array.from({ length: steps }, (_, k) => {
    const passed = steps > 1 ? k / (steps - 1) : 0;
    const exponent = sharpening === "original" ? passed / steps : passed;
    return {
      sharpness: Math.floor(BASE_SHARPNESS / 10 ** -exponent),
      level: k <= first ? 0 : k <= second ? 1 : 2,
      pruneAfter: k === first || k === second,
      learningRate: k <= learningRateDecayAfter ? LEARNING_RATE : LEARNING_RATE / 10,
    };
  });
}

/**
 * The three render sizes of a picture size.
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
