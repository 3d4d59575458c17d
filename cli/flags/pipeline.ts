/**
 * Flags of `pipeline` and `demo`.
 *
 * @module
 */
import type { FlagTable } from "../../lib/core/flags.ts";
import {
  backend,
  eager,
  gpu_ids,
  images,
  limit,
  name,
  num_workers,
  precision,
  preset,
  seed,
  skip_invalid,
  template,
  threads,
} from "./shared.ts";

/** Flags of `pipeline`. */
export const PIPELINE_FLAGS = {
  images,
  template,
  name,
  mode: {
    kind: "text",
    doc: "One template (singletpl) or several (multitpl); autodetect reads the name, else takes one.",
    choices: ["autodetect", "singletpl", "multitpl"],
    default: "autodetect",
  },
  preset: preset("small"),
  limit,
  skip_invalid,
  seed,
  num_workers,
  backend,
  threads,
  eager,
  precision,
  gpu_ids,
} as const satisfies FlagTable;

/** Flags of `demo`. */
export const DEMO_FLAGS = {
  quick: { kind: "boolean", doc: "The smallest setting: at most 3 minutes.", default: false },
  seed,
  num_workers,
  backend,
  threads,
  eager,
  precision,
  gpu_ids,
} as const satisfies FlagTable;
