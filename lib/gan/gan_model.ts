/**
 * All that a GAN checkpoint holds: generator, its EMA, discriminators and both optimisers.
 *
 * @module
 */
import type { NdArray } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { Prng } from "../core/prng.ts";
import { type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { PRESETS } from "../networks/presets.ts";
import { Adam } from "../training/adam.ts";
import { batchShare } from "../training/batch_share.ts";
import { type Checkpoint, takePrefix, withPrefix } from "../training/checkpoint.ts";
import { type DiscriminatorOptions, Discriminators } from "./discriminators.ts";
import { baseResolution, type GanNetworks } from "./gan_networks.ts";
import { makeGenerator } from "./make_generator.ts";
import type { DataStart } from "./data_start.ts";
import type { Exemplars } from "./exemplars/exemplars.ts";
import type { DiscriminatorModel, GanParts, GeneratorModel } from "./own_parts.ts";
import { PART_MAP_SIDE } from "./part_maps.ts";

/** Decays of both optimisers. */
const ADAM = { beta1: 0, beta2: 0.99, epsilon: 1e-8 } as const;

/** Passes after which singular values and running statistics are about known. */
const SETTLING_PASSES = 20;

/** Position of a run, stored with its arrays. */
export interface GanState {
  /** Build of the networks. */
  readonly networks: GanNetworks;
  /** Epochs finished. */
  readonly epoch: number;
  /** Batches finished in the epoch under way. */
  readonly batch: number;
  /** Samples in a batch, without which `batch` says nothing. */
  readonly batchSize: number;
  /** Steps of both kinds so far, k. */
  readonly iteration: number;
  /** Best distance so far, or null. */
  readonly bestDistance: number | null;
  /** Largest difference of generated images from each other so far. */
  readonly bestDiversity?: number;
  /** Seconds of training so far, of runs whose length is given in hours. */
  readonly seconds?: number;
  /** Epoch of the last numbered checkpoint that an evaluation found in order, or null. */
  readonly goodEpoch?: number | null;
}

/** The networks and optimisers of a run. */
export class GanModel {
  /** Build of the networks. */
  readonly networks: GanNetworks;
  /** The trained generator. */
  readonly generator: GeneratorModel;
  /** Its EMA, which makes all samples. */
  readonly average: GeneratorModel;
  /** The discriminators. */
  readonly discriminators: DiscriminatorModel;
  /** Optimiser of the generator. */
  readonly optimizerG: Adam;
  /** Optimiser of the discriminators. */
  readonly optimizerD: Adam;

  /**
   * Makes all networks with fresh values; the average starts as a copy of the generator.
   *
   * @param networks Build of the networks
   * @param seed Seed of the initial values
   * @param parts A user's own networks
   */
  constructor(networks: GanNetworks, seed: number, parts: GanParts = {}) {
    const { numDiscriminators, classes, normD, textureOnly } = networks;
    const make = parts.makeGenerator ?? makeGenerator;
    this.networks = networks;
    this.generator = make(networks, new Prng(seed, "gan", "generator"));
    this.average = make(networks, new Prng(seed, "gan", "average"));
    this.generator.parameters.copyTo(this.average.parameters);
    const build: DiscriminatorOptions = {
      textureResolution: baseResolution(networks),
      width: PRESETS[networks.preset].width,
      count: numDiscriminators,
      classes,
      norm: normD,
      parts: networks.parts,
      textureOnly,
    };
    const prng = new Prng(seed, "gan", "discriminators");
    this.discriminators = parts.makeDiscriminators?.(build, prng) ?? new Discriminators(build, prng);
    this.optimizerG = new Adam(this.generator.parameters.trainable, { ...ADAM, name: "optimizer_g" });
    this.optimizerD = new Adam(this.discriminators.parameters.trainable, { ...ADAM, name: "optimizer_d" });
  }

  /** Sets what the outputs of generator and average start from. */
  async setStart({ texture, map, components, exemplars }: DataStart): Promise<void> {
    for (const generator of [this.generator, this.average]) {
      generator.setMean?.(texture, map);
      if (components) generator.setComponents?.(components.texture, components.map);
    }
    if (exemplars) await this.setExemplars(exemplars);
  }

  /**
   * Lets the generator's singular values and running statistics settle before it learns: both are known by iteration, and
   * an average of generators that do not know them yet makes no objects.
   *
   * @param batchSize Samples of a pass, of which each of several processes has its share
   * @param seed Seed of the latent codes
   */
  settle(batchSize: number, seed: number): void {
    const { latentDim, classes, parts = 0 } = this.networks, { start, length: B } = batchShare(batchSize);
    const prng = new Prng(seed, "gan", "settle");
    for (let pass = 0; pass < SETTLING_PASSES; pass++) {
      const latents = prng.normals(batchSize * latentDim).subarray(
        start * latentDim,
        (start + B) * latentDim,
      );
      const labels = Array.from({ length: B }, (_, i) => (pass + start + i) % Math.max(classes, 1));
      tf.tidy(() => {
        const oneHot = classes > 0 ? tf.cast(tf.oneHot(labels, classes), "float32") as Tensor2D : null;
        const maps = parts > 0 ? tf.zeros([B, PART_MAP_SIDE, PART_MAP_SIDE, parts]) : null;
        const latent = tf.tensor2d(latents, [B, latentDim]);
        this.generator.generate(latent, oneHot, true, maps as Tensor4D | null);
      });
    }
    this.generator.parameters.copyTo(this.average.parameters);
  }

  /** Sets the objects that lend textures their detail, once means and components are there. */
  async setExemplars(exemplars: Exemplars): Promise<void> {
    for (const generator of [this.generator, this.average]) await generator.setExemplars?.(exemplars, true);
  }

  /** All values, for a checkpoint. */
  async toArrays(): Promise<Record<string, NdArray>> {
    return {
      ...withPrefix("generator", await this.generator.parameters.toArrays()),
      ...withPrefix("generator_running_avg", await this.average.parameters.toArrays()),
      ...withPrefix("discriminator", await this.discriminators.parameters.toArrays()),
      ...withPrefix("optimizer_g", await this.optimizerG.toArrays()),
      ...withPrefix("optimizer_d", await this.optimizerD.toArrays()),
    };
  }

  /**
   * Takes over a checkpoint.
   *
   * @param checkpoint The checkpoint
   * @param source Where it comes from, for the message
   * @returns The position of the run
   * @throws {UserError} If it is of another build
   */
  load(checkpoint: Checkpoint, source: string): GanState {
    const state = checkGanState(checkpoint, this.networks, source);
    const part = (prefix: string) => takePrefix(prefix, checkpoint.arrays);
    if (Object.keys(part("generator")).length === 0) {
      throw new UserError(
        `Cannot resume from ${source}: it lacks the entries "generator/…", as released models do, which hold the average only. It can be ` +
          "evaluated and exported; training starts under another name.",
      );
    }
    this.generator.parameters.load(part("generator"), source);
    this.average.parameters.load(part("generator_running_avg"), source);
    this.discriminators.parameters.load(part("discriminator"), source);
    this.optimizerG.load(part("optimizer_g"));
    this.optimizerD.load(part("optimizer_d"));
    return state;
  }

  /** Frees all values. */
  dispose(): void {
    this.disposeTraining();
    this.average.dispose();
  }

  /** Frees what only training needs: all but the EMA. */
  disposeTraining(): void {
    this.optimizerG.dispose();
    this.optimizerD.dispose();
    this.generator.dispose();
    this.discriminators.dispose();
  }
}

/**
 * Checks that a checkpoint is of a build, and returns its position.
 *
 * @throws {UserError} If a part of the build differs: with its name and both values
 */
export function checkGanState(checkpoint: Checkpoint, networks: GanNetworks, source: string): GanState {
  const state = checkpoint.state as Partial<GanState> | null;
  if (!state?.networks) throw new UserError(`Cannot load ${source}: it is not a checkpoint of a GAN.`);
  for (const name of Object.keys({ ...state.networks, ...networks }) as (keyof GanNetworks)[]) {
    const stored = state.networks[name] ?? "none", value = networks[name] ?? "none";
    if (stored !== value) {
      throw new UserError(
        `Cannot load ${source}: its networks were built with ${name} ${stored}, current value is ${value}.`,
      );
    }
  }
  return state as GanState;
}
