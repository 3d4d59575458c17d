/**
 * How long a run is, in epochs or in hours, and when it is evaluated and saved.
 *
 * @module
 */
import { anyProcess } from "../core/process_group.ts";

/** Evaluations, and numbered checkpoints, that are spread over the hours. */
const PERIODS = 30;

/** Length and periods of a run, in epochs. */
export interface RunPlan {
  /** Epochs in all. */
  readonly epochs: number;
  /** Hours in all, in place of epochs; 0 or not there: not used. */
  readonly hours?: number;
  /** Epochs between numbered checkpoints. */
  readonly checkpointFreq: number;
  /** Epochs between evaluations. */
  readonly evaluateFreq: number;
  /** Epochs between saves. */
  readonly saveFreq: number;
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
  readonly #plan: RunPlan;
  readonly #perEpoch: number;
  readonly #before: number;
  readonly #start = performance.now();
  #periods: number;

  /**
   * Begins to count, or resumes.
   *
   * @param plan Length and periods
   * @param perEpoch Batches in an epoch
   * @param seconds Seconds that earlier calls have used
   */
  constructor(plan: RunPlan, perEpoch: number, seconds = 0) {
    this.#plan = plan;
    this.#perEpoch = perEpoch;
    this.#before = seconds;
    this.#periods = this.#period();
  }

  /** Seconds used so far; null where the length is one in epochs. */
  get seconds(): number | null {
    return this.#isTimed ? this.#used : null;
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
    const { hours, epochs } = this.#plan;
    return this.#isTimed
      ? `has finished its ${hours} hours; give more ('hours') to resume`
      : `has finished its ${epochs} epochs; give more ('epochs' or 'iters') to resume`;
  }

  /**
   * What the hours are enough for; null where epochs are the length.
   *
   * @param iterations Steps so far
   * @param unit What is counted, and how many steps it takes
   */
  pace(iterations: number, unit: { readonly steps: number; readonly name: string }): string | null {
    if (!this.#isTimed) return null;
    const perStep = this.#used / iterations, count = Math.round(this.#total / perStep / unit.steps);
    return `${
      perStep.toPrecision(2)
    } s a step: about ${count} ${unit.name} in ${this.#plan.hours} hours, less what ` +
      `evaluations take; the best of ${PERIODS} evaluations is kept.`;
  }

  get #isTimed(): boolean {
    return this.#plan.hours! > 0;
  }

  get #total(): number {
    return 3600 * this.#plan.hours!;
  }

  get #used(): number {
    return this.#before + (performance.now() - this.#start) / 1000;
  }

  #period(): number {
    return this.#isTimed ? Math.floor(this.#used * PERIODS / this.#total) : 0;
  }
}
