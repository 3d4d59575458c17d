/**
 * Flags that several commands have, each written once.
 *
 * @module
 */
import { PATCH_MODEL_DEFAULTS } from "../../lib/vision/patch_model.ts";
import { BACKEND_DEFAULTS } from "../../lib/backend/options.ts";
import { OBJECT_MODEL_DEFAULTS } from "../../lib/datasets/cut_out/object_model.ts";
import type { Flag } from "../flag_table.ts";
import { REFINEMENTS } from "../../lib/refinement/refinement.ts";

/** What may name a folder. */
export const FOLDER_NAME = {
  expression: /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u,
  rule: 'of letters, digits, "_", "-" and ".", and start with a letter or digit, as it names folders',
} as const;

/** Name of a run. */
export const name = {
  kind: "text",
  doc: "Name of the run: its folder under checkpoints_*, tensorboard_* and output.",
  pattern: FOLDER_NAME,
  required: true,
} as const satisfies Flag;

/** Name of a data set. */
export const dataset = {
  kind: "text",
  doc: "Name of the data set: its folder under cache.",
  pattern: FOLDER_NAME,
  required: true,
} as const satisfies Flag;

/** One or several templates; required. */
export const mode = {
  kind: "text",
  doc: "One template (singletpl) or several (multitpl).",
  choices: ["singletpl", "multitpl"],
  required: true,
} as const satisfies Flag;

/** One or several templates; read from the run's settings or its name. */
export const modeOrAutodetect = {
  kind: "text",
  doc: "One template or several; autodetect reads the run's settings, then its name.",
  choices: ["autodetect", "singletpl", "multitpl"],
  default: "autodetect",
} as const satisfies Flag;

/** The sphere topology. */
export const mesh_path = {
  kind: "text",
  doc: "Sphere topology.",
  choices: ["autodetect", "mesh_templates/uvsphere_31rings.obj"],
  default: "autodetect",
} as const satisfies Flag;

/** Left-right symmetry. */
export const symmetric = {
  kind: "boolean",
  doc: "Left-right symmetry of shapes.",
  default: true,
} as const satisfies Flag;

/** Size of the worker pool. */
export const num_workers = {
  kind: "integer",
  doc: "Workers, 0 for none; the result is the same for any number, auto is one per core.",
  minimum: 0,
  auto: -1,
} as const satisfies Flag;

/** Devices of the native backend. */
export const gpu_ids = {
  kind: "list",
  doc: "GPU devices of the native backend; without effect on a CPU.",
  default: ["0"],
} as const satisfies Flag;

/** Seed of all randomness. */
export const seed = {
  kind: "integer",
  doc: "Seed of all randomness, in independent streams.",
  default: 1,
  minimum: 0,
} as const satisfies Flag;

/** What computes the networks. */
export const backend = {
  kind: "text",
  doc: "What computes the networks; auto takes the fastest that works and says so.",
  choices: ["auto", "native", "webgpu", "wasm", "cpu"],
  default: "auto",
} as const satisfies Flag;

/** Threads of the native backend. */
export const threads = {
  kind: "integer",
  doc: "Threads of the native backend; auto is the number of cores.",
  minimum: 1,
  auto: -1,
} as const satisfies Flag;

/** Steps without recording. */
export const eager = {
  kind: "boolean",
  doc: "Run training steps as they are instead of recording and replaying them: slower, the same numbers.",
  default: BACKEND_DEFAULTS.eager,
} as const satisfies Flag;

/** Element type of training steps. */
export const precision = {
  kind: "text",
  doc: "Convolutions of training steps; bf16 where backend and processor have it.",
  choices: ["float32", "bf16"],
  default: BACKEND_DEFAULTS.precision,
} as const satisfies Flag;

/** Why {@linkcode eager} and {@linkcode precision} change nothing where no step is trained. */
export const NOTHING_TRAINED = "nothing is trained here, and networks run in float32.";

/** Leave out items that were reported as bad. */
export const skip_invalid = {
  kind: "boolean",
  doc: "Leave out pictures that are reported as unusable, instead of stopping.",
  default: false,
} as const satisfies Flag;

/** Replace an existing result. */
export const overwrite = {
  kind: "boolean",
  doc: "Replace an existing result.",
  default: false,
} as const satisfies Flag;

/** Fewer pictures. */
export const limit = {
  kind: "integer",
  doc: "The first K pictures after the seed's shuffle; auto takes all.",
  minimum: 1,
  auto: -1,
} as const satisfies Flag;

/** Size of networks and pictures. */
export const preset = (fallback: "demo" | "small" | "paper") => ({
  kind: "text",
  doc: "Sizes of networks and pictures: demo and small for a laptop, paper as the original.",
  choices: ["demo", "small", "paper"],
  default: fallback,
} as const satisfies Flag);

/** Which checkpoint. */
export const which_epoch = {
  kind: "text",
  doc: "Checkpoint to load: latest, best or an epoch's number.",
  default: "latest",
} as const satisfies Flag;

/** Resume a run. */
export const continue_train = {
  kind: "boolean",
  doc: "Go on with the run from its checkpoint.",
  default: false,
} as const satisfies Flag;

/** Event files. */
export const tensorboard = (folder: string) => ({
  kind: "boolean",
  doc: `Write event files for TensorBoard to ${folder}/<name>.`,
  default: false,
} as const satisfies Flag);

/** What reconstructions show. */
export const refine = {
  kind: "text",
  doc:
    "What is shown: the network's prediction (none), the photograph on the predicted shape (texture), or shape, pose and " +
    "texture refined to the photograph (full).",
  choices: REFINEMENTS,
  default: "full",
} as const satisfies Flag;

/** Figures as JSON. */
export const json = {
  kind: "text",
  doc: "File to write the figures to, as JSON.",
} as const satisfies Flag;

/** Pictures of one's own. */
export const images = {
  kind: "text",
  reads: true,
  doc:
    "Folder of photographs: cut-outs, photos with masks beside them, COCO JSON, YOLO outlines, or files of labelme, " +
    "Label Studio or CVAT.",
  required: true,
} as const satisfies Flag;

/** Model that makes masks, and how it takes pictures. */
export const mask_models = {
  mask_model: {
    kind: "text",
    doc:
      "Model in ONNX's format that --masks auto uses; auto: the one that deno task setup --vision fetched, if it is " +
      "there; none: colour alone, for plain backgrounds.",
    default: "auto",
  },
  mask_size: {
    kind: "integer",
    doc: "Longer side of pictures in that model, in pixels, where its file names no size.",
    default: OBJECT_MODEL_DEFAULTS.size,
    minimum: 14,
  },
  mask_mean: {
    kind: "list",
    doc: "What it subtracts from values 0 to 255: red, green, blue.",
    default: OBJECT_MODEL_DEFAULTS.mean.map(String),
  },
  mask_std: {
    kind: "list",
    doc: "What it divides values by then.",
    default: OBJECT_MODEL_DEFAULTS.deviation.map(String),
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** Model that finds features of photographs, and how it takes pictures. */
export const feature_models = {
  feature_model: {
    kind: "text",
    doc:
      "Vision model in ONNX's format whose features are compared, such as one of DINOv2; auto: the one that deno task " +
      "setup --vision fetched.",
    default: PATCH_MODEL_DEFAULTS.model,
  },
  feature_size: {
    kind: "integer",
    doc: "Side of pictures in that model, in pixels, where its file names no size.",
    default: PATCH_MODEL_DEFAULTS.size,
    minimum: 14,
  },
  feature_mean: {
    kind: "list",
    doc: "What it subtracts from values 0 to 255: red, green, blue.",
    default: PATCH_MODEL_DEFAULTS.mean.map(String),
  },
  feature_std: {
    kind: "list",
    doc: "What it divides values by then.",
    default: PATCH_MODEL_DEFAULTS.deviation.map(String),
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** Where masks of one's own pictures come from. */
export const own_masks = {
  masks: {
    kind: "text",
    doc: "given: every picture brings its mask; auto: cuts objects without one out of their backgrounds.",
    choices: ["given", "auto"],
    default: "given",
  },
  ...mask_models,
} as const satisfies Readonly<Record<string, Flag>>;

/** Photographs that a stage imports as its data set before it starts. */
export const own_images = {
  images: {
    kind: "text",
    reads: true,
    doc: "Folder of photographs that becomes the data set first, in any layout that check_data understands.",
  },
  template: {
    kind: "text",
    doc: "Category of those photographs; that of the data set if it was imported before.",
  },
  ...own_masks,
} as const satisfies Readonly<Record<string, Flag>>;

/** A template's name. */
export const template = {
  kind: "text",
  doc: "Template of the category, such as bird or car.",
  required: true,
} as const satisfies Flag;
