/**
 * Flags of `train_gan`, and those that `evaluate` and `export` share with it.
 *
 * @module
 */
import type { Flag, FlagTable } from "../flag_table.ts";
import { GAN_DEFAULTS, GAN_RECIPES } from "../../lib/gan/gan_options.ts";
import {
  backend,
  continue_train,
  dataset,
  eager,
  gpu_ids,
  mesh_path,
  modeOrAutodetect,
  name,
  num_workers,
  overwrite,
  own_images,
  precision,
  preset,
  seed,
  skip_invalid,
  tensorboard,
  threads,
  which_epoch,
} from "./shared.ts";

const NO_CAPTIONS = "captions and colours are not supported.";
const refused = (doc: string, kind: Flag["kind"] = "text"): Flag => ({ kind, doc, refused: NO_CAPTIONS });

/** Flags that all tasks of a generator have. */
export const shared = {
  name,
  mode: modeOrAutodetect,
  mesh_path,
  num_workers: { ...num_workers, neutral: "files are read ahead without workers." },
  gpu_ids,
  backend,
  threads,
  eager,
  precision,
  seed,
  which_epoch,
  conditional_color: refused("Condition on colours.", "boolean"),
  conditional_text: refused("Condition on captions.", "boolean"),
  text_max_length: refused("Longest caption.", "integer"),
  text_pretrained_encoder: refused("Caption encoder."),
  text_train_encoder: refused("Train the caption encoder.", "boolean"),
  text_attention: refused("Attend to words.", "boolean"),
  text_embedding_dim: refused("Length of a word.", "integer"),
  num_parts: { kind: "integer", doc: "Number of parts.", auto: -1, neutral: "it follows from the data." },
} as const satisfies FlagTable;

/** Meshes to export. */
export const howMany = {
  kind: "integer",
  doc: "Meshes to export; auto is the batch size.",
  minimum: 1,
  auto: -1,
} as const satisfies Flag;
/** Limits of latent codes. */
export const truncationSigma = {
  kind: "list",
  doc: "Largest size of the latent code's components; auto is 1. evaluate takes a list, one distance each.",
  auto: -1,
} as const satisfies Flag;
/** One category. */
export const filterClass = {
  kind: "text",
  doc: "One category of a run that was trained with --conditional_class.",
} as const satisfies Flag;

/** Weights of Inception v3. */
export const featureWeights = {
  kind: "text",
  reads: true,
  doc: "File of torchvision's Inception v3 weights, for FID; else cache/inception_v3_google-0cc3c7bd.pth.",
} as const satisfies Flag;

/** Flags of `train_gan`. */
export const TRAIN_GAN_FLAGS = {
  ...shared,
  dataset,
  preset: preset("paper"),
  recipe: {
    kind: "text",
    doc:
      "original: networks begin with nothing, as the original's; exemplars: with means, components and exemplars of the " +
      "data; auto is original with the preset paper.",
    default: GAN_DEFAULTS.recipe,
    choices: GAN_RECIPES,
  },
  conditional_class: {
    kind: "boolean",
    doc: "Tell the networks the class.",
    default: GAN_DEFAULTS.conditionalClass,
  },
  batch_size: { kind: "integer", doc: "Samples in a batch.", default: GAN_DEFAULTS.batchSize, minimum: 1 },
  texture_resolution: {
    kind: "integer",
    doc:
      "Side of the texture, in texels; chooses the pseudo-ground-truth. Without the flag that of the preset.",
    default: GAN_DEFAULTS.textureResolution,
    choices: ["64", "128", "256", "512", "1024"],
  },
  mesh_resolution: { kind: "integer", doc: "Side of the displacement map.", default: 32, choices: ["32"] },
  symmetric_g: { kind: "boolean", doc: "Even-reflected outputs.", default: GAN_DEFAULTS.symmetricG },
  texture_only: {
    kind: "boolean",
    doc: "Textures without meshes; they are shown and exported on the meshes of the photographs.",
    default: GAN_DEFAULTS.textureOnly,
  },
  conditional_semantics: {
    kind: "boolean",
    doc: "Show the networks part maps of the photographs.",
    default: GAN_DEFAULTS.conditionalSemantics,
  },
  norm_g: {
    kind: "text",
    doc: "Normalisation of the generator; syncbatch is batch in one process.",
    default: "syncbatch",
    choices: ["syncbatch", "batch", "instance", "none"],
  },
  norm_d: {
    kind: "text",
    doc: "Normalisation of the discriminators.",
    default: GAN_DEFAULTS.normD,
    choices: ["instance", "none"],
  },
  components: {
    kind: "integer",
    doc:
      "Principal components of the data that generators start from; auto is 24 at most, none with --recipe original.",
    minimum: 0,
    auto: GAN_DEFAULTS.components,
  },
  exemplars: {
    kind: "integer",
    doc:
      "Objects of the data that lend generated textures their fine detail; auto is 64 at most, none with --recipe original.",
    minimum: 0,
    auto: GAN_DEFAULTS.exemplars,
  },
  held_out: {
    kind: "number",
    doc:
      "Share of the photographs that is not learned from, by which over-fitting is watched, 64 at most; auto is a tenth " +
      "from 200 on, none with --recipe original.",
    minimum: 0,
    maximum: 0.5,
    auto: GAN_DEFAULTS.heldOut,
  },
  latent_dim: {
    kind: "integer",
    doc: "Length of the latent code.",
    default: GAN_DEFAULTS.latentDim,
    minimum: 1,
  },
  epochs: { kind: "integer", doc: "Length in epochs.", default: GAN_DEFAULTS.epochs, minimum: 1 },
  iters: { kind: "integer", doc: "Length in steps of both kinds instead of epochs.", minimum: 1, auto: -1 },
  hours: {
    kind: "number",
    doc:
      "Length in hours instead, over all calls of a run: decides about preset and batch size where they are not given, and " +
      "spreads 30 evaluations, of which the best is kept. 0: not used.",
    default: GAN_DEFAULTS.hours,
    minimum: 0,
  },
  mesh_regularization: {
    kind: "number",
    doc: "Weight of the smoothness of meshes.",
    default: GAN_DEFAULTS.meshRegularization,
    minimum: 0,
  },
  lr_g: { kind: "number", doc: "Learning rate of the generator.", default: GAN_DEFAULTS.lrG, minimum: 0 },
  lr_d: {
    kind: "number",
    doc: "Learning rate of the discriminators.",
    default: GAN_DEFAULTS.lrD,
    minimum: 0,
  },
  d_steps_per_g: {
    kind: "integer",
    doc: "Discriminator steps after each generator step.",
    default: GAN_DEFAULTS.dStepsPerG,
    minimum: 1,
  },
  g_running_average_alpha: {
    kind: "number",
    doc: "Share of the running average that each step keeps.",
    default: GAN_DEFAULTS.gRunningAverageAlpha,
    minimum: 0,
    maximum: 1,
  },
  lr_decay_after: {
    kind: "integer",
    doc: "Epoch from which the rates fall linearly to 0.",
    default: GAN_DEFAULTS.lrDecayAfter,
    minimum: 0,
  },
  loss: {
    kind: "text",
    doc: "Adversarial loss.",
    default: GAN_DEFAULTS.loss,
    choices: ["hinge", "ls", "original", "w"],
  },
  mask_output: {
    kind: "boolean",
    doc: "Weigh the losses by the alpha mask.",
    default: GAN_DEFAULTS.maskOutput,
  },
  num_discriminators: {
    kind: "integer",
    doc: "2 or 3; auto takes 3 from a texture of 512 on.",
    minimum: 2,
    maximum: 3,
    auto: -1,
  },
  checkpoint_freq: {
    kind: "integer",
    doc: "Epochs between numbered checkpoints.",
    default: GAN_DEFAULTS.checkpointFreq,
    minimum: 1,
  },
  save_freq: {
    kind: "integer",
    doc: "Epochs between saves of the latest state.",
    default: GAN_DEFAULTS.saveFreq,
    minimum: 1,
  },
  evaluate_freq: {
    kind: "integer",
    doc: "Epochs between evaluations.",
    default: GAN_DEFAULTS.evaluateFreq,
    minimum: 1,
  },
  evaluation_pictures: {
    kind: "integer",
    doc:
      "Generated pictures of an evaluation while training; auto is as many as real ones, 256 below preset paper.",
    minimum: 2,
    auto: -1,
  },
  tensorboard: tensorboard("tensorboard_gan"),
  feature_weights: featureWeights,
  pseudogt_run: {
    kind: "text",
    doc:
      "Reconstruction run whose pseudo-ground-truth is learnt from; if left out that of the GAN's own name, else maps " +
      "that no run made.",
  },
  continue_train,
  overwrite,
  ...own_images,
  skip_invalid: { ...skip_invalid, neutral: "generate_pseudogt leaves unusable photographs out." },
  evaluate: {
    kind: "boolean",
    doc: "Run evaluate with the other flags instead of training.",
    default: false,
  },
  export_sample: {
    kind: "boolean",
    doc: "Run export with the other flags instead of training.",
    default: false,
  },
  how_many: { ...howMany, neutral: "it belongs to --export_sample." },
  truncation_sigma: { ...truncationSigma, neutral: "it belongs to --evaluate and --export_sample." },
  filter_class: {
    ...filterClass,
    refused: "it chooses a category for --evaluate or --export_sample; training takes all.",
  },
} as const satisfies FlagTable;
