/**
 * Flags of the tasks that prepare data: `check_data`, `detect`, `setup_imagenet`, `import_original`.
 *
 * @module
 */
import type { FlagTable } from "../../lib/core/flags.ts";
import { SETUP_IMAGENET_DEFAULTS } from "../../lib/datasets/original/setup_imagenet.ts";
import { images, json, limit, overwrite, seed } from "./shared.ts";

/** Flags of `check_data`. */
export const CHECK_DATA_FLAGS = {
  images: {
    ...images,
    required: false,
    doc: "Folder of photographs: PNG cut-outs, photos with masks beside them, COCO JSON, or YOLO's outlines.",
  },
  dataset: { kind: "text", doc: "Data set to check in place of a folder: its name, such as cub." },
  template: {
    kind: "text",
    doc: "Category that is taken of annotations with several.",
    default: "object",
  },
  name: { kind: "text", doc: "Name for the table and the contact sheet; that of the folder if left out." },
  limit,
  seed,
  sheet: { kind: "text", doc: "File of the contact sheet; output/NAME/contact_sheet.png if left out." },
  json: { ...json, doc: "File to write the report to, as JSON." },
} as const satisfies FlagTable;

/** Flags of `setup_imagenet`. */
export const SETUP_IMAGENET_FLAGS = {
  path: {
    kind: "text",
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
