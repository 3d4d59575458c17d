/**
 * Parts of the GAN's training that may be a user's own: generator, discriminators, adversarial loss.
 *
 * @module
 */
import type { Prng } from "../core/prng.ts";
import type { Scalar } from "../core/tensor.ts";
import type { DiscriminatorOptions, Discriminators, Score } from "./discriminators.ts";
import type { GanLossRole } from "./gan_losses.ts";
import type { GanNetworks } from "./gan_networks.ts";
import type { Generator } from "./generator.ts";

/**
 * What training, evaluation and export need of a generator; one without `setMean` does not start from the data's means,
 * one without `setComponents` not from their principal components.
 */
export type GeneratorModel =
  & Pick<Generator, "parameters" | "options" | "generate" | "dispose">
  & Partial<Pick<Generator, "setMean" | "setComponents" | "setExemplars">>;

/** What training needs of discriminators. */
export type DiscriminatorModel = Pick<Discriminators, "parameters" | "discriminate" | "dispose">;

/** Makes a generator: once for the trained one and once for its EMA, which must have the same parameters. */
export type GeneratorMaker = (networks: GanNetworks, prng: Prng) => GeneratorModel;

/**
 * Loss of the scores of all discriminators; it is recorded, so that no value of a tensor may be read.
 *
 * @param role Whose loss: the discriminators' on reals or on fakes, or the generator's
 * @param scores Output of each discriminator
 * @param weights Weight of each discriminator
 */
export type AdversarialLoss = (
  role: GanLossRole,
  scores: readonly Score[],
  weights: readonly number[],
) => Scalar;

/** A user's own parts; what is left out is the paper's. Functions are no settings: a resumed run is given them again. */
export interface GanParts {
  /** Makes the generator and its EMA. */
  readonly makeGenerator?: GeneratorMaker;
  /** Makes the discriminators. */
  readonly makeDiscriminators?: (options: DiscriminatorOptions, prng: Prng) => DiscriminatorModel;
  /** Adversarial loss, in place of the one that the options name. */
  readonly loss?: AdversarialLoss;
}
