/**
 * Flags of `remesh`.
 *
 * @module
 */
import type { FlagTable } from "../../lib/core/flags.ts";
import { REMESH_REQUEST_DEFAULTS } from "../../lib/pipeline/remesh.ts";
import { gpu_ids, mesh_path, mode, num_workers, overwrite, symmetric } from "./shared.ts";

/** Flags of `remesh`. */
export const REMESH_FLAGS = {
  mode,
  classes: { kind: "list", doc: "Built-in classes; all is all of them.", default: ["all"] },
  mesh: {
    kind: "list",
    doc: "Meshes of one's own (OBJ, GLB, PLY, STL) instead: one with singletpl, two or more with multitpl.",
    default: [],
  },
  name: { kind: "text", doc: "Class of the meshes of one's own, such as chair." },
  up: {
    kind: "text",
    doc: "Axis of those files that points up; auto is y, and z for PLY and STL.",
    choices: ["auto", "y", "z"],
    default: "auto",
  },
  schedule: {
    kind: "text",
    doc: "A schedule of our own, or the original's 17,494 steps.",
    choices: ["quick", "full"],
    default: REMESH_REQUEST_DEFAULTS.schedule,
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
