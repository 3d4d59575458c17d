/**
 * Flags of the tasks that prepare data: `check_data`, `detect`, `setup_imagenet`, `import_original`.
 *
 * @module
 */
import type { FlagTable } from "../../lib/core/flags.ts";
import { SETUP_IMAGENET_DEFAULTS } from "../../lib/datasets/original/setup_imagenet.ts";
import { overwrite } from "./shared.ts";

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
