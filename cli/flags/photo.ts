/**
 * Flags of `photo_to_mesh` and `evaluate_photo_to_mesh`.
 *
 * @module
 */
import type { FlagTable } from "../flag_table.ts";
import { ANY_CLASS, PHOTO_TO_MESH_REQUEST_DEFAULTS } from "../../lib/pipeline/photo_to_mesh.ts";
import { FOLDER_NAME, json, num_workers, own_masks, seed } from "./shared.ts";

/** Flags of `photo_to_mesh`. */
export const PHOTO_TO_MESH_FLAGS = {
  photos: { kind: "list", reads: true, doc: "Photographs; may stand without their flag.", default: [] },
  template: {
    kind: "text",
    doc: `Class of the object; ${ANY_CLASS} tries all. One of your own is made by add_template.`,
    pattern: FOLDER_NAME,
  },
  list_templates: { kind: "boolean", doc: "Only list the classes and their templates.", default: false },
  mask: {
    kind: "text",
    reads: true,
    doc: "Picture of the mask of one photograph; without it the alpha channel.",
  },
  ...own_masks,
  azimuth: {
    kind: "number",
    doc:
      "Direction of the camera in degrees: 0 in front of the object, 90 where its front is to the picture's left.",
    minimum: -360,
    maximum: 360,
  },
  flip: {
    kind: "boolean",
    doc: "Take the best pose that looks elsewhere, where the first one is the wrong way round.",
    default: PHOTO_TO_MESH_REQUEST_DEFAULTS.flip,
  },
  texture_resolution: {
    kind: "integer",
    doc: "Side of the texture, in texels.",
    default: PHOTO_TO_MESH_REQUEST_DEFAULTS.textureResolution,
    choices: ["256", "512", "1024", "2048"],
  },
  output: {
    kind: "text",
    doc: "Folder of the meshes and pictures.",
    default: PHOTO_TO_MESH_REQUEST_DEFAULTS.output,
  },
  num_workers,
  json,
} as const satisfies FlagTable;

/** Flags of `evaluate_photo_to_mesh`. */
export const EVALUATE_PHOTO_TO_MESH_FLAGS = {
  sets: {
    kind: "list",
    doc: "Folders under TEXMESH_REAL that are measured; all takes every one that has a target.",
    default: ["all"],
  },
  limit: {
    kind: "integer",
    doc: "Most photographs of a set, one of each object before a second of any, 0 for all.",
    default: 100,
    minimum: 0,
  },
  seed,
  num_workers,
  json,
} as const satisfies FlagTable;
