/**
 * Flags of `reconstruct`, `generate_pseudogt`, `export_reconstructions`, `reconstruct_photo` and
 * `evaluate_reconstruction`.
 *
 * @module
 */
import type { Flag, FlagTable } from "../flag_table.ts";
import { MESH_FORMATS } from "../../lib/io/export_mesh.ts";
import { PRESETS } from "../../lib/networks/presets.ts";
import { EVALUATE_RECONSTRUCTION_DEFAULTS } from "../../tools/evaluation/evaluate_reconstruction.ts";
import { PSEUDOGT_REQUEST_DEFAULTS } from "../../lib/pipeline/generate_pseudogt.ts";
import { RECONSTRUCT_PHOTO_DEFAULTS } from "../../lib/pipeline/reconstruct_photo.ts";
import { MASK_TARGETS, RECONSTRUCTION_DEFAULTS } from "../../lib/reconstruction/options.ts";
import {
  backend,
  continue_train,
  dataset,
  eager,
  gpu_ids,
  json,
  limit,
  mesh_path,
  modeOrAutodetect,
  name,
  NOTHING_TRAINED,
  num_workers,
  overwrite,
  own_images,
  precision,
  preset,
  refine,
  seed,
  skip_invalid,
  symmetric,
  tensorboard,
  threads,
  which_epoch,
} from "./shared.ts";

const shared = {
  name,
  dataset,
  mode: modeOrAutodetect,
  mesh_path,
  num_workers: {
    ...num_workers,
    doc:
      "Workers that read photographs, 0 for none; the result is the same for any number, auto is one per core.",
  },
  gpu_ids,
  backend,
  threads,
  eager,
  precision,
  which_epoch,
  overwrite,
  ...own_images,
  skip_invalid,
} as const satisfies FlagTable;

const mask_target = {
  kind: "text",
  doc: "What silhouettes are compared with: masks with a soft border, or the original's plain ones.",
  default: RECONSTRUCTION_DEFAULTS.maskTarget,
  choices: MASK_TARGETS,
} as const satisfies Flag;

/** Flags of `reconstruct`. */
export const RECONSTRUCT_FLAGS = {
  ...shared,
  batch_size: {
    kind: "integer",
    doc: "Photographs in a batch.",
    default: RECONSTRUCTION_DEFAULTS.batchSize,
    minimum: 2,
  },
  image_resolution: {
    kind: "integer",
    doc: "Side of network input and render, in pixels; without the flag that of the preset.",
    default: PRESETS.paper.imageResolution,
    choices: ["256"],
  },
  symmetric,
  preset: preset("paper"),
  seed,
  texture_resolution: {
    kind: "integer",
    doc: "Side of the predicted texture, in texels; without the flag that of the preset.",
    default: PRESETS.paper.reconstructionTexture,
    choices: ["64", "128", "256"],
  },
  mesh_resolution: {
    kind: "integer",
    doc: "Side of the displacement map.",
    default: 32,
    choices: ["32"],
  },
  loss: {
    kind: "text",
    doc: "Colour and mask loss.",
    default: RECONSTRUCTION_DEFAULTS.loss,
    choices: ["mse", "l1"],
  },
  mask_target,
  norm_g: {
    kind: "text",
    doc: "Normalisation; syncbatch is batch in one process.",
    default: RECONSTRUCTION_DEFAULTS.normG,
    choices: ["syncbatch", "batch", "instance", "none"],
  },
  checkpoint_freq: {
    kind: "integer",
    doc: "Epochs between numbered checkpoints.",
    default: RECONSTRUCTION_DEFAULTS.checkpointFreq,
    minimum: 1,
  },
  save_freq: {
    kind: "integer",
    doc: "Epochs between saves of the latest checkpoint.",
    default: RECONSTRUCTION_DEFAULTS.saveFreq,
    minimum: 1,
  },
  tensorboard: tensorboard("tensorboard_recon"),
  image_freq: {
    kind: "integer",
    doc: "Epochs between pictures in the event file.",
    default: RECONSTRUCTION_DEFAULTS.imageFreq,
    minimum: 1,
  },
  evaluate: {
    kind: "boolean",
    doc: "Print mean losses and IoU of a checkpoint instead of training.",
    default: false,
  },
  continue_train,
  mesh_regularization: {
    kind: "number",
    doc: "Weight of the smoothness of the surface.",
    default: RECONSTRUCTION_DEFAULTS.meshRegularization,
    minimum: 0,
  },
  prediction_type: {
    kind: "text",
    doc: "Heads besides the mesh; texture where the data set has no parts.",
    default: "both",
    choices: ["none", "texture", "semantics", "both"],
  },
  semi_fraction: {
    kind: "number",
    doc: "Share of the photographs that are pulled to their template throughout.",
    default: RECONSTRUCTION_DEFAULTS.semiFraction,
    minimum: 0,
    maximum: 1,
  },
  epochs: { kind: "integer", doc: "Length in epochs.", default: RECONSTRUCTION_DEFAULTS.epochs, minimum: 1 },
  iters: { kind: "integer", doc: "Length in iterations instead of epochs.", minimum: 1, auto: -1 },
  lr: { kind: "number", doc: "Learning rate.", default: RECONSTRUCTION_DEFAULTS.lr, minimum: 0 },
  lr_decay_every: {
    kind: "integer",
    doc: "Epochs between halvings of the learning rate.",
    default: RECONSTRUCTION_DEFAULTS.lrDecayEvery,
    minimum: 1,
  },
  no_prefetch: {
    kind: "boolean",
    doc: "Read the photographs in every epoch instead of keeping them in memory.",
    default: RECONSTRUCTION_DEFAULTS.noPrefetch,
  },
  val_fraction: {
    kind: "number",
    doc: "Share of the photographs that is held out and measured after every epoch.",
    default: RECONSTRUCTION_DEFAULTS.valFraction,
    minimum: 0,
    maximum: 1,
  },
  pseudogt_path: {
    kind: "text",
    doc: "Output folder of the pseudo-ground-truth.",
    neutral: "it belongs to generate_pseudogt.",
  },
  pseudogt_resolution: {
    kind: "integer",
    doc: "Texels of the pseudo-ground-truth.",
    default: PRESETS.paper.textureResolution,
    neutral: "it belongs to generate_pseudogt.",
  },
  pseudogt: {
    kind: "text",
    doc: "Way of the pseudo-ground-truth.",
    choices: ["refined", "original"],
    neutral: "it belongs to generate_pseudogt.",
  },
  generate_pseudogt: {
    kind: "boolean",
    doc: "Run generate_pseudogt with the other flags instead of training.",
    default: false,
  },
} as const satisfies FlagTable;

/** Flags of `reconstruct` that are accepted by `generate_pseudogt`, where the run's settings decide. */
const fromTheRun = Object.fromEntries(
  Object.entries(RECONSTRUCT_FLAGS).filter(([flag]) => !(flag in shared)).map(([flag, row]) => [
    flag,
    { ...row, default: undefined, neutral: "the run's own settings decide." },
  ]),
) as unknown as Record<never, Flag>;

/** Flags of `generate_pseudogt`. */
export const GENERATE_PSEUDOGT_FLAGS = {
  ...fromTheRun,
  ...shared,
  name: {
    ...name,
    required: false,
    doc: "Reconstruction run that refined shapes begin with; without it they begin with the mean shape.",
  },
  pseudogt: {
    kind: "text",
    doc:
      "refined: maps of refined objects; original: the network's shape with the photograph projected onto it.",
    choices: ["refined", "original"],
    default: PSEUDOGT_REQUEST_DEFAULTS.pseudogt,
  },
  preset: { ...preset("paper"), doc: "Sizes where there is no run; else the run's own settings decide." },
  batch_size: {
    kind: "integer",
    doc: "Photographs at once; does not change the result.",
    default: RECONSTRUCTION_DEFAULTS.batchSize,
    minimum: 1,
  },
  num_workers: {
    ...num_workers,
    doc:
      "Workers that refine objects and make maps, 0 for none; the result is the same for any number, auto is one per core.",
  },
  statistics: {
    kind: "boolean",
    doc: "Make the statistics of all photographs too, with which generated pictures are compared.",
    default: true,
  },
  eager: { ...eager, neutral: NOTHING_TRAINED },
  precision: { ...precision, neutral: NOTHING_TRAINED },
  generate_pseudogt: {
    kind: "boolean",
    doc: "What this task does.",
    neutral: "this task does nothing else.",
  },
  evaluate: {
    kind: "boolean",
    doc: "Measure instead.",
    refused: "`deno task reconstruct --evaluate` measures a run.",
  },
  tensorboard: { ...RECONSTRUCT_FLAGS.tensorboard, neutral: "nothing is trained here." },
  continue_train: {
    ...continue_train,
    neutral: "files that are there are kept, so a stopped call goes on by itself.",
  },
  pseudogt_path: { kind: "text", doc: "Output folder; without the flag the data set's own." },
  pseudogt_resolution: {
    kind: "integer",
    doc: "Side of the UV maps, in texels; without the flag that of the run's preset, else of --preset.",
    default: PRESETS.paper.textureResolution,
    choices: ["64", "128", "256", "512", "1024"],
  },
} as const satisfies FlagTable;

/** Flags of `reconstruct_photo`. */
export const RECONSTRUCT_PHOTO_FLAGS = {
  name,
  photo: { kind: "text", reads: true, doc: "Photograph; may stand without its flag.", required: true },
  mask: { kind: "text", reads: true, doc: "Picture of its mask; without it the alpha channel." },
  detections: {
    kind: "text",
    reads: true,
    doc: "What was found in it, in place of a mask: detections.npy of detect, or COCO results as .json.",
  },
  detection_threshold: {
    kind: "number",
    doc: "Least score of what was found.",
    default: RECONSTRUCT_PHOTO_DEFAULTS.threshold,
    minimum: 0,
    maximum: 1,
  },
  template: { kind: "text", doc: "Class that is wanted of what was found; the surest of any if left out." },
  class_index: {
    kind: "integer",
    doc: "Class of the object for a network of several, from 0 in the order of its data set.",
    default: RECONSTRUCT_PHOTO_DEFAULTS.classIndex,
    minimum: 0,
  },
  output: { kind: "text", doc: "File of the mesh; output/NAME/photos/PHOTO.glb if left out." },
  formats: {
    kind: "list",
    doc: "Files to write.",
    choices: MESH_FORMATS,
    default: RECONSTRUCT_PHOTO_DEFAULTS.formats,
  },
  refine: { ...refine, default: RECONSTRUCT_PHOTO_DEFAULTS.refine },
  which_epoch,
  backend,
  threads,
  eager: { ...eager, neutral: NOTHING_TRAINED },
  precision: { ...precision, neutral: NOTHING_TRAINED },
  gpu_ids,
} as const satisfies FlagTable;

/** Flags of `evaluate_reconstruction`. */
export const EVALUATE_RECONSTRUCTION_FLAGS = {
  name: { ...name, required: false, doc: "Trained run to test; without it one is trained from nothing." },
  data: {
    kind: "list",
    doc:
      "Folders of annotated pictures, each named as its category, and synthetic for pictures that are drawn.",
    default: ["auto"],
  },
  limit,
  iters: {
    kind: "integer",
    doc: "Iterations of the training.",
    default: EVALUATE_RECONSTRUCTION_DEFAULTS.iters,
    minimum: 1,
    maximum: 6000,
  },
  batch_size: {
    kind: "integer",
    doc: "Photographs in a batch.",
    default: EVALUATE_RECONSTRUCTION_DEFAULTS.batchSize,
    minimum: 2,
  },
  lr: { kind: "number", doc: "Learning rate.", default: EVALUATE_RECONSTRUCTION_DEFAULTS.lr, minimum: 0 },
  mask_target,
  seed,
  num_workers: { ...num_workers, doc: "Workers of pose estimation, 0 for none; auto is one per core." },
  backend,
  threads,
  eager,
  precision,
  gpu_ids,
  json,
} as const satisfies FlagTable;

/** Flags of `export_reconstructions`. */
export const EXPORT_RECONSTRUCTIONS_FLAGS = {
  name: {
    ...name,
    doc:
      "Name of the reconstruction run, and of the folder in output; refinement begins without one where it is not there.",
  },
  dataset,
  mode: modeOrAutodetect,
  refine,
  which_epoch,
  formats: {
    kind: "list",
    doc: "Files to write.",
    choices: MESH_FORMATS,
    default: RECONSTRUCT_PHOTO_DEFAULTS.formats,
  },
  num_workers: {
    ...num_workers,
    doc: "Workers that refine, 0 for none; the result is the same for any number, auto is one per core.",
  },
  backend,
  threads,
  eager: { ...eager, neutral: NOTHING_TRAINED },
  precision: { ...precision, neutral: NOTHING_TRAINED },
  gpu_ids,
} as const satisfies FlagTable;
