/**
 * Options of GAN training, and what follows from them.
 *
 * @module
 */
import { seed } from "../core/common_options.ts";
import { UserError } from "../core/errors.ts";
import { option, type OptionsInput, type OptionsOutput, resolveOptions } from "../core/option.ts";
import { presetOption } from "../networks/preset_option.ts";
import { PRESETS } from "../networks/presets.ts";
import { GAN_LOSS_KINDS } from "./gan_losses.ts";
import { TEXTURE_RESOLUTIONS } from "./generator_options.ts";

/** Rows and columns that convolutions make where exemplars add the rest. */
export const BASE_RESOLUTION = 128;

/**
 * How generators begin and what they are shown: as in the original, from scratch and photographs as they come; or from
 * means, components and exemplars of the data, with viewing directions drawn equally often.
 */
export const GAN_RECIPES = ["auto", "original", "exemplars"] as const;
/** One of {@linkcode GAN_RECIPES}; auto is the original's with the preset `paper`, else exemplars. */
export type GanRecipe = typeof GAN_RECIPES[number];

/** Options of `trainGan`, with the original's defaults. */
export const GAN_OPTIONS = {
  preset: presetOption("paper"),
  recipe: option.choice({
    doc:
      "original: networks begin from scratch, as the original's; exemplars: with means, components and exemplars of the " +
      "data; auto is original with the preset paper.",
    choices: GAN_RECIPES,
    default: "auto",
  }),
  conditionalClass: option.boolean({ doc: "Tell the networks the class.", default: false }),
  batchSize: option.integer({ doc: "Samples in a batch.", default: 32, minimum: 1, free: true }),
  textureResolution: option.integer({
    doc: "Side of the texture, in texels; chooses the pseudo-ground-truth. If left out that of the preset.",
    choices: TEXTURE_RESOLUTIONS,
    shown: PRESETS.paper.textureResolution,
  }),
  symmetricG: option.boolean({ doc: "Even-reflected outputs.", default: true }),
  textureOnly: option.boolean({
    doc: "Textures without meshes; they are shown and exported on the meshes of the photographs.",
    default: false,
  }),
  conditionalSemantics: option.boolean({
    doc: "Show the networks part maps of the photographs.",
    default: false,
  }),
  normG: option.choice({
    doc: "Normalisation of the generator; syncbatch is batch in one process.",
    choices: ["syncbatch", "batch", "instance", "none"],
    default: "syncbatch",
  }),
  normD: option.choice({
    doc: "Normalisation of the discriminators.",
    choices: ["instance", "none"],
    default: "none",
  }),
  components: option.integer({
    doc:
      "Principal components of the data that generators start from, each weighed by an entry of the latent code; auto is " +
      "24 at most, none with the original's recipe.",
    minimum: 0,
    auto: -1,
  }),
  exemplars: option.integer({
    doc:
      "Objects of the data that lend generated textures their fine detail; auto is 64 at most, none with 'recipe: original'.",
    minimum: 0,
    auto: -1,
  }),
  heldOut: option.number({
    doc:
      "Share of the photographs that is not learned from, by which over-fitting is watched, 64 at most; auto is a tenth " +
      "from 200 on, none with 'recipe: original'.",
    minimum: 0,
    maximum: 0.5,
    auto: -1,
  }),
  latentDim: option.integer({ doc: "Length of the latent code.", default: 64, minimum: 1 }),
  iters: option.integer({
    doc: "Length in steps of both kinds instead of epochs.",
    minimum: 1,
    auto: -1,
    free: true,
    excludes: ["epochs", "hours"],
  }),
  epochs: option.integer({
    doc: "Length in epochs.",
    default: 600,
    minimum: 1,
    free: true,
    excludes: ["iters", "hours"],
  }),
  hours: option.number({
    doc:
      "Length in hours instead, over all calls of a run: decides about preset and batch size where they are not given, and " +
      "spreads 30 evaluations, of which the best is kept. 0: not used.",
    default: 0,
    minimum: 0,
    free: true,
    excludes: ["epochs", "iters"],
  }),
  meshRegularization: option.number({
    doc: "Weight of the smoothness of meshes.",
    default: 1e-4,
    minimum: 0,
  }),
  lrG: option.number({ doc: "Learning rate of the generator.", default: 1e-4, minimum: 0, free: true }),
  lrD: option.number({ doc: "Learning rate of the discriminators.", default: 4e-4, minimum: 0, free: true }),
  dStepsPerG: option.integer({
    doc: "Discriminator steps after each generator step.",
    default: 2,
    minimum: 1,
  }),
  gRunningAverageAlpha: option.share({
    doc: "EMA decay of the generator: the share of the average that each step keeps.",
    default: 0.999,
  }),
  lrDecayAfter: option.integer({
    doc: "Epoch from which the rates fall linearly to 0.",
    default: 100_000,
    minimum: 0,
    free: true,
  }),
  loss: option.choice({ doc: "Adversarial loss.", choices: GAN_LOSS_KINDS, default: "hinge" }),
  maskOutput: option.boolean({ doc: "Weigh the losses by the alpha mask.", default: true }),
  numDiscriminators: option.integer({
    doc: "2 or 3; auto takes 3 from a texture of 512 on.",
    minimum: 2,
    maximum: 3,
    auto: -1,
  }),
  checkpointFreq: option.integer({
    doc: "Epochs between numbered checkpoints.",
    default: 20,
    minimum: 1,
    free: true,
  }),
  saveFreq: option.integer({
    doc: "Epochs between saves of the latest state.",
    default: 5,
    minimum: 1,
    free: true,
  }),
  evaluateFreq: option.integer({ doc: "Epochs between evaluations.", default: 20, minimum: 1, free: true }),
  seed,
} as const;

/** Options of `trainGan`: {@linkcode GAN_OPTIONS} tells what each is. */
export type GanOptions = OptionsInput<typeof GAN_OPTIONS>;

/** Options of a training with everything filled in. */
export interface ResolvedGanOptions extends Required<OptionsOutput<typeof GAN_OPTIONS>> {
  /** Normalisation in the generator; in several processes `batch` is that of all. */
  normG: "batch" | "instance" | "none";
}

/** Fills in defaults and what follows from them, and checks what goes together. */
export function resolveGanOptions(options: GanOptions): ResolvedGanOptions {
  const { normG, ...checked } = resolveOptions(GAN_OPTIONS, options), { preset } = checked;
  const resolved: ResolvedGanOptions = {
    textureResolution: PRESETS[preset].textureResolution,
    ...checked,
    normG: normG === "syncbatch" ? "batch" : normG,
  };
  if (checked.textureResolution === undefined) resolved.textureResolution = presetResolution(resolved);
  // Discriminators see few texels where exemplars add the rest.
  const seen = mayHaveExemplars(resolved)
    ? Math.min(BASE_RESOLUTION, resolved.textureResolution)
    : resolved.textureResolution;
  const { numDiscriminators, components, latentDim, heldOut } = resolved;
  if (numDiscriminators === -1) {
    resolved.numDiscriminators = seen >= 512 && !resolved.textureOnly ? 3 : 2;
  } else if (numDiscriminators === 3 && seen < 512) {
    throw new UserError(
      "'numDiscriminators' must be 2, or 3 with a texture resolution of 512 or more that is made without exemplars, " +
        `current values are ${numDiscriminators} and ${seen}.`,
    );
  }
  if (components > latentDim) {
    throw new UserError(
      `'components' must be at most the length of the latent code, ${latentDim}, current value is ${components}.`,
    );
  }
  if (components > 0 && isOriginal(resolved)) {
    throw new UserError(
      `'components' needs the recipe exemplars: that of the preset ${preset} is the original's if no other is given ` +
        `('recipe'), current value is ${components}.`,
    );
  }
  if (heldOut > 0 && resolved.conditionalSemantics) {
    throw new UserError(
      `'heldOut' needs networks that see no part maps, current value is ${heldOut}; give 'heldOut: 0'.`,
    );
  }
  return resolved;
}

/** Side of the textures of a preset; small ones make by convolutions alone what exemplars can add nothing to. */
function presetResolution(options: ResolvedGanOptions): number {
  const { preset } = options, { textureResolution } = PRESETS[preset];
  const isPlain = preset !== "paper" && !mayHaveExemplars(options);
  return isPlain ? Math.min(BASE_RESOLUTION, textureResolution) : textureResolution;
}

/** Whether a run is as the original's. */
export function isOriginal({ recipe, preset }: Pick<ResolvedGanOptions, "recipe" | "preset">): boolean {
  return recipe === "auto" ? preset === "paper" : recipe === "original";
}

/** Whether exemplars may lend detail: not where textures are made for a class, from parts, without meshes or two-sided. */
export function mayHaveExemplars(options: ResolvedGanOptions): boolean {
  const { exemplars, symmetricG, conditionalClass, conditionalSemantics, textureOnly } = options;
  return !isOriginal(options) && exemplars !== 0 && symmetricG && !conditionalClass &&
    !conditionalSemantics && !textureOnly;
}
