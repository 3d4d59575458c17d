/**
 * The GAN as the training loop trains it: steps of generator and discriminators, evaluations, and its state.
 *
 * @module
 */
import { freeFields } from "../core/option.ts";
import { isWriter } from "../core/process_group.ts";
import { type Scalar, tf } from "../core/tensor.ts";
import { batchShare } from "../training/batch_share.ts";
import type { Checkpoint, CheckpointTag } from "../training/checkpoint.ts";
import { emaDecay } from "../training/ema.ts";
import type { DueWork, RunPlan } from "../training/run_length.ts";
import type { RunSettings } from "../training/run_settings.ts";
import { inEpochs, linearDecayRate } from "../training/schedules.ts";
import type { Position, StepReport, Trainer } from "../training/trainer.ts";
import type { TrainingRun } from "../training/training_run.ts";
import { exemplarArrays, exemplarsOf } from "./exemplars/exemplars.ts";
import { batchTensors } from "./batch_tensors.ts";
import type { GanCallbacks } from "./gan_callbacks.ts";
import type { GanModel, GanState } from "./gan_model.ts";
import { GAN_OPTIONS, type ResolvedGanOptions } from "./gan_options.ts";
import type { GanSettings } from "./gan_settings.ts";
import { GanSteps } from "./gan_steps.ts";
import { discriminatorAccuracy } from "./held_out.ts";
import type { AdversarialLoss } from "./own_parts.ts";
import { startFromData } from "./start_from_data.ts";
import { checkCollapse, wayBack } from "./training_failure.ts";
import type { UvBatch, UvBatches } from "./uv_batches.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Steps between two readings of the losses. */
const REPORT_EVERY = 10;

/**
 * Epochs that the average counts as finished where generators start from the data: they need not leave a poor start soon,
 * and so average over more steps from the first.
 */
const EPOCHS_AHEAD = 10;

/** A GAN in training. */
export class GanTrainer implements Trainer<UvBatch> {
  readonly subject: string;
  readonly batchSize: number;
  readonly batchesPerEpoch: number;
  readonly plan: RunPlan;
  readonly firstStep = 0;
  readonly unit: { readonly steps: number; readonly name: string };
  readonly evaluatesStart: boolean;
  readonly settings: RunSettings;
  readonly freeSettings: readonly string[] = freeFields(GAN_OPTIONS);
  readonly #run: TrainingRun;
  readonly #model: GanModel;
  readonly #objects: UvDataset;
  readonly #batches: UvBatches;
  readonly #watched: { readonly training: UvDataset; readonly heldOut: UvDataset };
  readonly #callbacks: GanCallbacks;
  readonly #options: ResolvedGanOptions;
  readonly #steps: GanSteps;
  readonly #shown: Record<string, number> = {};
  /** What evaluations have found so far. */
  #found: Pick<GanState, "bestDistance" | "bestDiversity" | "goodEpoch"> = {
    bestDistance: null,
    bestDiversity: 0,
    goodEpoch: null,
  };
  #evaluatedEpoch: number | null = null;

  /**
   * @param run Where its state is kept
   * @param settings Options and all else that is kept with the run
   * @param model Networks and optimisers, which stay the caller's
   * @param data `objects`: what is learned from; `batches` of their UV maps; `watched`: objects that are learned from, and
   *   others, which may be none, with the texels that discriminators see
   * @param callbacks What is called
   * @param loss A user's own adversarial loss
   */
  constructor(
    run: TrainingRun,
    settings: GanSettings,
    model: GanModel,
    { objects, batches, watched }: {
      readonly objects: UvDataset;
      readonly batches: UvBatches;
      readonly watched: { readonly training: UvDataset; readonly heldOut: UvDataset };
    },
    callbacks: GanCallbacks,
    loss?: AdversarialLoss,
  ) {
    this.#run = run;
    this.#model = model;
    this.#objects = objects;
    this.#batches = batches;
    this.#watched = watched;
    this.#callbacks = callbacks;
    this.#options = inEpochs(settings, watched.training.length);
    this.#steps = new GanSteps(model, settings, loss);
    this.subject = `Training of ${run.name}`;
    this.batchSize = settings.batchSize;
    this.batchesPerEpoch = batches.perEpoch;
    this.plan = this.#options;
    this.settings = { ...settings };
    this.unit = { steps: 1 + settings.dStepsPerG, name: "generator steps" };
    // With exemplars the start is as good as some later state, and stands if training makes none better.
    this.evaluatesStart = model.networks.exemplars !== undefined;
  }

  /** Best distance so far; null without evaluations. */
  get bestDistance(): number | null {
    return this.#found.bestDistance;
  }

  /** Sets what generators start from, where they start from the data. */
  async start(): Promise<void> {
    const exemplars = await startFromData(this.#model, this.#objects, this.#options);
    if (exemplars) await this.#run.writeArrays("exemplars", exemplarArrays(exemplars));
  }

  /** Takes over the state of a checkpoint. */
  async resume(checkpoint: Checkpoint): Promise<Position> {
    const { name } = this.#run, { batchSize } = this;
    const state = this.#model.load(checkpoint, `the checkpoint of ${name}`);
    if (state.networks.exemplars) {
      await this.#model.setExemplars(exemplarsOf(await this.#run.readArrays("exemplars"), name));
    }
    const { epoch, iteration, seconds, bestDistance, bestDiversity, goodEpoch } = state;
    this.#found = { bestDistance, bestDiversity, goodEpoch };
    const isSame = state.batchSize === batchSize;
    if (!isSame && state.batch > 0) {
      this.#callbacks.onMessage?.(
        `The batch size changed from ${state.batchSize} to ${batchSize}: epoch ${
          epoch + 1
        } starts from scratch.`,
      );
    }
    return { epoch, batch: isSame ? state.batch : 0, iteration, seconds };
  }

  /** Reads a batch. */
  load(epoch: number, index: number): Promise<UvBatch> {
    return this.#batches.load(epoch, index);
  }

  /** Records both steps. */
  prepare(): Promise<void> {
    return this.#steps.prepare(batchShare(this.batchSize).length);
  }

  /** One step on a batch; a generator step if k is a multiple of 1 + dStepsPerG. Losses are read now and then. */
  async step(batch: UvBatch, { epoch, batch: index, iteration }: Position): Promise<StepReport | null> {
    const losses = this.#move(batch, epoch, iteration);
    try {
      const isLast = index + 1 === this.batchesPerEpoch;
      if (!isLast && iteration % REPORT_EVERY >= this.unit.steps) return null;
      const scalars: Record<string, number> = {};
      for (const [name, loss] of Object.entries(losses)) scalars[name] = (await loss.data())[0];
      Object.assign(this.#shown, scalars);
      return { scalars, shown: { ...this.#shown } };
    } finally {
      tf.dispose(losses);
    }
  }

  /** Moves generator or discriminators; returns their losses. */
  #move(batch: UvBatch, epoch: number, iteration: number): Record<string, Scalar> {
    const { loss, lrG, lrD, lrDecayAfter, gRunningAverageAlpha } = this.#options;
    const { texture, map, ...common } = batchTensors(
      batch,
      iteration,
      this.#model.networks,
      this.#options,
    );
    const isGeneratorStep = iteration % this.unit.steps === 0, epochs = this.#epochs;
    const learningRate = tf.scalar(linearDecayRate(isGeneratorStep ? lrG : lrD, epoch, lrDecayAfter, epochs));
    const finished = epoch + (this.#model.networks.exemplars === undefined ? 0 : EPOCHS_AHEAD);
    const decay = tf.scalar(emaDecay(gRunningAverageAlpha, finished)), name = `gan_${loss}`;
    try {
      if (isGeneratorStep) {
        const found = this.#steps.generatorStep({ ...common, learningRate, emaDecay: decay });
        return { [`${name}/g`]: found.loss, flat: found.flat };
      }
      const { fake, real } = this.#steps.discriminatorStep({ ...common, texture, map, learningRate });
      return { [`${name}/d_fake_loss`]: fake, [`${name}/d_real_loss`]: real };
    } finally {
      const { oneHot, parts, ...always } = common;
      tf.dispose([{ ...always }, texture, map, learningRate, decay, oneHot ?? [], parts ?? []]);
    }
  }

  /**
   * Evaluates where it is due, in the process that writes; the others go on and wait for it in the next step.
   *
   * @returns Whether this is the best distance so far
   */
  async endEpoch({ epoch, iteration }: Position, { evaluation }: DueWork): Promise<boolean> {
    if (!evaluation || !isWriter()) return false;
    const found = await this.#callbacks.onEvaluate?.({
      ...{ epoch, iteration },
      average: this.#model.average,
      heldOut: this.#watched.heldOut.poses.ids,
    });
    if (!found) return false;
    await this.#watch(iteration);
    const bestDiversity = await checkCollapse(this.#run, epoch, this.#found, found);
    const best = this.#found.bestDistance ?? Infinity;
    this.#found = { ...this.#found, bestDiversity, bestDistance: Math.min(best, found.distance) };
    this.#evaluatedEpoch = epoch;
    return found.distance < best;
  }

  /** Whether discriminators know the objects that they learned from, and not others. */
  async #watch(iteration: number): Promise<void> {
    const { training, heldOut } = this.#watched;
    if (heldOut.length === 0) return;
    const accuracy = await discriminatorAccuracy(this.#model, training, heldOut, this.#options.seed);
    this.#callbacks.onScalars?.(Math.max(0, iteration - 1), {
      "accuracy/training": accuracy.training,
      "accuracy/held_out": accuracy.heldOut,
    });
  }

  /** The state; a numbered one that was evaluated is one to come back to. */
  async checkpoint(position: Position, tag: CheckpointTag): Promise<Checkpoint> {
    const { batchSize } = this;
    if (tag === this.#evaluatedEpoch) this.#found = { ...this.#found, goodEpoch: tag };
    const { epoch, batch, iteration, ...rest } = position, { networks } = this.#model;
    const state: GanState = { networks, epoch, batch, batchSize, iteration, ...this.#found, ...rest };
    return { arrays: await this.#model.toArrays(), state };
  }

  /** From the latest checkpoint with lower rates. */
  wayBack(): Promise<string> {
    return wayBack(this.#run, ["latest"]);
  }

  /** Frees recordings; the networks stay. */
  dispose(): void {
    this.#steps.dispose();
  }

  /** Epochs in all; infinitely many where hours are the length. */
  get #epochs(): number {
    return this.plan.hours! > 0 ? Infinity : this.plan.epochs;
  }
}
