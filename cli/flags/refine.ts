/**
 * Flags of `refine`.
 *
 * @module
 */
import type { FlagTable } from "../flag_table.ts";
import { REFINE_DEFAULTS } from "../../lib/refinement/refine_options.ts";
import {
  backend,
  dataset,
  gpu_ids,
  mode,
  name,
  num_workers,
  overwrite,
  symmetric,
  threads,
  which_epoch,
} from "./shared.ts";

/** Flags of `refine`. */
export const REFINE_FLAGS = {
  dataset,
  mode,
  name: {
    ...name,
    required: false,
    doc: "Reconstruction run whose predictions it begins with; without it the photographs' mean shape.",
  },
  which_epoch,
  texture_resolution: {
    kind: "integer",
    doc: "Side of the textures, in texels.",
    choices: ["256", "384", "512", "768", "1024", "1536", "2048"],
    default: REFINE_DEFAULTS.textureResolution,
  },
  shape: {
    kind: "boolean",
    doc: "Fit shape and pose; otherwise photographs are only projected.",
    default: REFINE_DEFAULTS.shape,
  },
  rounds: {
    kind: "integer",
    doc: "Rounds in which the mean shape is made that all begin with.",
    default: REFINE_DEFAULTS.rounds,
    minimum: 0,
    maximum: 20,
  },
  donors: {
    kind: "integer",
    doc: "Most photographs of other objects that give texels to one.",
    default: REFINE_DEFAULTS.donors,
    minimum: 0,
    maximum: 20,
  },
  alignments: {
    kind: "integer",
    doc: "Rounds in which shapes and poses move to where their textures look like those of others.",
    default: REFINE_DEFAULTS.alignments,
    minimum: 0,
    maximum: 20,
  },
  symmetric: { ...symmetric, doc: "Left-right symmetry of shapes and textures." },
  num_workers,
  backend: { ...backend, doc: "What computes the predictions of a run; auto takes the fastest that works." },
  threads,
  gpu_ids,
  overwrite,
} as const satisfies FlagTable;
