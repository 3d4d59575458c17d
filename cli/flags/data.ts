/**
 * Flags of the tasks that prepare data: `check_data`, `detect`, `setup_imagenet`, `import_original`.
 *
 * @module
 */
import type { FlagTable } from "../flag_table.ts";
import { SETUP_IMAGENET_DEFAULTS } from "../../original/datasets/setup_imagenet.ts";
import { MODEL_INPUT_DEFAULTS } from "../../lib/datasets/detect/model_input.ts";
import { dataset, images, json, limit, name, overwrite, own_masks, seed, skip_invalid } from "./shared.ts";

/** Flags of `check_data`. */
export const CHECK_DATA_FLAGS = {
  images: {
    ...images,
    required: false,
    doc:
      "Folder of photographs: cut-outs, photos with masks beside them, COCO JSON, YOLO's outlines, or files of labelme, " +
      "Label Studio or CVAT.",
  },
  dataset: {
    ...dataset,
    required: false,
    doc: "Data set to check in place of a folder: its name, such as cub.",
  },
  template: {
    kind: "text",
    doc: "Category that is taken of annotations with several.",
    default: "object",
  },
  name: {
    ...name,
    required: false,
    doc: "Name for the table and the contact sheet; that of the folder if left out.",
  },
  ...own_masks,
  limit,
  seed,
  sheet: { kind: "text", doc: "File of the contact sheet; output/NAME/contact_sheet.png if left out." },
  json: { ...json, doc: "File to write a list of all pictures and ignored files to, as JSON." },
} as const satisfies FlagTable;

/** Flags of `detect`. */
export const DETECT_FLAGS = {
  datasets: {
    ...dataset,
    kind: "list",
    doc: "Data sets: names, or all, imagenet, p3d; with --images the one name of yours.",
    required: true,
  },
  images: { kind: "text", reads: true, doc: "Folder of photographs; the data set's own folder if left out." },
  template: { kind: "text", doc: "Class that is wanted; that of the data set if left out." },
  model: { kind: "text", reads: true, doc: "Segmentation model in ONNX's format." },
  layout: {
    kind: "text",
    doc: "Kind of the model, by its outputs.",
    choices: ["mask_rcnn", "yolo"],
    default: "mask_rcnn",
  },
  labels: {
    kind: "text",
    doc: "How the model numbers classes: coco80, coco80_from_1, coco91, or a file with one name a line; " +
      "auto is coco91 of mask_rcnn and coco80 of yolo.",
    default: "auto",
  },
  input_size: {
    kind: "integer",
    doc: "Shorter side of the model's input in pixels where it takes any; 0 is the picture's.",
    default: MODEL_INPUT_DEFAULTS.size,
    minimum: 0,
  },
  bgr: { kind: "boolean", doc: "The model takes blue, green, red.", default: MODEL_INPUT_DEFAULTS.bgr },
  input_mean: {
    kind: "list",
    doc: "What is subtracted from values 0 to 255, three numbers in the order of the model's channels.",
    default: MODEL_INPUT_DEFAULTS.mean.map(String),
  },
  input_std: {
    kind: "list",
    doc: "What values are divided by then.",
    default: MODEL_INPUT_DEFAULTS.deviation.map(String),
  },
  results: { kind: "text", reads: true, doc: "COCO results of another tool, in place of a model." },
  annotations: {
    kind: "text",
    reads: true,
    doc: "The annotations with pictures and categories that the results are for.",
  },
  detection_threshold: {
    kind: "number",
    doc: "Least score; auto is 0.9, and 0 of cub.",
    auto: -1,
    minimum: 0,
    maximum: 1,
  },
  filters: {
    kind: "text",
    doc: "Leave out small, cut off and touching objects; auto does so for the original's data sets but cub.",
    choices: ["auto", "on", "off"],
    default: "auto",
  },
  skip_invalid,
  overwrite,
} as const satisfies FlagTable;

/** Flags of `setup_imagenet`. */
export const SETUP_IMAGENET_FLAGS = {
  path: {
    kind: "text",
    reads: true,
    doc: "Folder with the synsets, as folders or as archives SYNSET.tar; may stand first without its flag.",
    required: true,
  },
  skip_checks: {
    kind: "boolean",
    doc: "Go on where synsets are missing.",
    default: SETUP_IMAGENET_DEFAULTS.skipChecks,
  },
  overwrite: { ...overwrite, doc: "Remove datasets/imagenet/images first." },
  symlinks: {
    kind: "boolean",
    doc: "Link folders instead of copying them.",
    default: SETUP_IMAGENET_DEFAULTS.symlinks,
  },
} as const satisfies FlagTable;

/** Flags of `import_original`. */
export const IMPORT_ORIGINAL_FLAGS = {
  from: {
    kind: "text",
    reads: true,
    doc: "Folder of the original, with cache/ and checkpoints_*/, to take over.",
  },
  export: { kind: "text", doc: "Folder to write the original's files to, in place of taking them over." },
  datasets: {
    ...dataset,
    required: false,
    kind: "list",
    doc: "Data sets; all that are found if left out. --export needs names.",
    default: [],
  },
  overwrite,
} as const satisfies FlagTable;
