/**
 * A GAN training in progress: epochs, evaluations, checkpoints, stop and resume.
 *
 * @module
 */
import { StoppedError } from "../core/errors.ts";
import { anyProcess, isWriter } from "../core/process_group.ts";
import { stoppedError } from "../core/progress.ts";
import { type Scalar, type Tensor2D, tf } from "../core/tensor.ts";
import { batchShare } from "../training/batch_share.ts";
import { loadCheckpoint, saveCheckpoint } from "../training/checkpoint.ts";
import { averageShare } from "../training/ema.ts";
import { linearDecayRate } from "../training/schedules.ts";
import { readExemplars } from "./exemplars/exemplar_files.ts";
import type { GanCallbacks, GanJudgement } from "./gan_callbacks.ts";
import type { GanModel, GanState } from "./gan_model.ts";
import type { GanOptions } from "./gan_options.ts";
import { baseResolution } from "./gan_networks.ts";
import { GanSteps } from "./gan_steps.ts";
import { discriminatorAccuracy } from "./held_out.ts";
import { trainingLatents } from "./latent.ts";
import type { AdversarialLoss } from "./own_parts.ts";
import { PART_MAP_SIDE } from "./part_maps.ts";
import { RunLength } from "./run_length.ts";
import { checkCollapse, divergedError } from "./training_failure.ts";
import type { UvBatch, UvBatches } from "./uv_batches.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Steps between two readings of the losses. */
const REPORT_EVERY = 10;
/** Losses from here on, and those that are no numbers, are a failure. */
const LARGEST_LOSS = 1e6;

type Losses = Record<string, Scalar>;

/** What a training works on. */
export interface GanTrainingInputs {
  /** Folder of the run. */
  readonly folder: string;
  /** Options. */
  readonly options: Required<GanOptions>;
  /** Batches of UV maps. */
  readonly batches: UvBatches;
  /** Networks and optimisers, which the training frees. */
  readonly model: GanModel;
  /** What is called. */
  readonly callbacks: GanCallbacks;
  /** Objects that are learned from, and others, with the texels that discriminators see; the others may be none. */
  readonly watched: { readonly training: UvDataset; readonly heldOut: UvDataset };
  /** A user's own adversarial loss. */
  readonly loss?: AdversarialLoss;
}

/** One run in progress. */
export class GanTraining {
  readonly #folder: string;
  readonly #options: Required<GanOptions>;
  readonly #batches: UvBatches;
  readonly #model: GanModel;
  readonly #steps: GanSteps;
  readonly #callbacks: GanCallbacks;
  readonly #watched: GanTrainingInputs["watched"];
  readonly #values: Record<string, number> = {};
  #state: GanState;
  #length: RunLength;

  /**
   * Begins at the first step.
   *
   * @param inputs See {@linkcode GanTrainingInputs}
   */
  constructor({ folder, options, batches, model, callbacks, watched, loss }: GanTrainingInputs) {
    this.#folder = folder;
    this.#options = options;
    this.#batches = batches;
    this.#model = model;
    this.#callbacks = callbacks;
    this.#watched = watched;
    this.#steps = new GanSteps(model, { ...options, adversarialLoss: loss });
    this.#length = new RunLength(options, batches.perEpoch);
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
    this.#length = new RunLength(this.#options, this.#batches.perEpoch, state.seconds);
  }

  /** Runs to the end. */
  async run(): Promise<{ epochs: number; iterations: number; bestDistance: number | null }> {
    let isOver = this.#length.isOver(this.#state.epoch);
    if (isOver) this.#callbacks.onMessage?.(`The run in ${this.#folder} ${this.#length.finished()}.`);
    else await this.#steps.prepare(batchShare(this.#options.batchSize).length);
    // With exemplars the start is as good as some later state, and stands if training makes none better.
    if (this.#state.iteration === 0 && this.#model.networks.exemplars) await this.#evaluate(false);
    while (!isOver) {
      await this.#epoch();
      isOver = await this.#endEpoch();
    }
    const { epoch, iteration, bestDistance } = this.#state;
    return { epochs: epoch, iterations: iteration, bestDistance };
  }

  /** Frees networks, optimisers and recordings. */
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
    const rate = linearDecayRate(isGeneratorStep ? lrG : lrD, epoch, lrDecayAfter, this.#length.epochs);
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
        if (!(Math.abs(value) < LARGEST_LOSS)) {
          throw await divergedError(this.#folder, name, value, iteration);
        }
      }
      Object.assign(this.#values, scalars);
      this.#callbacks.onScalars?.(iteration, scalars);
      const [done, total] = this.#length.progress(this.#state.epoch, this.#state.batch);
      this.#callbacks.onProgress?.({ done, total, values: { ...this.#values } });
    }
    tf.dispose(losses);
  }

  /** Evaluates and saves what is due; whether that was the last epoch. */
  async #endEpoch(): Promise<boolean> {
    this.#state = { ...this.#state, epoch: this.#state.epoch + 1, batch: 0 };
    const { epoch, iteration } = this.#state, isLast = this.#length.isOver(epoch);
    const pace = epoch === 1 ? this.#length.pace(iteration) : null;
    if (pace) this.#callbacks.onMessage?.(pace);
    const due = this.#length.takeDue(epoch, isLast);
    if (due.evaluation) await this.#evaluate(due.checkpoint);
    if (due.checkpoint) await this.#save(epoch);
    if (due.save) await this.#save("latest");
    return isLast;
  }

  /**
   * Evaluates, in the process that writes; the others go on and wait for it in the next step.
   *
   * @param isNumbered Whether a numbered checkpoint of this state follows
   */
  async #evaluate(isNumbered: boolean): Promise<void> {
    if (!isWriter()) return;
    const { epoch, iteration, bestDistance } = this.#state;
    let judgement: GanJudgement | void;
    try {
      judgement = await this.#callbacks.onEvaluate?.({
        epoch,
        iteration,
        average: this.#model.average,
        heldOut: this.#watched.heldOut.poses.ids,
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
    await this.#watch();
    const bestDiversity = await checkCollapse(this.#folder, this.#state, judgement);
    this.#state = { ...this.#state, bestDiversity };
    if (judgement.distance < (bestDistance ?? Infinity)) {
      this.#state = { ...this.#state, bestDistance: judgement.distance };
      await this.#save("best");
    }
    if (isNumbered) this.#state = { ...this.#state, goodEpoch: epoch };
  }

  /** Whether discriminators know the objects that they learned from, and not others. */
  async #watch(): Promise<void> {
    const { training, heldOut } = this.#watched, { iteration } = this.#state;
    if (heldOut.length === 0) return;
    const accuracy = await discriminatorAccuracy(this.#model, training, heldOut, this.#options.seed);
    this.#callbacks.onScalars?.(Math.max(0, iteration - 1), {
      "accuracy/training": accuracy.training,
      "accuracy/held_out": accuracy.heldOut,
    });
  }

  async #save(tag: "latest" | "best" | number): Promise<void> {
    const arrays = await this.#model.toArrays();
    for (const [name, { data }] of Object.entries(arrays)) {
      const wrong = (data as Float32Array).find((value) => !Number.isFinite(value));
      if (wrong !== undefined) throw await divergedError(this.#folder, name, wrong, this.#state.iteration);
    }
    const { seconds } = this.#length;
    await saveCheckpoint(this.#folder, tag, arrays, { ...this.#state, ...(seconds !== null && { seconds }) });
  }
}

/** Lets signals and timers in between two steps. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
