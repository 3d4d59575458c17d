/**
 * A length of training in hours instead of epochs.
 *
 * @module
 */

/** Evaluations, and numbered checkpoints, that are spread over the hours. */
const EVALUATIONS = 30;

/** How much of the hours is used, over all calls of a run. */
export class TimeBudget {
  readonly #seconds: number;
  readonly #before: number;
  readonly #start = performance.now();
  #periods: number;

  /**
   * Goes on with the time that earlier calls have used.
   *
   * @param hours Hours in all; 0 for training that is not limited so
   * @param before Seconds used before
   */
  constructor(hours: number, before: number) {
    this.#seconds = hours > 0 ? 3600 * hours : Infinity;
    this.#before = before;
    this.#periods = Math.floor(this.used * EVALUATIONS / this.#seconds);
  }

  /** Whether there is a limit. */
  get isLimited(): boolean {
    return Number.isFinite(this.#seconds);
  }

  /** Seconds used. */
  get used(): number {
    return this.#before + (performance.now() - this.#start) / 1000;
  }

  /** Seconds in all. */
  get total(): number {
    return this.#seconds;
  }

  /** Whether the hours are over. */
  get isOver(): boolean {
    return this.used >= this.#seconds;
  }

  /** Whether another thirtieth of the hours has passed since this was asked last. */
  takePeriod(): boolean {
    const periods = Math.floor(this.used * EVALUATIONS / this.#seconds), isNew = periods > this.#periods;
    this.#periods = periods;
    return isNew;
  }
}
