/**
 * The training loop of all stages: epochs, evaluations, checkpoints, stop and resume.
 *
 * @module
 */
import { StoppedError, UserError } from "../core/errors.ts";
import { anyProcess } from "../core/process_group.ts";
import { type StageCallbacks, stoppedError } from "../core/progress.ts";
import type { CheckpointTag } from "./checkpoint.ts";
import { explainMemoryError } from "./memory.ts";
import { type DueWork, RunLength } from "./run_length.ts";
import type { Position, StepReport, Trainer } from "./trainer.ts";
import type { TrainingRun } from "./training_run.ts";

/** Figures from here on, NaN and infinity are a failure. */
const LARGEST_FIGURE = 1e6;

/**
 * Begins or resumes a run, and trains to the end of the plan. The checkpoints "latest" and `<epoch>` are kept as
 * the plan says, "best" where the trainer says so.
 *
 * @param trainer What is trained
 * @param run Where its state is kept
 * @param callbacks Progress, scalars, messages and stop
 * @returns Where it stands in the end
 * @throws {UserError} If the run may not begin or be resumed, or a figure or a value is not finite any more; nothing of it is saved
 * @throws {StoppedError} If a stop was asked for; the state is saved
 */
export async function runTraining<Batch>(
  trainer: Trainer<Batch>,
  run: TrainingRun,
  callbacks: StageCallbacks,
): Promise<Position> {
  const checkpoint = await run.begin(trainer.settings, trainer.freeSettings);
  if (checkpoint === null) await trainer.start?.();
  const start = checkpoint ? await trainer.resume(checkpoint) : { epoch: 0, batch: 0, iteration: 0 };
  trainer.announce?.(start);
  return await new Loop(trainer, run, start, callbacks).run();
}

class Loop<Batch> {
  readonly #trainer: Trainer<Batch>;
  readonly #run: TrainingRun;
  readonly #callbacks: StageCallbacks;
  readonly #length: RunLength;
  #position: Position;

  constructor(trainer: Trainer<Batch>, run: TrainingRun, start: Position, callbacks: StageCallbacks) {
    this.#trainer = trainer;
    this.#run = run;
    this.#callbacks = callbacks;
    this.#position = start;
    this.#length = new RunLength(trainer.plan, trainer.batchesPerEpoch, start.seconds);
  }

  async run(): Promise<Position> {
    const { batchesPerEpoch, evaluatesStart = false } = this.#trainer;
    let isOver = this.#length.isOver(this.#position.epoch);
    if (isOver) {
      this.#callbacks.onMessage?.(`The run in ${this.#run.name} ${this.#length.finished()}.`);
      return this.#position;
    }
    let next = this.#load();
    await this.#explained(async () => await this.#trainer.prepare(await next));
    if (this.#position.iteration === 0 && evaluatesStart) {
      await this.#evaluate({ evaluation: true, checkpoint: false, save: false }, this.#position);
    }
    while (!isOver) {
      while (this.#position.batch < batchesPerEpoch) {
        await this.#stopIfAsked();
        const batch = await next, { epoch, batch: index, iteration } = this.#position;
        next = this.#load(1);
        const report = await this.#explained(() => this.#trainer.step(batch, this.#position));
        this.#position = { epoch, batch: index + 1, iteration: iteration + 1 };
        if (report) await this.#report(report);
      }
      isOver = await this.#endEpoch();
    }
    return this.#position;
  }

  /** Starts to read the batch of now, or the one after it; of the next epoch where this one has no more. */
  #load(ahead = 0): Promise<Batch> {
    const { epoch, batch } = this.#position, index = batch + ahead;
    const isWithin = index < this.#trainer.batchesPerEpoch;
    const next = isWithin ? this.#trainer.load(epoch, index) : this.#trainer.load(epoch + 1, 0);
    next.catch(() => {}); // thrown again where it is awaited
    return next;
  }

  /** Lets signals and timers in; saves and stops if one came. */
  async #stopIfAsked(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!anyProcess(this.#callbacks.signal?.aborted ?? false)) return;
    await this.#save("latest");
    throw stoppedError(this.#trainer.subject);
  }

  /** A figure that is NaN or infinite ends the run before anything is saved. */
  async #report({ scalars, shown }: StepReport): Promise<void> {
    const { epoch, batch, iteration } = this.#position, first = this.#trainer.firstStep;
    for (const [name, value] of Object.entries({ ...scalars, ...shown })) {
      if (!(Math.abs(value) < LARGEST_FIGURE)) throw await this.#diverged(name, value, iteration - 1);
    }
    this.#callbacks.onScalars?.(iteration - 1 + first, scalars);
    const [done, total] = this.#length.progress(epoch, batch);
    this.#callbacks.onProgress?.({ done, total, values: shown });
  }

  /** Evaluates and saves what is due; whether that was the last epoch. */
  async #endEpoch(): Promise<boolean> {
    const before = this.#position, epoch = before.epoch + 1;
    this.#position = { ...before, epoch, batch: 0 };
    const isLast = this.#length.isOver(epoch), { unit } = this.#trainer;
    const pace = epoch === 1 && unit ? this.#length.pace(before.iteration, unit) : null;
    if (pace) this.#callbacks.onMessage?.(pace);
    const due = this.#length.takeDue(epoch, isLast);
    await this.#evaluate(due, before);
    if (due.checkpoint) await this.#save(epoch);
    // last, as a killed run resumes from it and does not come back to this epoch
    if (due.save) await this.#save("latest");
    return isLast;
  }

  async #evaluate(due: DueWork, before: Position): Promise<void> {
    try {
      if (await this.#trainer.endEpoch(this.#position, due)) await this.#save("best");
    } catch (error) {
      // A stop within an evaluation loses no training: saved is the end of this epoch, before it is evaluated.
      if (error instanceof StoppedError) await this.#save("latest", before);
      throw error;
    }
  }

  async #save(tag: CheckpointTag, position = this.#position): Promise<void> {
    const { seconds } = this.#length;
    const checkpoint = await this.#trainer.checkpoint(
      { ...position, ...seconds !== null && { seconds } },
      tag,
    );
    for (const [name, { data }] of Object.entries(checkpoint.arrays)) {
      const wrong = (data as Float32Array).find((value) => !Number.isFinite(value));
      if (wrong !== undefined) throw await this.#diverged(name, wrong, position.iteration);
    }
    await this.#run.save(tag, checkpoint);
  }

  async #diverged(name: string, value: number, iteration: number): Promise<UserError> {
    return new UserError(
      `Training of ${this.#run.name} has diverged: ${name} is ${value} at iteration ${iteration}. Nothing of it was ` +
        `saved; ${await this.#trainer.wayBack()}.`,
    );
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explainMemoryError(error, this.#trainer.batchSize);
    }
  }
}
