/**
 * Every flag that a task must know, with its default in the words of `--help`; data of the tests.
 *
 * @module
 */

/** Default of a flag by name; null where it has none, or none that help shows. */
export type KnownFlags = Readonly<Record<string, string | null>>;

const required = "required", auto = "auto";

const pose: KnownFlags = {
  dataset: required,
  mode: required,
  mesh_path: "autodetect",
  image_resolution: "256",
  symmetric: "true",
  batch_size: auto,
  num_workers: auto,
  gpu_ids: "0",
  v_agr_threshold: "0.3",
};

const network: KnownFlags = {
  name: required,
  mode: "autodetect",
  mesh_path: "autodetect",
  batch_size: "32",
  num_workers: auto,
  gpu_ids: "0",
  which_epoch: "latest",
};

const reconstruction: KnownFlags = {
  ...network,
  dataset: required,
  image_resolution: "256",
  symmetric: "true",
  texture_resolution: "128",
  mesh_resolution: "32",
  loss: "mse",
  norm_g: "syncbatch",
  checkpoint_freq: "100",
  save_freq: "10",
  tensorboard: "false",
  image_freq: "50",
  generate_pseudogt: "false",
  pseudogt_path: null,
  pseudogt_resolution: "512",
  evaluate: "false",
  continue_train: "false",
  mesh_regularization: "0.00005",
  prediction_type: "both",
  semi_fraction: "0.1",
  epochs: "1000",
  iters: auto,
  lr: "0.0001",
  lr_decay_every: "250",
  no_prefetch: "false",
};

const generation: KnownFlags = {
  ...network,
  dataset: required,
  texture_resolution: "512",
  mesh_resolution: "32",
  symmetric_g: "true",
  texture_only: "false",
  conditional_class: "false",
  conditional_color: null,
  conditional_text: null,
  conditional_semantics: "false",
  num_parts: auto,
  norm_g: "syncbatch",
  norm_d: "none",
  latent_dim: "64",
  text_max_length: null,
  text_pretrained_encoder: null,
  text_train_encoder: null,
  text_attention: null,
  text_embedding_dim: null,
  epochs: "600",
  iters: auto,
  mesh_regularization: "0.0001",
  lr_g: "0.0001",
  lr_d: "0.0004",
  d_steps_per_g: "2",
  g_running_average_alpha: "0.999",
  lr_decay_after: "100000",
  loss: "hinge",
  mask_output: "true",
  num_discriminators: auto,
  checkpoint_freq: "20",
  save_freq: "5",
  evaluate_freq: "20",
  tensorboard: "false",
  continue_train: "false",
  evaluate: "false",
  export_sample: "false",
  how_many: auto,
  truncation_sigma: auto,
  filter_class: null,
};

/** Flags that the original has, by our task. */
export const ORIGINAL_FLAGS: Readonly<Record<string, KnownFlags>> = {
  pose_step1: { ...pose, no_prune: "false", camera_optim_steps: "100", camera_lr_decay_after: "80" },
  pose_step2: pose,
  reconstruct: reconstruction,
  generate_pseudogt: { ...reconstruction, name: null }, // none is needed where objects are refined from poses alone
  train_gan: generation,
  evaluate: generation,
  export: generation,
};

const computing = ["backend", "threads", "eager", "precision"];
const trainer = [...computing, "seed", "preset", "overwrite"],
  generator = [...trainer, "components", "exemplars", "hours"];
const withRun = [...generator, "skip_invalid", "perspective", "supersample"];

const choice = [
  "parts",
  "semantics",
  "rounds",
  "auto_rounds",
  "silhouette_weight",
  "parts_weight",
  "level_weight",
  "horizon_weight",
  "discard",
  "keep_share",
  "least_margin",
];
const ownMasks = ["masks", "mask_model", "mask_size", "mask_mean", "mask_std"];
const featureModel = ["feature_model", "feature_size", "feature_mean", "feature_std"];
const ownImages = ["images", "template", "skip_invalid", ...ownMasks];

/** Flags of ours, by task. */
export const NEW_FLAGS: Readonly<Record<string, readonly string[]>> = {
  pose_step1: ["seed", "overwrite", "schedule", "silhouette_target", ...ownImages],
  pose_step2: ["seed", "overwrite", "parts_from", ...featureModel, ...choice, ...ownImages],
  reconstruct: [...trainer, "val_fraction", "mask_target", "pseudogt", ...ownImages],
  generate_pseudogt: [...trainer, "val_fraction", "mask_target", "statistics", "pseudogt", ...ownImages],
  train_gan: [
    ...trainer,
    ...ownImages,
    "components",
    "exemplars",
    "hours",
    "recipe",
    "held_out",
    "evaluation_images",
    "feature_weights",
    "pseudogt_run",
  ],
  evaluate: [
    ...[...withRun, ...ownImages],
    ...["feature_network", "feature_weights", "inception", "fresh", "json", "pseudogt_run"],
  ],
  export: [...withRun, ...ownImages, "format", "legacy", "turntable", "interpolate", "pseudogt_run"],
  refine: [
    ...["dataset", "mode", "name", "which_epoch", "texture_resolution", "shape", "rounds", "donors"],
    ...["alignments", "symmetric", "num_workers", "backend", "threads", "gpu_ids", "overwrite"],
  ],
  export_reconstructions: [
    ...["name", "dataset", "mode", "refine", "which_epoch", "formats", "num_workers"],
    ...computing,
    "gpu_ids",
  ],
  pipeline: [
    "images",
    "template",
    "name",
    "mode",
    "preset",
    ...["pose_resolution", "recon_batch_size", "recon_iters", "gan_batch_size", "gan_iters", "how_many"],
    ...["parts", "parts_from", ...featureModel, "train", "refine", "from", "only", "dry_run"],
    "limit",
    ...ownMasks,
    "skip_invalid",
    "seed",
    "num_workers",
    ...computing,
    "gpu_ids",
  ],
  demo: ["quick", "seed", "num_workers", ...computing, "gpu_ids"],
};
