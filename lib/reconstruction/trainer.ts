/**
 * The reconstruction as the training loop trains it: its step, its schedules, its measures and its state.
 *
 * @module
 */
import { freeFields } from "../core/option.ts";
import { type CompiledStep, compileStep } from "../backend/compile_step.ts";
import { UserError } from "../core/errors.ts";
import { Prng } from "../core/prng.ts";
import { type Tensor1D, tf } from "../core/tensor.ts";
import { BatchOrder } from "../datasets/batch_order.ts";
import { type ReconstructionModel, ReconstructionNetwork } from "../networks/reconstruction_network.ts";
import { Adam } from "../training/adam.ts";
import { shareOf } from "../training/batch_share.ts";
import { type Checkpoint, takePrefix, withPrefix } from "../training/checkpoint.ts";
import type { RunPlan } from "../training/run_length.ts";
import type { RunSettings } from "../training/run_settings.ts";
import { halvedRate, inEpochs, nextFlatWarmup, nextSemiCoefficient } from "../training/schedules.ts";
import type { Position, StepReport, Trainer } from "../training/trainer.ts";
import type { TrainingRun } from "../training/training_run.ts";
import { recordWithoutEffect } from "../training/warm_up.ts";
import { EpochReport, type ReconstructionCallbacks } from "./epoch_report.ts";
import { parseReconstructionState, type ReconstructionState } from "./files.ts";
import { type FullReconstructionOptions, RECONSTRUCTION_OPTIONS } from "./options.ts";
import type { ReconstructionParts } from "./own_parts.ts";
import { batchFlips, splitValidation } from "./random_choices.ts";
import { StepClock, stepLine, stepReport } from "./step_report.ts";
import type { StepInputs } from "./step_inputs.ts";
import type { TrainingData } from "./training_data.ts";
import {
  makeReconstructionStep,
  nameFigures,
  ReconstructionObjective,
  type StepFigures,
} from "./training_step.ts";

/** Iterations between two lines of the log. */
const LOG_EVERY = 10;

/** A reconstruction in training; batches are rows of the data. */
export class ReconstructionTrainer implements Trainer<readonly number[]> {
  readonly subject = "The training of the reconstruction";
  readonly batchSize: number;
  readonly batchesPerEpoch: number;
  readonly plan: RunPlan;
  readonly firstStep = 1;
  readonly settings: RunSettings;
  readonly freeSettings: readonly string[] = freeFields(RECONSTRUCTION_OPTIONS);
  /** The network, which stays the caller's. */
  readonly network: ReconstructionModel;
  readonly #run: TrainingRun;
  readonly #data: TrainingData;
  readonly #callbacks: ReconstructionCallbacks;
  readonly #options: FullReconstructionOptions;
  readonly #rows: { readonly training: number[]; readonly validation: number[] };
  readonly #order: BatchOrder;
  readonly #objective: ReconstructionObjective;
  readonly #optimizer: Adam;
  readonly #step: CompiledStep<StepInputs, { figures: Tensor1D }>;
  readonly #state: ReconstructionState;
  readonly #clock = new StepClock();
  readonly #report: EpochReport;

  /**
   * @param run Where its state is kept
   * @param options All options
   * @param data Photographs with poses, which stay the caller's
   * @param state State before the first step
   * @param callbacks What is called
   * @param parts A user's own parts
   * @throws {UserError} If there are fewer photographs than a batch has
   */
  constructor(
    run: TrainingRun,
    options: FullReconstructionOptions,
    data: TrainingData,
    state: ReconstructionState,
    callbacks: ReconstructionCallbacks,
    parts: ReconstructionParts,
  ) {
    const { seed, batchSize } = options;
    const rows = splitValidation(data.length, options.valFraction, seed), count = rows.training.length;
    if (count < batchSize) {
      throw new UserError(
        `Cannot train the reconstruction: 'batchSize' must be at most the number of posed photographs, ${count}; ` +
          `current value is ${batchSize}.`,
      );
    }
    this.#run = run;
    this.#data = data;
    this.#callbacks = callbacks;
    this.#options = inEpochs(options, count);
    this.settings = { stage: "reconstruction", dataset: data.name, ...options };
    this.#state = state;
    this.#rows = rows;
    const balance = state.config.classCount > 1 ? rows.training.map((row) => data.classes[row]) : null;
    this.#order = new BatchOrder(count, { batch: batchSize, seed, balance });
    this.batchSize = batchSize;
    this.batchesPerEpoch = this.#order.batchesPerEpoch;
    this.plan = { ...this.#options, evaluateFreq: 1 };
    const prng = new Prng(seed, "reconstruction", "weights");
    this.network = parts.makeNetwork?.(state.config, prng) ?? new ReconstructionNetwork(state.config, prng);
    state.type = this.network.type;
    this.#objective = new ReconstructionObjective(this.network, options.loss, parts);
    this.#report = new EpochReport(data, rows, this.#objective, callbacks);
    this.#optimizer = new Adam(this.network.parameters.trainable, { name: "reconstruction" });
    this.#step = compileStep(makeReconstructionStep(this.network, this.#objective, this.#optimizer));
  }

  /** State of now, mean figures of the last epoch, and those on the held-out photographs after it. */
  get result(): { state: ReconstructionState; figures: StepFigures | null; validation: StepFigures | null } {
    const { figures, validation } = this.#report;
    return { state: this.#state, figures, validation };
  }

  /** Takes over the state of a checkpoint. */
  resume(checkpoint: Checkpoint): Position {
    const { name } = this.#run, state = parseReconstructionState(checkpoint.state, name);
    const [stored, current] = [state.config, this.#state.config].map((config) => JSON.stringify(config));
    if (stored !== current) {
      throw new UserError(
        `Cannot resume the run in ${name}: its network was built as ${stored}, current value is ${current}; the ` +
          "classes or parts of the data set were changed since.",
      );
    }
    this.network.parameters.load(takePrefix("network", checkpoint.arrays), name);
    this.#optimizer.load(takePrefix("optimizer", checkpoint.arrays));
    Object.assign(this.#state, state);
    const batch = Math.min(Math.floor(state.position / this.batchSize), this.batchesPerEpoch - 1);
    return { epoch: state.epoch, batch, iteration: state.iteration };
  }

  /** Says what is trained, and from where on. */
  announce({ epoch, iteration }: Position): void {
    const { epochs } = this.plan, { type, parameters } = this.network;
    if (epoch >= epochs) return;
    const sure = this.#data.highConfidence.reduce((sum, value) => sum + value, 0);
    this.#callbacks.onMessage?.(
      `${iteration > 0 ? `Resuming at iteration ${iteration} of epoch ${epoch + 1}: ` : ""}` +
        `${this.#rows.training.length} photographs (${sure} of high confidence), ${epochs} epochs of ` +
        `${this.batchesPerEpoch} iterations, network ${type} with ${parameters.count} parameters.`,
    );
  }

  /** Starts to read a batch. */
  load(epoch: number, index: number): Promise<readonly number[]> {
    const rows = this.#order.batch(epoch, index).map((i) => this.#rows.training[i]);
    this.#data.readAhead(shareOf(rows));
    return Promise.resolve(rows);
  }

  /** Records the step. */
  async prepare(rows: readonly number[]): Promise<void> {
    const tensors = await this.#tensors(rows);
    try {
      await recordWithoutEffect(this.#step, tensors, [this.network.parameters, this.#optimizer]);
    } finally {
      tf.dispose(Object.values(tensors));
    }
  }

  /** One step with the numbers of now; moves the schedules on. */
  async step(rows: readonly number[], { epoch, iteration }: Position): Promise<StepReport> {
    const state = this.#state;
    Object.assign(state, { epoch, iteration });
    const tensors = await this.#tensors(rows);
    const { figures } = this.#step(tensors), values = await figures.data<"float32">();
    tf.dispose([...Object.values(tensors), figures]);
    state.flatWarmup = nextFlatWarmup(state.flatWarmup, this.#options.meshRegularization);
    state.semiCoefficient = nextSemiCoefficient(state.semiCoefficient);
    state.epochSums = Array.from(values, (value, i) => value + (state.epochSums?.[i] ?? 0));
    state.epochCount = (state.epochCount ?? 0) + 1;
    const found = nameFigures(values), { loss, epochs } = this.#options, done = iteration + 1;
    if (done % LOG_EVERY === 0) {
      await this.#run.log(stepLine(found, { iteration: done, epoch, epochs }));
    }
    return stepReport(found, loss, this.#clock.samplesPerSecond(done, this.batchSize));
  }

  /** Measures held-out photographs, and draws where it is due. */
  async endEpoch({ epoch, iteration }: Position): Promise<boolean> {
    const { epochSums = [], epochCount = 1, ...state } = this.#state;
    delete this.#state.epochSums;
    delete this.#state.epochCount;
    const means = nameFigures(epochSums.map((sum) => sum / epochCount));
    const line = await this.#report.measure(iteration, means, this.batchSize, this.#coefficients);
    await this.#run.log(`epoch ${epoch} done: ${line}`);
    if (epoch % this.#options.imageFreq === 0) await this.#report.draw(iteration);
    const { validation } = this.#report;
    const isBest = validation !== null && validation.iou > (state.bestHardIou ?? -1);
    if (isBest) this.#state.bestHardIou = validation.iou;
    return isBest;
  }

  /** The state at a place. */
  async checkpoint({ epoch, batch, iteration }: Position): Promise<Checkpoint> {
    Object.assign(this.#state, { epoch, iteration, position: batch * this.batchSize });
    return {
      arrays: {
        ...withPrefix("network", await this.network.parameters.toArrays()),
        ...withPrefix("optimizer", await this.#optimizer.toArrays()),
      },
      state: this.#state,
    };
  }

  /** Poses are the usual cause. */
  wayBack(): Promise<string> {
    return Promise.resolve(
      `train from scratch ('overwrite', or another 'name') with a lower 'lr' than ${this.#options.lr}, and look at the poses: a ` +
        "scale or an IoU of 0 or NaN there is the usual cause. The checkpoints saved before are unharmed",
    );
  }

  /** Frees optimiser, constants and recording; the network stays. */
  dispose(): void {
    this.#step.dispose();
    this.#objective.dispose();
    this.#optimizer.dispose();
  }

  get #coefficients() {
    const { semiCoefficient, flatWarmup, learningRate } = this.#state;
    return {
      semi: semiCoefficient,
      normalConsistency: this.#options.meshRegularization * flatWarmup,
      learningRate,
    };
  }

  /** Tensors of the next step; of several processes each has its share. */
  #tensors(rows: readonly number[]): Promise<StepInputs> {
    const { epoch, iteration } = this.#state, { lr, lrDecayEvery, seed } = this.#options;
    this.#state.learningRate = halvedRate(lr, epoch, lrDecayEvery);
    const flips = batchFlips(rows.length, seed, iteration);
    return this.#data.tensors(shareOf(rows), shareOf(flips), this.#coefficients);
  }
}
