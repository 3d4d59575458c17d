/**
 * Training the GAN on the UV maps of a data set.
 *
 * @module
 */
import { StoppedError, UserError } from "../core/errors.ts";
import { ganFolder, type Mode } from "../core/paths.ts";
import { anyProcess, isWriter } from "../core/process_group.ts";
import { type StageCallbacks, stoppedError } from "../core/progress.ts";
import { type Scalar, type Tensor2D, tf } from "../core/tensor.ts";
import { hasCheckpoint, loadCheckpoint, saveCheckpoint } from "../training/checkpoint.ts";
import { batchShare } from "../training/batch_share.ts";
import { averageShare } from "../training/ema.ts";
import { openRun } from "../training/run_settings.ts";
import { linearDecayRate } from "../training/schedules.ts";
import { GanModel, type GanState } from "./gan_model.ts";
import { readExemplars, writeExemplars } from "./exemplars/exemplar_files.ts";
import {
  baseResolution,
  FREE_GAN_OPTIONS,
  ganNetworks,
  type GanOptions,
  type GanPlan,
  type GanSettings,
  planGan,
  resolveGanOptions,
} from "./gan_options.ts";
import { GanSteps } from "./gan_steps.ts";
import type { AdversarialLoss, GanParts, GeneratorModel } from "./own_parts.ts";
import { dataStart } from "./data_start.ts";
import { trainingLatents } from "./latent.ts";
import { TimeBudget } from "./time_budget.ts";
import { PART_MAP_SIDE } from "./part_maps.ts";
import { type UvBatch, UvBatches } from "./uv_batches.ts";
import { type UvDataset, withResolution } from "./uv_dataset.ts";

/** Steps between two readings of the losses. */
const REPORT_EVERY = 10;
/** Losses from here on, and those that are no numbers, are a failure. */
const LARGEST_LOSS = 1e6;
/** Share of the real pictures' diversity that a generator has shown to have reached, and under which it has collapsed. */
const LIVELY = 0.15, COLLAPSED = 0.05;

/** State that an evaluation while training sees. */
export interface GanEvaluation {
  /** Epochs finished. */
  readonly epoch: number;
  /** Steps of both kinds so far. */
  readonly iteration: number;
  /** The running average of the generator. */
  readonly average: GeneratorModel;
  /** Rows of the last batch. */
  readonly lastBatch: readonly number[];
}

/** What an evaluation found. */
export interface GanJudgement {
  /** Distance to real pictures. */
  readonly distance: number;
  /** How much generated pictures differ from each other, if that is known. */
  readonly diversity?: number;
  /** How much real pictures do. */
  readonly realDiversity?: number | null;
}

/** What training calls. */
export interface GanCallbacks extends StageCallbacks {
  /**
   * Called every `evaluateFreq` epochs and at the end.
   *
   * @returns What was found; the checkpoint of the least distance is kept as "best"
   */
  onEvaluate?: (evaluation: GanEvaluation) => Promise<GanJudgement | void>;
}

/** Where a run is, and under which names. */
export interface GanRun {
  /** Name of the run. */
  name: string;
  /** One template, or several. */
  mode: Mode;
  /** Folder of the run, if not `checkpoints_gan/<name>`. */
  folder?: string;
}

/** What a training run came to. */
export interface GanResult {
  /** Folder of the run. */
  readonly folder: string;
  /** Epochs finished. */
  readonly epochs: number;
  /** Steps of both kinds. */
  readonly iterations: number;
  /** Best distance, or null if there was no evaluation. */
  readonly bestDistance: number | null;
}

/**
 * Trains the GAN, or goes on with a run.
 *
 * Writes `settings.json`, the checkpoints "latest" and `<epoch>`, and "best" where evaluations give a distance.
 *
 * @param dataset Pseudo-ground-truth
 * @param run Name and folder of the run
 * @param options See {@linkcode GanOptions}
 * @param callbacks See {@linkcode GanCallbacks}
 * @param parts A user's own networks and loss
 * @throws {UserError} If data or options cannot be used, or the losses are no numbers any more
 * @throws {StoppedError} If a stop was asked for; the state is saved
 */
export async function trainGan(
  dataset: UvDataset,
  run: GanRun,
  options: GanOptions = {},
  callbacks: GanCallbacks = {},
  parts: GanParts = {},
): Promise<GanResult> {
  const resolved = resolveGanOptions(options);
  const { batchSize, seed } = resolved;
  const partChannels = resolved.conditionalSemantics ? await partCount(dataset) : 0;
  const networks = ganNetworks(resolved, dataset.classes, partChannels, dataset.length);
  const seen = withResolution(dataset, baseResolution(networks)); // what networks see
  // The original draws photographs as they are; small data sets show some sides of their objects seldom.
  const balanced = { classes: dataset.classes > 1, directions: resolved.preset !== "paper" };
  const batches = new UvBatches(seen, { batchSize, seed, balanced, parts: partChannels });
  const folder = run.folder ?? ganFolder(run.name);
  const settings: GanSettings = {
    stage: "gan",
    dataset: dataset.name,
    mode: run.mode,
    pseudogtRun: dataset.run ?? null,
    ...resolved,
    networks,
  };
  const start = await openRun(folder, { ...settings }, {
    continueTrain: resolved.continueTrain,
    overwrite: resolved.overwrite,
    free: FREE_GAN_OPTIONS,
  });
  const model = new GanModel(networks, seed, parts);
  const training = new Training(folder, resolved, batches, model, callbacks, parts.loss);
  try {
    if (start === "start" && networks.startFromMean) {
      const values = await dataStart(dataset, networks, seed);
      await model.setStart(values);
      if (values.exemplars && isWriter()) await writeExemplars(folder, values.exemplars);
    }
    if (start === "continue") await training.resume(resolved.whichEpoch);
    return await training.run();
  } finally {
    training.dispose();
  }
}

/** Channels of the data set's part maps; 0 without. */
async function partCount(dataset: UvDataset): Promise<number> {
  return dataset.hasSamples ? (await dataset.sample(0)).parts?.channels ?? 0 : 0;
}

type Losses = Record<string, Scalar>;

/** One run in progress. */
class Training {
  readonly #folder: string;
  readonly #options: Required<GanOptions>;
  readonly #batches: UvBatches;
  readonly #model: GanModel;
  readonly #steps: GanSteps;
  readonly #plan: GanPlan;
  readonly #callbacks: GanCallbacks;
  readonly #values: Record<string, number> = {};
  #state: GanState;
  #time: TimeBudget;
  #lastBatch: readonly number[] = [];

  constructor(
    folder: string,
    options: Required<GanOptions>,
    batches: UvBatches,
    model: GanModel,
    callbacks: GanCallbacks,
    adversarialLoss?: AdversarialLoss,
  ) {
    this.#folder = folder;
    this.#options = options;
    this.#batches = batches;
    this.#model = model;
    this.#callbacks = callbacks;
    this.#steps = new GanSteps(model, { ...options, adversarialLoss });
    this.#plan = planGan(options, batches.perEpoch);
    this.#time = new TimeBudget(options.hours, 0);
    this.#state = {
      networks: model.networks,
      epoch: 0,
      batch: 0,
      batchSize: options.batchSize,
      iteration: 0,
      bestDistance: null,
      bestDiversity: 0,
      goodEpoch: null,
    };
  }

  /** Takes over the state of a checkpoint. */
  async resume(whichEpoch: string): Promise<void> {
    const checkpoint = await loadCheckpoint(this.#folder, whichEpoch);
    const state = this.#model.load(checkpoint, `checkpoint ${whichEpoch} of ${this.#folder}`);
    if (state.networks.exemplars) await this.#model.setExemplars(await readExemplars(this.#folder));
    const { batchSize } = this.#options;
    if (state.batchSize !== batchSize && state.batch > 0) {
      this.#callbacks.onMessage?.(
        `The batch size changed from ${state.batchSize} to ${batchSize}: epoch ${
          state.epoch + 1
        } starts anew.`,
      );
    }
    this.#state = { ...state, batchSize, batch: state.batchSize === batchSize ? state.batch : 0 };
    this.#time = new TimeBudget(this.#options.hours, state.seconds ?? 0);
  }

  /** Runs to the end of the plan. */
  async run(): Promise<GanResult> {
    if (this.#isOver) {
      const { isLimited } = this.#time, hours = `${this.#options.hours} hours`;
      this.#callbacks.onMessage?.(
        `The run in ${this.#folder} has finished its ${
          isLimited ? hours : `${this.#plan.epochs} epochs`
        }; give more ` +
          `(${isLimited ? "'hours'" : "'epochs' or 'iters'"}) to go on.`,
      );
    } else await this.#steps.prepare(batchShare(this.#options.batchSize).length);
    // With exemplars the start is as good as some later state, and stands if training makes none better.
    if (this.#state.iteration === 0 && this.#model.networks.exemplars) await this.#evaluate();
    while (!this.#isOver) {
      await this.#epoch();
      await this.#endEpoch();
    }
    const { epoch, iteration, bestDistance } = this.#state;
    return { folder: this.#folder, epochs: epoch, iterations: iteration, bestDistance };
  }

  /** Whether epochs or hours are over; there is one epoch at least. */
  get #isOver(): boolean {
    const { epoch } = this.#state;
    return this.#time.isLimited ? epoch > 0 && this.#time.isOver : epoch >= this.#plan.epochs;
  }

  dispose(): void {
    this.#steps.dispose();
    this.#model.dispose();
  }

  async #epoch(): Promise<void> {
    const { perEpoch } = this.#batches;
    const { epoch } = this.#state;
    if (this.#state.batch === perEpoch) return; // stopped right at the end of the epoch
    let next = this.#batches.load(epoch, this.#state.batch);
    for (let index = this.#state.batch; index < perEpoch; index++) {
      const batch = await next;
      if (index + 1 < perEpoch) {
        next = this.#batches.load(epoch, index + 1);
        next.catch(() => {}); // thrown again where it is awaited
      }
      const losses = this.#step(batch);
      const iteration = this.#state.iteration;
      this.#lastBatch = batch.indices;
      this.#state = { ...this.#state, batch: index + 1, iteration: iteration + 1 };
      await this.#report(losses, iteration, index + 1 === perEpoch);
      await breathe();
      if (anyProcess(this.#callbacks.signal?.aborted ?? false)) {
        await this.#save("latest");
        throw stoppedError(`Training of ${this.#folder}`);
      }
    }
  }

  /** One step on a batch; a generator step if k is a multiple of 1 + dStepsPerG. */
  #step({ texture, alpha, map, parts, classIndices }: UvBatch): Losses {
    const { seed, batchSize, latentDim, dStepsPerG, lrG, lrD, lrDecayAfter, gRunningAverageAlpha } =
      this.#options;
    const { iteration, epoch } = this.#state;
    const { classes, parts: P = 0 } = this.#model.networks;
    const R = baseResolution(this.#model.networks);
    const { start, length: B } = batchShare(batchSize);
    const latents = trainingLatents(seed, iteration, batchSize, latentDim);
    const isGeneratorStep = iteration % (1 + dStepsPerG) === 0;
    const rate = linearDecayRate(isGeneratorStep ? lrG : lrD, epoch, lrDecayAfter, this.#plan.epochs);
    return tf.tidy(() => {
      const common = {
        latent: tf.tensor2d(latents.subarray(start * latentDim, (start + B) * latentDim), [B, latentDim]),
        oneHot: classes > 0
          ? tf.cast(tf.oneHot(tf.tensor1d(classIndices.slice(), "int32"), classes), "float32") as Tensor2D
          : null,
        alpha: tf.tensor4d(alpha, [B, R, R, 1]),
        parts: parts ? tf.tensor4d(parts, [B, PART_MAP_SIDE, PART_MAP_SIDE, P]) : null,
        learningRate: tf.scalar(rate),
      };
      if (isGeneratorStep) {
        const share = tf.scalar(averageShare(gRunningAverageAlpha, epoch));
        const { loss, flat } = this.#steps.generatorStep({ ...common, averageShare: share });
        return { [`gan_${this.#options.loss}/g`]: tf.keep(loss), flat: tf.keep(flat) };
      }
      const { fake, real } = this.#steps.discriminatorStep({
        ...common,
        texture: tf.tensor4d(texture, [B, R, R, 3]),
        map: tf.tensor4d(map, [B, 32, 32, 3]),
      });
      const name = `gan_${this.#options.loss}`;
      return { [`${name}/d_fake_loss`]: tf.keep(fake), [`${name}/d_real_loss`]: tf.keep(real) };
    });
  }

  /** Reads the losses now and then; a loss that is no number ends the run before anything is saved. */
  async #report(losses: Losses, iteration: number, last: boolean): Promise<void> {
    const stepsOfCycle = 1 + this.#options.dStepsPerG;
    const wanted = last || iteration % REPORT_EVERY < stepsOfCycle;
    if (wanted) {
      const scalars: Record<string, number> = {};
      for (const [name, loss] of Object.entries(losses)) {
        const [value] = await loss.data();
        scalars[name] = value;
        if (!(Math.abs(value) < LARGEST_LOSS)) await this.#refuse(name, value, iteration);
      }
      Object.assign(this.#values, scalars);
      this.#callbacks.onScalars?.(iteration, scalars);
      const steps = this.#state.epoch * this.#batches.perEpoch + this.#state.batch;
      const [done, total] = this.#time.isLimited
        ? [Math.min(this.#time.used, this.#time.total), this.#time.total].map(Math.round)
        : [steps, this.#plan.epochs * this.#batches.perEpoch];
      this.#callbacks.onProgress?.({ done, total, values: { ...this.#values } });
    }
    tf.dispose(losses);
  }

  async #refuse(what: string, value: number, iteration: number): Promise<never> {
    throw new UserError(
      `Training of ${this.#folder} has diverged: ${what} is ${value} at iteration ${iteration}. ` +
        `Nothing of it was saved; ${await this.#wayBack(["latest"])}.`,
    );
  }

  /** What to do after a failure, with the first of the checkpoints that is there. */
  async #wayBack(tags: readonly (string | number)[]): Promise<string> {
    const rates = "lower rates ('lrG', 'lrD')";
    for (const tag of tags) {
      if (!await hasCheckpoint(this.#folder, tag)) continue;
      const from = tag === "latest" ? "" : ` 'whichEpoch: ${tag}'`;
      return `go on from the last good checkpoint with 'continueTrain'${from} and ${rates}`;
    }
    return `there is no checkpoint to go on from yet; start anew with 'overwrite' and ${rates}`;
  }

  /** Notices a generator whose pictures have become all alike. */
  async #checkCollapse({ diversity, realDiversity }: GanJudgement): Promise<void> {
    if (diversity === undefined || !realDiversity) return;
    const { bestDiversity = 0, goodEpoch = null, epoch } = this.#state;
    const isCollapsed = bestDiversity >= LIVELY * realDiversity && diversity < COLLAPSED * realDiversity;
    if (isCollapsed) {
      const tags = [...goodEpoch === null ? [] : [goodEpoch], "best"];
      throw new UserError(
        `Training of ${this.#folder} has collapsed: generated pictures differ by ${
          diversity.toPrecision(3)
        } from ` +
          `each other at epoch ${epoch}, by ${bestDiversity.toPrecision(3)} before, real ones by ` +
          `${realDiversity.toPrecision(3)}. Nothing of it was saved as good; ${await this.#wayBack(tags)}.`,
      );
    }
    this.#state = { ...this.#state, bestDiversity: Math.max(bestDiversity, diversity) };
  }

  async #endEpoch(): Promise<void> {
    this.#state = { ...this.#state, epoch: this.#state.epoch + 1, batch: 0 };
    const { epoch } = this.#state;
    const { saveFreq, checkpointFreq, evaluateFreq } = this.#plan, last = this.#isOver;
    if (epoch === 1) this.#tellPace();
    const isDue = this.#time.isLimited && this.#time.takePeriod();
    if ((this.#time.isLimited ? isDue : epoch % evaluateFreq === 0) || last) await this.#evaluate();
    if (this.#time.isLimited ? isDue : epoch % checkpointFreq === 0) await this.#save(epoch);
    if (epoch % saveFreq === 0 || last) await this.#save("latest");
  }

  /** Says what the hours are enough for. */
  #tellPace(): void {
    if (!this.#time.isLimited) return;
    const perStep = this.#time.used / this.#state.iteration, steps = this.#time.total / perStep;
    this.#callbacks.onMessage?.(
      `${perStep.toPrecision(2)} s a step: about ${
        Math.round(steps / (1 + this.#options.dStepsPerG))
      } generator steps ` +
        `in ${this.#options.hours} hours, less what evaluations take; the best of 30 evaluations is kept.`,
    );
  }

  /** Evaluates, in the process that writes; the others go on and wait for it in the next step. */
  async #evaluate(): Promise<void> {
    if (!isWriter()) return;
    const { epoch, iteration, bestDistance } = this.#state;
    let judgement: GanJudgement | void;
    try {
      judgement = await this.#callbacks.onEvaluate?.({
        epoch,
        iteration,
        average: this.#model.average,
        lastBatch: this.#lastBatch,
      });
    } catch (error) {
      // A stop within an evaluation loses no training: saved is the end of this epoch, before it is evaluated.
      if (error instanceof StoppedError) {
        if (epoch > 0) this.#state = { ...this.#state, epoch: epoch - 1, batch: this.#batches.perEpoch };
        await this.#save("latest");
      }
      throw error;
    }
    if (!judgement) return;
    await this.#checkCollapse(judgement);
    if (judgement.distance < (bestDistance ?? Infinity)) {
      this.#state = { ...this.#state, bestDistance: judgement.distance };
      await this.#save("best");
    }
    if (epoch > 0 && (this.#time.isLimited || epoch % this.#plan.checkpointFreq === 0)) {
      this.#state = { ...this.#state, goodEpoch: epoch };
    }
  }

  async #save(tag: "latest" | "best" | number): Promise<void> {
    const arrays = await this.#model.toArrays();
    for (const [name, { data }] of Object.entries(arrays)) {
      const wrong = (data as Float32Array).find((value) => !Number.isFinite(value));
      if (wrong !== undefined) await this.#refuse(name, wrong, this.#state.iteration);
    }
    const seconds = this.#time.isLimited ? { seconds: this.#time.used } : {};
    await saveCheckpoint(this.#folder, tag, arrays, { ...this.#state, ...seconds });
  }
}

/** Lets signals and timers in between two steps. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
