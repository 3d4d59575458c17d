/**
 * Options of GAN training, their defaults, and what follows from them.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { type PresetName, PRESETS } from "../networks/presets.ts";
import { GAN_LOSS_KINDS, type GanLossKind } from "./gan_losses.ts";
import { TEXTURE_RESOLUTIONS } from "./generator.ts";

/** Rows and columns that convolutions make where exemplars add the rest. */
export const BASE_RESOLUTION = 128;

/**
 * How generators begin and what they are shown: as in the original, from nothing and photographs as they come; or from
 * means, components and exemplars of the data, with viewing directions drawn equally often.
 */
export const GAN_RECIPES = ["auto", "original", "exemplars"] as const;
/** One of {@linkcode GAN_RECIPES}; auto is the original's with the preset `paper`, else exemplars. */
export type GanRecipe = typeof GAN_RECIPES[number];

/** Options of `trainGan`; −1 stands for "by itself". */
export interface GanOptions {
  /** Sizes of the networks. */
  preset?: PresetName;
  /** How generators begin. */
  recipe?: GanRecipe;
  /** Side of the texture, R; if not given, that of the preset. */
  textureResolution?: number;
  /** Whether textures and maps are even reflections. */
  symmetricG?: boolean;
  /** Whether networks are told the class. */
  conditionalClass?: boolean;
  /** Whether textures are made and judged without meshes. */
  textureOnly?: boolean;
  /** Whether networks are shown part maps. */
  conditionalSemantics?: boolean;
  /** Normalisation in the generator. */
  normG?: "batch" | "instance" | "none";
  /** Normalisation in the discriminators. */
  normD?: "instance" | "none";
  /** Length of the latent code. */
  latentDim?: number;
  /**
   * Principal components of the data that generators start from, each weighed by an entry of the latent code; −1: 24, or
   * fewer for few objects, but none with the original's recipe.
   */
  components?: number;
  /**
   * Objects of the data that lend generated textures their detail; −1: 64, or fewer for few objects, where there are
   * components and textures are even reflections of one class.
   */
  exemplars?: number;
  /**
   * Share of the objects that are not learned from, by which over-fitting is watched, 64 at most; −1: a tenth from 200
   * objects on, none with the original's recipe or part maps.
   */
  heldOut?: number;
  /** Number of discriminators, 2 or 3; −1: 3 from R = 512 on, else 2, and 2 for textures only. */
  numDiscriminators?: number;
  /** Adversarial loss. */
  loss?: GanLossKind;
  /** Whether the discriminators' outputs are weighed by the alpha mask. */
  maskOutput?: boolean;
  /** Weight of the smoothness of generated meshes. */
  meshRegularization?: number;
  /** Learning rate of the generator. */
  lrG?: number;
  /** Learning rate of the discriminators. */
  lrD?: number;
  /** Discriminator steps after each generator step. */
  dStepsPerG?: number;
  /** Share of the average in the generator's running average, after 100 epochs. */
  gRunningAverageAlpha?: number;
  /** Epoch from which the learning rates fall to 0. */
  lrDecayAfter?: number;
  /** Length in epochs. */
  epochs?: number;
  /** Length in steps of both kinds, in place of `epochs`; −1: not used. */
  iters?: number;
  /** Length in hours, in place of `epochs` and `iters`; 0: not used. */
  hours?: number;
  /** Samples in a batch. */
  batchSize?: number;
  /** Epochs between numbered checkpoints. */
  checkpointFreq?: number;
  /** Epochs between saves of the latest state. */
  saveFreq?: number;
  /** Epochs between evaluations. */
  evaluateFreq?: number;
  /** Seed of all randomness. */
  seed?: number;
  /** Goes on with the run of this name. */
  continueTrain?: boolean;
  /** Checkpoint to go on from. */
  whichEpoch?: string;
  /** Replaces a run of this name. */
  overwrite?: boolean;
}

/** Defaults of {@linkcode GanOptions}: the original's. */
export const GAN_DEFAULTS = {
  preset: "paper",
  recipe: "auto",
  textureResolution: PRESETS.paper.textureResolution,
  symmetricG: true,
  conditionalClass: false,
  textureOnly: false,
  conditionalSemantics: false,
  normG: "batch",
  normD: "none",
  latentDim: 64,
  components: -1,
  exemplars: -1,
  heldOut: -1,
  numDiscriminators: -1,
  loss: "hinge",
  maskOutput: true,
  meshRegularization: 1e-4,
  lrG: 1e-4,
  lrD: 4e-4,
  dStepsPerG: 2,
  gRunningAverageAlpha: 0.999,
  lrDecayAfter: 100_000,
  epochs: 600,
  iters: -1,
  hours: 0,
  batchSize: 32,
  checkpointFreq: 20,
  saveFreq: 5,
  evaluateFreq: 20,
  seed: 1,
  continueTrain: false,
  whichEpoch: "latest",
  overwrite: false,
} as const satisfies Required<GanOptions>;

/** Options that may change when a run goes on. */
export const FREE_GAN_OPTIONS = [
  "epochs",
  "iters",
  "hours",
  "batchSize",
  "checkpointFreq",
  "saveFreq",
  "evaluateFreq",
  "lrG",
  "lrD",
  "lrDecayAfter",
  "continueTrain",
  "whichEpoch",
  "overwrite",
] as const satisfies readonly (keyof GanOptions)[];

/** Fills in defaults and what follows from them, and checks the values. */
export function resolveGanOptions(options: GanOptions): Required<GanOptions> {
  const preset = options.preset ?? GAN_DEFAULTS.preset;
  if (!(preset in PRESETS)) {
    throw new UserError(
      `The preset must be one of ${Object.keys(PRESETS).join(", ")}, current value is ${preset}.`,
    );
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved: Required<GanOptions> = {
    ...GAN_DEFAULTS,
    textureResolution: presetResolution(preset, { ...GAN_DEFAULTS, ...given }),
    ...given,
  };
  const { textureResolution, numDiscriminators, loss } = resolved;
  if (!TEXTURE_RESOLUTIONS.some((resolution) => resolution === textureResolution)) {
    throw new UserError(
      `'textureResolution' must be one of ${
        TEXTURE_RESOLUTIONS.join(", ")
      }, current value is ${textureResolution}.`,
    );
  }
  const isBroad = mayHaveExemplars(resolved); // discriminators see few texels
  const seen = isBroad ? Math.min(BASE_RESOLUTION, textureResolution) : textureResolution;
  if (numDiscriminators === -1) {
    resolved.numDiscriminators = seen >= 512 && !resolved.textureOnly ? 3 : 2;
  } else if (numDiscriminators !== 2 && !(numDiscriminators === 3 && seen >= 512)) {
    throw new UserError(
      "'numDiscriminators' must be 2, or 3 with a texture resolution of 512 or more that is made without exemplars, " +
        `current values are ${numDiscriminators} and ${seen}.`,
    );
  }
  if (!GAN_LOSS_KINDS.includes(loss)) {
    throw new UserError(`'loss' must be one of ${GAN_LOSS_KINDS.join(", ")}, current value is ${loss}.`);
  }
  const { components, latentDim } = resolved;
  if (!(Number.isInteger(components) && components >= -1 && components <= latentDim)) {
    throw new UserError(
      `'components' must be a whole number from 0 to the length of the latent code, ${latentDim}, or auto, current ` +
        `value is ${components}.`,
    );
  }
  if (components > 0 && isOriginal(resolved)) {
    throw new UserError(
      `'components' needs the recipe exemplars: that of the preset ${preset} is the original's if no other is given ` +
        `('recipe'), current value is ${components}.`,
    );
  }
  const { heldOut, recipe } = resolved;
  if (!GAN_RECIPES.includes(recipe)) {
    throw new UserError(`'recipe' must be one of ${GAN_RECIPES.join(", ")}, current value is ${recipe}.`);
  }
  if (heldOut !== -1 && !(heldOut >= 0 && heldOut <= 0.5)) {
    throw new UserError(`'heldOut' must be a share from 0 to 0.5, or auto, current value is ${heldOut}.`);
  }
  if (heldOut > 0 && resolved.conditionalSemantics) {
    throw new UserError(
      `'heldOut' needs networks that see no part maps, current value is ${heldOut}; give 'heldOut: 0'.`,
    );
  }
  const positive = [
    "batchSize",
    "latentDim",
    "epochs",
    "checkpointFreq",
    "saveFreq",
    "evaluateFreq",
  ] as const;
  for (const name of positive) {
    if (!(Number.isInteger(resolved[name]) && resolved[name] > 0)) {
      throw new UserError(
        `'${name}' must be a whole number above 0, current value is ${resolved[name]}.`,
      );
    }
  }
  return resolved;
}

/** Side of the textures of a preset; small ones make by convolutions alone what exemplars can add nothing to. */
function presetResolution(preset: PresetName, options: Required<GanOptions>): number {
  const { textureResolution } = PRESETS[preset];
  const isPlain = preset !== "paper" && !mayHaveExemplars({ ...options, preset });
  return isPlain ? Math.min(BASE_RESOLUTION, textureResolution) : textureResolution;
}

/** Whether a run is as the original's. */
export function isOriginal({ recipe, preset }: Pick<Required<GanOptions>, "recipe" | "preset">): boolean {
  return recipe === "auto" ? preset === "paper" : recipe === "original";
}

/** Whether exemplars may lend detail: not where textures are made for a class, from parts, without meshes or two-sided. */
export function mayHaveExemplars(options: Required<GanOptions>): boolean {
  const { exemplars, symmetricG, conditionalClass, conditionalSemantics, textureOnly } = options;
  return !isOriginal(options) && exemplars !== 0 && symmetricG && !conditionalClass &&
    !conditionalSemantics && !textureOnly;
}
