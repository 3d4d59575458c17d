/**
 * Flags of `remesh`, `add_template` and `make_templates`.
 *
 * @module
 */
import type { Flag, FlagTable } from "../flag_table.ts";
import { REMESH_REQUEST_DEFAULTS } from "../../lib/pipeline/remesh.ts";
import { gpu_ids, json, mesh_path, mode, name, num_workers, overwrite, symmetric } from "./shared.ts";

const up = {
  kind: "text",
  doc: "Axis of those files that points up; auto is y, and z for PLY and STL.",
  choices: ["auto", "y", "z"],
  default: "auto",
} as const satisfies Flag;

/** Flags of `remesh`. */
export const REMESH_FLAGS = {
  mode,
  classes: { kind: "list", doc: "Built-in classes; all is all of them.", default: ["all"] },
  mesh: {
    kind: "list",
    reads: true,
    doc:
      "Meshes of one's own (OBJ, GLB, glTF, PLY, STL) instead: one with singletpl, two or more with multitpl.",
    default: [],
  },
  name: { ...name, doc: "Class of the meshes of one's own, such as chair.", required: false },
  up,
  schedule: {
    kind: "text",
    doc: "A schedule of our own, or the original's 17,494 steps.",
    choices: ["quick", "full"],
    default: REMESH_REQUEST_DEFAULTS.schedule,
  },
  mask_target: {
    kind: "text",
    doc: "What silhouettes are compared with: plain masks, or masks with a soft border.",
    choices: ["plain", "soft"],
    default: REMESH_REQUEST_DEFAULTS.maskTarget,
  },
  legacy: {
    kind: "boolean",
    doc: "The original's schedule and its error in the box of several animals.",
    default: REMESH_REQUEST_DEFAULTS.legacy,
  },
  symmetric,
  image_resolution: {
    kind: "integer",
    doc: "Side of the silhouettes, in pixels; auto is the schedule's.",
    minimum: 32,
    maximum: 1024,
    auto: -1,
  },
  mesh_path,
  num_workers,
  gpu_ids: { ...gpu_ids, neutral: "silhouettes are computed on the CPU." },
  overwrite,
} as const satisfies FlagTable;

/** Flags of `add_template`. */
export const ADD_TEMPLATE_FLAGS = {
  name: { ...name, doc: "Class of the object, such as chair." },
  mesh: {
    kind: "list",
    reads: true,
    doc: "Its mesh (OBJ, GLB, glTF, PLY, STL); several of them, with commas, for the multi-template setting.",
    required: true,
  },
  up,
  symmetric,
  check: { kind: "boolean", doc: "Only say what is wrong with the mesh.", default: false },
  num_workers,
  overwrite,
} as const satisfies FlagTable;

/** Flags of `make_templates`. */
export const MAKE_TEMPLATES_FLAGS = {
  classes: { kind: "list", doc: "Classes to make; all is all of them.", default: ["all"] },
  check: {
    kind: "boolean",
    doc: "Write nothing; fail unless the committed files come out byte for byte.",
    default: false,
  },
  num_workers,
  json,
} as const satisfies FlagTable;
