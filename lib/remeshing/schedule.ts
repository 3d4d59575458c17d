/**
 * The schedule of remeshing's second stage.
 *
 * @module
 */

/** How the learning rate goes: up by steps, then down by a factor, until it is too small. */
export interface RemeshSchedule {
  /** First learning rate. */
  readonly start: number;
  /** What is added after each step of the warm-up. */
  readonly warmUpStep: number;
  /** Learning rate at which the warm-up ends. */
  readonly peak: number;
  /** Factor of learning rate and Laplacian weight after each later step, below 1. */
  readonly decay: number;
  /** Factor of sigma after each later step; the same where it is left out. */
  readonly sigmaDecay?: number;
  /** Learning rate below which the stage ends. */
  readonly stop: number;
  /** Weight of the Laplacian term during the warm-up. */
  readonly laplacianWeight: number;
  /** Most steps. */
  readonly limit: number;
}

/** The original's schedule: 16,494 steps. */
export const FULL_SCHEDULE = {
  start: 1e-4,
  warmUpStep: 1e-6,
  peak: 5e-4,
  decay: 0.9999,
  stop: 1e-4,
  laplacianWeight: 0.003,
  limit: 100_000,
} as const satisfies RemeshSchedule;

/** A schedule of 389 steps for what is nearly right from the start: the built-in solids, wrapped. */
export const QUICK_SCHEDULE = {
  start: 5e-4,
  warmUpStep: 5e-5,
  peak: 1e-3,
  decay: 0.995,
  sigmaDecay: 0.985,
  stop: 1.5e-4,
  laplacianWeight: 0.002,
  limit: 100_000,
} as const satisfies RemeshSchedule;

/** A schedule of some 940 steps for a wrapped visual hull, whose limbs may still hang together. */
export const HULL_SCHEDULE = {
  ...QUICK_SCHEDULE,
  peak: 1.5e-3,
  decay: 0.9975,
  sigmaDecay: 0.994,
  laplacianWeight: 0.004,
} as const satisfies RemeshSchedule;

/** One step: its number from 1, and the values that hold for it. */
export interface ScheduledStep {
  /** Number of the step, from 1. */
  readonly step: number;
  /** Learning rate. */
  readonly rate: number;
  /** Weight of the Laplacian term. */
  readonly laplacianWeight: number;
  /** Softness of the silhouettes. */
  readonly sigma: number;
}

/**
 * The steps of a schedule.
 *
 * @throws {RangeError} If the schedule would never end the warm-up or never decay
 */
export function* scheduleSteps(schedule: RemeshSchedule): Generator<ScheduledStep> {
  const { warmUpStep, peak, decay, sigmaDecay = decay, stop, limit } = schedule;
  if (!(warmUpStep > 0)) {
    throw new RangeError(
      `Cannot follow a schedule: warmUpStep must be positive, current value is ${warmUpStep}`,
    );
  }
  if (!(decay > 0 && decay < 1)) {
    throw new RangeError(`Cannot follow a schedule: decay must lie in (0, 1), current value is ${decay}`);
  }
  let rate = schedule.start, laplacianWeight = schedule.laplacianWeight, sigma = 1, isWarmUp = true;
  for (let step = 1; step <= limit; step++) {
    yield { step, rate, laplacianWeight, sigma };
    if (isWarmUp) {
      rate += warmUpStep;
      isWarmUp = rate < peak;
      continue;
    }
    rate *= decay;
    laplacianWeight *= decay;
    sigma *= sigmaDecay;
    if (rate < stop) return;
  }
}

/** Number of steps of a schedule. */
export function scheduleLength(schedule: RemeshSchedule): number {
  let count = 0;
  for (const { step } of scheduleSteps(schedule)) count = step;
  return count;
}
