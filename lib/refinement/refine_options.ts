/**
 * What refinement begins with, how it may be done, and what comes out.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { overwrite, workers } from "../core/common_options.ts";
import { option, type OptionsInput } from "../core/option.ts";
import type { Template } from "../templates/template_file.ts";
import { MOST_DONORS } from "./choose_donors.ts";

const rounds = (doc: string, fallback: number) =>
  option.integer({ doc, default: fallback, minimum: 0, maximum: 20 });

/** Options of `refinePhotographs`. */
export const REFINE_OPTIONS = {
  textureResolution: option.integer({
    doc: "Side of the textures, in texels.",
    default: 512,
    minimum: 256,
    maximum: 2048,
    multipleOf: 128,
  }),
  shape: option.boolean({
    doc: "Fit shape and pose; otherwise photographs are only projected onto the shapes to begin with.",
    default: true,
  }),
  rounds: rounds("Rounds in which the mean shape is made that all begin with.", 5),
  donors: rounds("Most photographs of other objects that give texels to one.", MOST_DONORS),
  alignments: rounds(
    "Rounds in which shapes and poses move to where their textures look like those of others.",
    2,
  ),
  symmetric: option.boolean({ doc: "Left-right symmetry of shapes and textures.", default: true }),
  moves: option.choice({
    flag: null,
    doc:
      "What moves beside the shape: the pose, for estimated poses, or the place of the object, for true ones.",
    choices: ["pose", "place"],
    default: "pose",
  }),
  workers,
  overwrite,
} as const;

/** Options of `refinePhotographs`: {@linkcode REFINE_OPTIONS} tells what each is. */
export interface RefineOptions extends OptionsInput<typeof REFINE_OPTIONS> {
  /** Names the object that a photograph shows: photographs of one object give nothing to each other. Null tells nothing. */
  objectOf?: ((id: string) => string) | null;
}

/** What a network predicts for a photograph. */
export interface StartPrediction {
  /** Shape, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Colours in [0, 1], `[p, p, 3]`; null if it predicts none. */
  readonly texture: FloatImage | null;
}

/** A template to begin with. */
export type StartTemplate = Pick<Template, "vertices" | "partLabels" | "partNames">;

/** Where shapes begin. */
export interface RefineStart {
  /** Templates, with the parts that joints are found from. */
  readonly templates: readonly StartTemplate[];
  /** Predictions for some rows of the poses, in their order; null begins with the mean shape of the photographs. */
  readonly predict: ((rows: readonly number[]) => Promise<StartPrediction[]>) | null;
  /** Changes with the predictions. */
  readonly origin: string;
}

/** What was refined. */
export interface RefineResult {
  /** Ids of the photographs, in the order of their poses. */
  readonly ids: readonly string[];
  /** IoU of each mesh with its mask at 256 pixels, 0 to 1. */
  readonly ious: readonly number[];
}
