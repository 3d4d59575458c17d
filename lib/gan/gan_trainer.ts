/**
 * The GAN as the training loop trains it: steps of generator and discriminators, evaluations, and its state.
 *
 * @module
 */
import { freeFields } from "../core/option.ts";
import { isWriter } from "../core/process_group.ts";
import { type Scalar, type Tensor2D, tf } from "../core/tensor.ts";
import { batchShare } from "../training/batch_share.ts";
import type { Checkpoint, CheckpointTag } from "../training/checkpoint.ts";
import { emaDecay } from "../training/ema.ts";
import type { DueWork, RunPlan } from "../training/run_length.ts";
import type { RunSettings } from "../training/run_settings.ts";
import { inEpochs, linearDecayRate } from "../training/schedules.ts";
import type { Position, StepReport, Trainer } from "../training/trainer.ts";
import type { TrainingRun } from "../training/training_run.ts";
import { exemplarArrays, exemplarsOf } from "./exemplars/exemplars.ts";
import type { GanCallbacks } from "./gan_callbacks.ts";
import type { GanModel, GanState } from "./gan_model.ts";
import { baseResolution } from "./gan_networks.ts";
import { GAN_OPTIONS, type ResolvedGanOptions } from "./gan_options.ts";
import type { GanSettings } from "./gan_settings.ts";
import { GanSteps } from "./gan_steps.ts";
import { DISPLACEMENT_RESOLUTION } from "./generator.ts";
import { discriminatorAccuracy } from "./held_out.ts";
import { trainingLatents } from "./latent.ts";
import type { AdversarialLoss } from "./own_parts.ts";
import { PART_MAP_SIDE } from "./part_maps.ts";
import { startFromData } from "./start_from_data.ts";
import { checkCollapse, wayBack } from "./training_failure.ts";
import type { UvBatch, UvBatches } from "./uv_batches.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Steps between two readings of the losses. */
const REPORT_EVERY = 10;

/** What a training works on. */
export interface GanTrainerInputs {
  /** Where its state is kept. */
  readonly run: TrainingRun;
  /** Options. */
  readonly options: ResolvedGanOptions;
  /** All settings, which are kept with the run. */
  readonly settings: GanSettings;
  /** Objects that are learned from. */
  readonly objects: UvDataset;
  /** Batches of their UV maps. */
  readonly batches: UvBatches;
  /** Networks and optimisers, which stay the caller's. */
  readonly model: GanModel;
  /** What is called. */
  readonly callbacks: GanCallbacks;
  /** Objects that are learned from, and others, with the texels that discriminators see; the others may be none. */
  readonly watched: { readonly training: UvDataset; readonly heldOut: UvDataset };
  /** A user's own adversarial loss. */
  readonly loss?: AdversarialLoss;
}

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
  readonly #inputs: GanTrainerInputs;
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

  constructor(inputs: GanTrainerInputs) {
    const { run, options, batches, model, watched, loss } = inputs;
    this.#inputs = inputs;
    this.#options = inEpochs(options, watched.training.length);
    this.#steps = new GanSteps(model, options, loss);
    this.subject = `Training of ${run.name}`;
    this.batchSize = options.batchSize;
    this.batchesPerEpoch = batches.perEpoch;
    this.plan = this.#options;
    this.settings = { ...inputs.settings };
    this.unit = { steps: 1 + options.dStepsPerG, name: "generator steps" };
    // With exemplars the start is as good as some later state, and stands if training makes none better.
    this.evaluatesStart = model.networks.exemplars !== undefined;
  }

  /** Best distance so far; null without evaluations. */
  get bestDistance(): number | null {
    return this.#found.bestDistance;
  }

  /** Sets what generators start from, where they start from the data. */
  async start(): Promise<void> {
    const { model, objects, options, run } = this.#inputs;
    const exemplars = await startFromData(model, objects, options);
    if (exemplars) await run.writeArrays("exemplars", exemplarArrays(exemplars));
  }

  /** Takes over the state of a checkpoint. */
  async resume(checkpoint: Checkpoint): Promise<Position> {
    const { run, model, callbacks, options: { batchSize } } = this.#inputs;
    const state = model.load(checkpoint, `the checkpoint of ${run.name}`);
    if (state.networks.exemplars) {
      await model.setExemplars(exemplarsOf(await run.readArrays("exemplars"), run.name));
    }
    const { epoch, iteration, seconds, bestDistance, bestDiversity, goodEpoch } = state;
    this.#found = { bestDistance, bestDiversity, goodEpoch };
    const isSame = state.batchSize === batchSize;
    if (!isSame && state.batch > 0) {
      callbacks.onMessage?.(
        `The batch size changed from ${state.batchSize} to ${batchSize}: epoch ${
          epoch + 1
        } starts from scratch.`,
      );
    }
    return { epoch, batch: isSame ? state.batch : 0, iteration, seconds };
  }

  /** Reads a batch. */
  load(epoch: number, index: number): Promise<UvBatch> {
    return this.#inputs.batches.load(epoch, index);
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
    const { texture, map, ...common } = this.#tensors(batch, iteration);
    const isGeneratorStep = iteration % this.unit.steps === 0, epochs = this.#epochs;
    const learningRate = tf.scalar(linearDecayRate(isGeneratorStep ? lrG : lrD, epoch, lrDecayAfter, epochs));
    const decay = tf.scalar(emaDecay(gRunningAverageAlpha, epoch)), name = `gan_${loss}`;
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

  /** A batch as tensors, with the latent codes of a step; of several processes each has its share. */
  #tensors({ texture, alpha, map, parts, classIndices }: UvBatch, iteration: number) {
    const { seed, batchSize, latentDim } = this.#options, { networks } = this.#inputs.model;
    const { classes, parts: P = 0 } = networks, R = baseResolution(networks);
    const { start, length: B } = batchShare(batchSize);
    const latents = trainingLatents(seed, iteration, batchSize, latentDim);
    const oneHot = () => tf.cast(tf.oneHot([...classIndices], classes), "float32") as Tensor2D;
    return {
      latent: tf.tensor2d(latents.subarray(start * latentDim, (start + B) * latentDim), [B, latentDim]),
      oneHot: classes > 0 ? tf.tidy(oneHot) : null,
      parts: parts ? tf.tensor4d(parts, [B, PART_MAP_SIDE, PART_MAP_SIDE, P]) : null,
      alpha: tf.tensor4d(alpha, [B, R, R, 1]),
      texture: tf.tensor4d(texture, [B, R, R, 3]),
      map: tf.tensor4d(map, [B, DISPLACEMENT_RESOLUTION, DISPLACEMENT_RESOLUTION, 3]),
    };
  }

  /**
   * Evaluates where it is due, in the process that writes; the others go on and wait for it in the next step.
   *
   * @returns Whether this is the best distance so far
   */
  async endEpoch({ epoch, iteration }: Position, { evaluation }: DueWork): Promise<boolean> {
    if (!evaluation || !isWriter()) return false;
    const { run, model, callbacks, watched: { heldOut } } = this.#inputs;
    const found = await callbacks.onEvaluate?.({
      ...{ epoch, iteration },
      average: model.average,
      heldOut: heldOut.poses.ids,
    });
    if (!found) return false;
    await this.#watch(iteration);
    const bestDiversity = await checkCollapse(run, epoch, this.#found, found);
    const best = this.#found.bestDistance ?? Infinity;
    this.#found = { ...this.#found, bestDiversity, bestDistance: Math.min(best, found.distance) };
    this.#evaluatedEpoch = epoch;
    return found.distance < best;
  }

  /** Whether discriminators know the objects that they learned from, and not others. */
  async #watch(iteration: number): Promise<void> {
    const { model, callbacks, watched: { training, heldOut } } = this.#inputs;
    if (heldOut.length === 0) return;
    const accuracy = await discriminatorAccuracy(model, training, heldOut, this.#options.seed);
    callbacks.onScalars?.(Math.max(0, iteration - 1), {
      "accuracy/training": accuracy.training,
      "accuracy/held_out": accuracy.heldOut,
    });
  }

  /** The state; a numbered one that was evaluated is one to come back to. */
  async checkpoint(position: Position, tag: CheckpointTag): Promise<Checkpoint> {
    const { model } = this.#inputs, { batchSize } = this;
    if (tag === this.#evaluatedEpoch) this.#found = { ...this.#found, goodEpoch: tag };
    const { epoch, batch, iteration, ...rest } = position, { networks } = model;
    const state: GanState = { networks, epoch, batch, batchSize, iteration, ...this.#found, ...rest };
    return { arrays: await model.toArrays(), state };
  }

  /** From the latest checkpoint with lower rates. */
  wayBack(): Promise<string> {
    return wayBack(this.#inputs.run, ["latest"]);
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
