/**
 * One training run of the reconstruction, from opening its folder to the last checkpoint.
 *
 * @module
 */
import { join } from "@std/path";
import { type CompiledStep, compileStep } from "../backend/compile_step.ts";
import type { FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { Prng } from "../core/prng.ts";
import { anyProcess, isWriter, processGroup } from "../core/process_group.ts";
import { type StageCallbacks, stoppedError } from "../core/progress.ts";
import { type Tensor, tf } from "../core/tensor.ts";
import { BatchOrder } from "../datasets/batch_order.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { loadSamples } from "../datasets/loader.ts";
import { type ReconstructionModel, ReconstructionNetwork } from "../networks/reconstruction_network.ts";
import type { PoseEstimates } from "../pose/files.ts";
import type { Template } from "../templates/template_file.ts";
import { Adam } from "../training/adam.ts";
import { batchShare, shareOf } from "../training/batch_share.ts";
import {
  hasCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
  takePrefix,
  withPrefix,
} from "../training/checkpoint.ts";
import { checkBatchMemory, explainMemoryError, machineMemory } from "../training/memory.ts";
import { openRun } from "../training/run_settings.ts";
import { type EpochPlan, halvedRate, nextFlatWarmup, nextSemiCoefficient } from "../training/schedules.ts";
import { recordWithoutEffect } from "../training/warm_up.ts";
import { measure } from "./evaluate.ts";
import { parseReconstructionState, type ReconstructionState } from "./files.ts";
import { FREE_SETTINGS, type FullReconstructionOptions } from "./options.ts";
import type { ReconstructionParts } from "./own_parts.ts";
import { initialState, leastSampleBytes, planEpochs } from "./run_start.ts";
import { batchFlips, splitValidation } from "./random_choices.ts";
import { type StepInputs, TrainingData } from "./training_data.ts";
import { drawTrainingPicture } from "./training_picture.ts";
import {
  makeReconstructionStep,
  nameFigures,
  ReconstructionObjective,
  type ReconstructionStep,
  STEP_FIGURES,
  type StepFigures,
} from "./training_step.ts";

/** Callbacks of the training. */
export interface ReconstructionCallbacks extends StageCallbacks {
  /** Called with a picture of photographs and predictions, colours in [0, 1]. */
  onPicture?: (step: number, tag: string, picture: FloatImage) => void;
}

/** Result of the training. */
export interface ReconstructionResult {
  /** Folder of the run, with its checkpoints. */
  readonly folder: string;
  /** Final state. */
  readonly state: ReconstructionState;
  /** Mean figures of the last epoch; null if the run was complete already. */
  readonly figures: StepFigures | null;
  /** Mean figures on the held-out photographs after the last epoch; null without such. */
  readonly validation: StepFigures | null;
}

/** What a training learns from. */
export interface TrainerInputs {
  /** Photographs. */
  readonly dataset: Dataset;
  /** Their poses. */
  readonly poses: PoseEstimates;
  /** Templates of the poses. */
  readonly templates: readonly Template[];
}

/** Photographs in a training picture, spread evenly over those that train. */
const PICTURE_ROWS = 10;

/** One run. */
export class Trainer {
  readonly #settings: FullReconstructionOptions;
  readonly #callbacks: ReconstructionCallbacks;
  readonly #data: TrainingData;
  readonly #rows: { training: number[]; validation: number[] };
  readonly #plan: EpochPlan;
  readonly #order: BatchOrder;
  readonly #network: ReconstructionModel;
  readonly #objective: ReconstructionObjective;
  readonly #optimizer: Adam;
  readonly #step: CompiledStep<StepInputs, ReturnType<ReconstructionStep>>;
  readonly #state: ReconstructionState;
  #validation: StepFigures | null = null;
  #start: { iteration: number; time: number } | null = null;

  private constructor(
    data: TrainingData,
    state: ReconstructionState,
    settings: FullReconstructionOptions,
    callbacks: ReconstructionCallbacks,
    parts: ReconstructionParts,
  ) {
    const { seed, batchSize } = settings;
    batchShare(batchSize); // refuses what cannot be shared out
    this.#settings = settings;
    this.#callbacks = callbacks;
    this.#data = data;
    this.#state = state;
    this.#rows = splitValidation(data.length, settings.valFraction, seed);
    const { training } = this.#rows;
    this.#plan = planEpochs(training.length, settings);
    const balance = state.config.classCount > 1 ? training.map((row) => data.classes[row]) : null;
    this.#order = new BatchOrder(training.length, { batch: batchSize, seed, balance });
    const prng = new Prng(seed, "reconstruction", "weights");
    this.#network = parts.makeNetwork?.(state.config, prng) ?? new ReconstructionNetwork(state.config, prng);
    state.type = this.#network.type;
    this.#objective = new ReconstructionObjective(this.#network, settings.loss, parts);
    this.#optimizer = new Adam(this.#network.parameters.trainable, { name: "reconstruction" });
    this.#step = compileStep(makeReconstructionStep(this.#network, this.#objective, this.#optimizer));
  }

  /**
   * Opens the folder of the run, and its latest checkpoint if it goes on.
   *
   * @param inputs Photographs, poses, templates
   * @param settings All options
   * @param callbacks Progress, scalars and pictures
   * @param parts A user's own parts
   */
  static async open(
    inputs: TrainerInputs,
    settings: FullReconstructionOptions,
    callbacks: ReconstructionCallbacks,
    parts: ReconstructionParts,
  ): Promise<Trainer> {
    const { dataset, poses } = inputs;
    const { tables, state } = initialState(dataset, settings);
    const batchSize = batchShare(settings.batchSize).length * processGroup().localSize; // on this machine
    const memory = machineMemory();
    checkBatchMemory({ batchSize, bytesPerSample: leastSampleBytes(state.config), memory });
    const resolution = state.config.imageResolution,
      { semiFraction, maskTarget, noPrefetch, numWorkers, folder } = settings;
    const loader = await loadSamples(
      dataset,
      { resolution, indices: [...poses.indices], prefetch: !noPrefetch, workers: numWorkers },
      { onMessage: callbacks.onMessage, signal: callbacks.signal },
    );
    const data = new TrainingData({ ...inputs, tables }, loader, {
      resolution,
      semiFraction,
      maskTarget,
      sharpness: parts.renderer?.sharpness,
    });
    const trainer = new Trainer(data, state, settings, callbacks, parts);
    try {
      const { continueTrain, overwrite, whichEpoch } = settings;
      const stored = { stage: "reconstruction", dataset: dataset.name, ...settings };
      const mode = await openRun(folder, stored, { continueTrain, overwrite, free: FREE_SETTINGS });
      const isAsked = whichEpoch !== "latest"; // a missing one is then an error; a run may have no latest one yet
      if (mode === "continue" && (isAsked || await hasCheckpoint(folder, "latest"))) await trainer.#resume();
      trainer.#announce();
      return trainer;
    } catch (error) {
      trainer.dispose();
      throw error;
    }
  }

  /** Trains to the end. */
  async run(): Promise<ReconstructionResult> {
    let figures: StepFigures | null = null;
    if (this.#state.epoch < this.#plan.epochs) await this.#record();
    else this.#tellFinished();
    while (this.#state.epoch < this.#plan.epochs) {
      await this.#stopIfAsked();
      const { indices, endsEpoch } = this.#order.nextBatch();
      const values = await this.#iterate(indices.map((i) => this.#rows.training[i]));
      const sums = Array.from(values, (value, i) => value + (this.#state.epochSums?.[i] ?? 0));
      const count = (this.#state.epochCount ?? 0) + 1;
      Object.assign(this.#state, { epochSums: sums, epochCount: count });
      this.#state.position = endsEpoch ? 0 : this.#order.state.position * this.#settings.batchSize;
      await this.#report(nameFigures(values));
      figures = nameFigures(sums.map((sum) => sum / count));
      if (endsEpoch) await this.#finishEpoch(figures);
    }
    await this.#save("latest");
    return { folder: this.#settings.folder, state: this.#state, figures, validation: this.#validation };
  }

  /** Frees network, optimiser and constants. */
  dispose(): void {
    this.#data.dispose();
    this.#step.dispose();
    this.#network.dispose();
    this.#objective.dispose();
    this.#optimizer.dispose();
  }

  /** Tensors of the next step. */
  #tensors(rows: number[]): Promise<StepInputs> {
    const state = this.#state, { meshRegularization, lr, seed } = this.#settings;
    state.learningRate = halvedRate(lr, state.epoch, this.#plan.decayEvery);
    const flips = batchFlips(rows.length, seed, state.iteration);
    return this.#data.tensors(shareOf(rows), shareOf(flips), {
      semi: state.semiCoefficient,
      flat: meshRegularization * state.flatWarmup,
      learningRate: state.learningRate,
    });
  }

  /** Records the step, so that all steps that count are replays. */
  async #record(): Promise<void> {
    const tensors = await this.#tensors(this.#order.peek().indices.map((i) => this.#rows.training[i]));
    try {
      await recordWithoutEffect(this.#step, tensors, [this.#network.parameters, this.#optimizer]);
    } catch (error) {
      throw explainMemoryError(error, this.#settings.batchSize);
    } finally {
      tf.dispose(Object.values(tensors));
    }
  }

  /** One step with the numbers of now; moves the schedules on. */
  async #iterate(rows: number[]): Promise<Float32Array> {
    const state = this.#state, { meshRegularization } = this.#settings;
    const tensors = await this.#tensors(rows);
    this.#data.readAhead(shareOf(this.#order.peek().indices).map((i) => this.#rows.training[i]));
    let figures: Tensor | undefined;
    try {
      ({ figures } = this.#step(tensors));
      const values = await figures.data<"float32">();
      checkFinite(values, state, this.#settings);
      state.iteration++;
      state.flatWarmup = nextFlatWarmup(state.flatWarmup, meshRegularization);
      state.semiCoefficient = nextSemiCoefficient(state.semiCoefficient);
      return values;
    } catch (error) {
      throw explainMemoryError(error, this.#settings.batchSize);
    } finally {
      tf.dispose([...Object.values(tensors), figures]);
    }
  }

  async #finishEpoch(figures: StepFigures): Promise<void> {
    const state = this.#state, { saveFreq } = this.#settings;
    const { checkpointFrequency, imageFrequency } = this.#plan;
    state.epoch++;
    delete state.epochSums;
    delete state.epochCount;
    const scalars: Record<string, number> = { "iou/epoch": figures.iou, "total/epoch": figures.total };
    if (this.#rows.validation.length > 0 && isWriter()) {
      this.#validation = await this.#measure(this.#rows.validation);
      scalars["iou/validation"] = this.#validation.iou;
      scalars["total/validation"] = this.#validation.total;
    }
    this.#callbacks.onScalars?.(state.iteration, scalars);
    const shown = Object.entries(scalars).map(([name, value]) => `${name} ${value.toFixed(5)}`);
    await this.#log(`epoch ${state.epoch} done: ${shown.join(", ")}`);
    if (this.#validation && this.#validation.iou > (state.bestHardIou ?? -1)) {
      state.bestHardIou = this.#validation.iou;
      await this.#save("best");
    }
    // last, as a run that is killed goes on from it and does not come back to this epoch
    if (state.epoch % checkpointFrequency === 0) await this.#save(state.epoch);
    if (state.epoch % saveFreq === 0) await this.#save("latest");
    if (state.epoch % imageFrequency === 0 && this.#callbacks.onPicture && isWriter()) {
      const { training } = this.#rows, count = Math.min(PICTURE_ROWS, training.length);
      const rows = Array.from({ length: count }, (_, k) => training[Math.floor(k * training.length / count)]);
      const picture = await drawTrainingPicture(this.#network, this.#data, rows);
      this.#callbacks.onPicture(state.iteration, "image_train/grid", picture);
    }
  }

  #measure(rows: readonly number[]): Promise<StepFigures> {
    const { semiCoefficient, flatWarmup, learningRate } = this.#state;
    const flat = this.#settings.meshRegularization * flatWarmup;
    const coefficients = { semi: semiCoefficient, flat, learningRate };
    return measure(this.#objective, this.#data, rows, this.#settings.batchSize, coefficients);
  }

  async #report(figures: StepFigures): Promise<void> {
    const { iteration, epoch } = this.#state, { loss } = this.#settings;
    const { iterationsPerEpoch, epochs } = this.#plan;
    const { onProgress, onScalars } = this.#callbacks;
    onProgress?.({
      done: iteration,
      total: epochs * iterationsPerEpoch,
      values: { loss: figures.total, iou: figures.iou, "images/s": this.#imagesPerSecond() },
    });
    const { recon, total, iou, ...terms } = figures;
    const scalars = Object.entries({ [loss]: recon, iou, ...terms });
    onScalars?.(iteration, Object.fromEntries(scalars.map(([name, value]) => [`${name}/train`, value])));
    if (iteration % 10 !== 0) return;
    await this.#log(
      `iteration ${iteration}, epoch ${epoch + 1} of ${epochs}: recon ${recon.toFixed(5)}, ` +
        `flat ${figures.flat.toFixed(5)}, total ${total.toFixed(5)}, iou ${iou.toFixed(5)}`,
    );
  }

  /** Since the first step of this call; only to be shown. */
  #imagesPerSecond(): number {
    const { iteration } = this.#state;
    this.#start ??= { iteration: iteration - 1, time: performance.now() };
    const seconds = (performance.now() - this.#start.time) / 1000;
    const steps = iteration - 1 - this.#start.iteration; // without the first one, at whose end the clock starts
    return steps > 0 ? steps * this.#settings.batchSize / seconds : 0;
  }

  #announce(): void {
    const trusted = this.#data.trust.reduce((sum, value) => sum + value, 0);
    const { epochs, iterationsPerEpoch } = this.#plan, { type, parameters } = this.#network;
    const { iteration, epoch } = this.#state;
    if (epoch >= epochs) return;
    this.#callbacks.onMessage?.(
      `${iteration > 0 ? `Going on at iteration ${iteration} of epoch ${epoch + 1}: ` : ""}` +
        `${this.#rows.training.length} photographs (${trusted} trusted), ${epochs} epochs of ${iterationsPerEpoch} ` +
        `iterations, network ${type} with ${parameters.count} parameters.`,
    );
  }

  #tellFinished(): void {
    this.#callbacks.onMessage?.(
      `The run in ${this.#settings.folder} has finished its ${this.#plan.epochs} epochs; give more ('epochs' or ` +
        "'iters') to go on.",
    );
  }

  async #log(line: string): Promise<void> {
    if (!isWriter()) return;
    await Deno.writeTextFile(join(this.#settings.folder, "log.txt"), line + "\n", { append: true });
  }

  /** Lets signals in; saves and stops if one came. */
  async #stopIfAsked(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!anyProcess(this.#callbacks.signal?.aborted ?? false)) return;
    await this.#save("latest");
    throw stoppedError("The training of the reconstruction");
  }

  async #save(tag: "latest" | "best" | number): Promise<void> {
    const arrays = {
      ...withPrefix("network", await this.#network.parameters.toArrays()),
      ...withPrefix("optimizer", await this.#optimizer.toArrays()),
    };
    await saveCheckpoint(this.#settings.folder, tag, arrays, this.#state);
  }

  async #resume(): Promise<void> {
    const { folder, batchSize, whichEpoch } = this.#settings;
    const checkpoint = await loadCheckpoint(folder, whichEpoch);
    const state = parseReconstructionState(checkpoint.state, folder);
    if (JSON.stringify(state.config) !== JSON.stringify(this.#state.config)) {
      throw new UserError(
        `Cannot go on with the run in ${folder}: its network was built as ${
          JSON.stringify(state.config)
        }, current ` +
          `value is ${
            JSON.stringify(this.#state.config)
          }; the classes or parts of the data set were changed since.`,
      );
    }
    this.#network.parameters.load(takePrefix("network", checkpoint.arrays), folder);
    this.#optimizer.load(takePrefix("optimizer", checkpoint.arrays));
    Object.assign(this.#state, state);
    const position = Math.min(Math.floor(state.position / batchSize), this.#order.batchesPerEpoch - 1);
    this.#order.state = { epoch: state.epoch, position };
  }
}

function checkFinite(
  values: Float32Array,
  { iteration, epoch }: ReconstructionState,
  { folder, lr }: FullReconstructionOptions,
): void {
  if (values.every(Number.isFinite)) return;
  const name = STEP_FIGURES[values.findIndex((value) => !Number.isFinite(value))];
  throw new UserError(
    `The training in ${folder} broke down at iteration ${iteration} (epoch ${epoch}): the figure "${name}" is not a ` +
      `finite number. Train anew ('overwrite', or another 'name') with a lower 'lr' than ${lr}, and look at the poses: a ` +
      `scale or an overlap of 0 or NaN there is the usual cause. The checkpoints saved before are unharmed.`,
  );
}
