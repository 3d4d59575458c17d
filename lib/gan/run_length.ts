/**
 * How long a run is, in epochs or in hours, and when it is evaluated and saved.
 *
 * @module
 */
import { anyProcess } from "../core/process_group.ts";
import type { GanOptions } from "./gan_options.ts";

/** Evaluations, and numbered checkpoints, that are spread over the hours. */
const PERIODS = 30;

/** Length and periods of a run, in epochs. */
export interface GanPlan {
  /** Epochs in all. */
  readonly epochs: number;
  /** Epochs between numbered checkpoints. */
  readonly checkpointFreq: number;
  /** Epochs between evaluations. */
  readonly evaluateFreq: number;
  /** Epochs between saves. */
  readonly saveFreq: number;
}

/**
 * Turns `iters` into epochs and periods: ⌊iters / batches⌋ epochs, 30 checkpoints and evaluations, at least 1 each.
 *
 * @param options Options of the run
 * @param batchesPerEpoch Batches in an epoch
 */
export function planGan(options: Required<GanOptions>, batchesPerEpoch: number): GanPlan {
  const { epochs, iters, checkpointFreq, evaluateFreq, saveFreq } = options;
  if (iters <= 0) return { epochs, checkpointFreq, evaluateFreq, saveFreq };
  const length = Math.max(1, Math.floor(iters / batchesPerEpoch));
  const period = Math.max(1, Math.floor(length / 30));
  return { epochs: length, checkpointFreq: period, evaluateFreq: period, saveFreq };
}

/** What is due at the end of an epoch. */
export interface DueWork {
  /** An evaluation. */
  readonly evaluation: boolean;
  /** A numbered checkpoint. */
  readonly checkpoint: boolean;
  /** A save of the latest state. */
  readonly save: boolean;
}

/** Length of a run; hours count over all its calls. */
export class RunLength {
  readonly #options: Required<GanOptions>;
  readonly #plan: GanPlan;
  readonly #perEpoch: number;
  readonly #before: number;
  readonly #start = performance.now();
  #periods: number;

  /**
   * Plans a run, or what is left of one.
   *
   * @param options Options of the run
   * @param perEpoch Batches in an epoch
   * @param seconds Seconds that earlier calls have used
   */
  constructor(options: Required<GanOptions>, perEpoch: number, seconds = 0) {
    this.#options = options;
    this.#plan = planGan(options, perEpoch);
    this.#perEpoch = perEpoch;
    this.#before = seconds;
    this.#periods = this.#period();
  }

  /** Seconds used so far; null where the length is one in epochs. */
  get seconds(): number | null {
    return this.#isTimed ? this.#used : null;
  }

  /** Epochs, or infinitely many where hours are the length. */
  get epochs(): number {
    return this.#isTimed ? Infinity : this.#plan.epochs;
  }

  /**
   * Whether all is done; of several processes each is told the same. There is one epoch at least.
   *
   * @param epoch Epochs finished
   */
  isOver(epoch: number): boolean {
    if (!this.#isTimed) return epoch >= this.#plan.epochs;
    return epoch > 0 && anyProcess(this.#used >= this.#total);
  }

  /**
   * What is to be done after an epoch; a thirtieth of the hours is counted once.
   *
   * @param epoch Epochs finished, that one too
   * @param last Whether it is the last one
   */
  takeDue(epoch: number, last: boolean): DueWork {
    const { evaluateFreq, checkpointFreq, saveFreq } = this.#plan;
    const save = epoch % saveFreq === 0 || last;
    if (!this.#isTimed) {
      return {
        evaluation: epoch % evaluateFreq === 0 || last,
        checkpoint: epoch % checkpointFreq === 0,
        save,
      };
    }
    const before = this.#periods;
    this.#periods = this.#period();
    const isNew = this.#periods > before;
    return { evaluation: isNew || last, checkpoint: isNew, save };
  }

  /**
   * How much is done, and of how much: steps, or seconds.
   *
   * @param epoch Epochs finished
   * @param batch Batches finished in the next one
   */
  progress(epoch: number, batch: number): [number, number] {
    if (!this.#isTimed) return [epoch * this.#perEpoch + batch, this.#plan.epochs * this.#perEpoch];
    return [Math.round(Math.min(this.#used, this.#total)), Math.round(this.#total)];
  }

  /** What more to give to a run that has finished. */
  finished(): string {
    const { hours } = this.#options;
    return this.#isTimed
      ? `has finished its ${hours} hours; give more ('hours') to go on`
      : `has finished its ${this.#plan.epochs} epochs; give more ('epochs' or 'iters') to go on`;
  }

  /**
   * What the hours are enough for; null where epochs are the length.
   *
   * @param iterations Steps of both kinds so far
   */
  pace(iterations: number): string | null {
    if (!this.#isTimed) return null;
    const { hours, dStepsPerG } = this.#options, perStep = this.#used / iterations;
    const steps = Math.round(this.#total / perStep / (1 + dStepsPerG));
    return `${
      perStep.toPrecision(2)
    } s a step: about ${steps} generator steps in ${hours} hours, less what evaluations ` +
      `take; the best of ${PERIODS} evaluations is kept.`;
  }

  get #isTimed(): boolean {
    return this.#options.hours > 0;
  }

  get #total(): number {
    return 3600 * this.#options.hours;
  }

  get #used(): number {
    return this.#before + (performance.now() - this.#start) / 1000;
  }

  #period(): number {
    return this.#isTimed ? Math.floor(this.#used * PERIODS / this.#total) : 0;
  }
}
