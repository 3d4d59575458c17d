/**
 * Flags of `view`.
 *
 * @module
 */
import type { FlagTable } from "../flag_table.ts";
import { dataset, mask_models, name, refine, which_epoch } from "./shared.ts";

/** Flags of `view`. */
export const VIEW_FLAGS = {
  name: { ...name, required: false, doc: "Name of the run; without it the newest one." },
  dataset: {
    ...dataset,
    required: false,
    doc: "Data set whose poses are checked on the page Poses; that of the run's name if left out.",
  },
  create: {
    kind: "boolean",
    doc: "Open the page that makes a 3D model of one photograph; no run is needed.",
    default: false,
  },
  port: {
    kind: "integer",
    doc: "Port on this machine; 0 takes any that is free.",
    default: 8080,
    minimum: 0,
    maximum: 65535,
  },
  export: {
    kind: "text",
    doc: "Write the viewer to this folder, for any host of static files, and do not serve it.",
  },
  images: {
    kind: "text",
    reads: true,
    doc: "Folder of photographs: the mask brush lists them and saves masks beside them.",
  },
  ...mask_models,
  mask_model: {
    ...mask_models.mask_model,
    doc:
      "Model in ONNX's format that cuts objects out for the brush of 'images'; auto: those that deno task setup --vision " +
      "fetched, of which U²-Net-p is put beside the pages with what runs it; none: colour alone, and no model there.",
  },
  which_epoch: {
    ...which_epoch,
    doc:
      "Checkpoint of the generator: latest, best or a number; auto is that of the exported meshes, else latest.",
    default: "auto",
  },
  refine: { ...refine, doc: refine.doc.replace("What is shown", "What reconstructions show") },
  half: {
    kind: "boolean",
    doc: "Store weights with 16 bits: half the size, a little less exact.",
    default: false,
  },
} as const satisfies FlagTable;
