/**
 * What refinement begins with, how it may be done, and what comes out.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { Template } from "../templates/template_file.ts";
import { MOST_DONORS } from "./choose_donors.ts";

/** Options of `refinePhotographs`. */
export interface RefineOptions {
  /** Side of the textures, texels: a multiple of 32 from 256 to 2048. */
  textureResolution?: number;
  /** Rounds in which the mean shape of the photographs is made, from 0. */
  rounds?: number;
  /** Most photographs of other objects that give texels to one, from 0. */
  donors?: number;
  /** Rounds in which shapes and poses move to where their textures look like those of others, from 0. */
  alignments?: number;
  /** Whether shapes and textures are mirror-symmetric about x = 0. */
  symmetric?: boolean;
  /** What moves beside the shape: `pose` for estimated poses, `place` (a shift of the object) for true ones. */
  moves?: "pose" | "place";
  /** Whether shape and pose are fitted; if not, photographs are only projected onto the shapes to begin with. */
  shape?: boolean;
  /** Names the object that a photograph shows: photographs of one object give nothing to each other. Null tells nothing. */
  objectOf?: ((id: string) => string) | null;
  /** Worker threads, 0 for none; null is one per core. Does not change the result. */
  workers?: number | null;
  /** Replace files that were made from other inputs. */
  overwrite?: boolean;
}

/** Defaults of `RefineOptions`. */
export const REFINE_DEFAULTS = {
  textureResolution: 512,
  rounds: 5,
  donors: MOST_DONORS,
  alignments: 2,
  symmetric: true,
  moves: "pose",
  shape: true,
  objectOf: null,
  workers: null,
  overwrite: false,
} as const satisfies Required<RefineOptions>;

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
  /** Overlap of each mesh with its mask at 256 pixels, 0 to 1. */
  readonly ious: readonly number[];
}

/**
 * Checks options.
 *
 * @throws {RangeError} If one is out of range
 */
export function checkOptions(
  { textureResolution, rounds, donors, alignments }: Required<RefineOptions>,
): void {
  if (!(textureResolution >= 256 && textureResolution <= 2048 && textureResolution % 128 === 0)) {
    throw new RangeError(
      `Cannot refine as textureResolution must be a multiple of 128 from 256 to 2048: current value is ` +
        `${textureResolution}`,
    );
  }
  for (const [name, value] of Object.entries({ rounds, donors, alignments })) {
    if (!(Number.isInteger(value) && value >= 0 && value <= 20)) {
      throw new RangeError(
        `Cannot refine as ${name} must be a whole number from 0 to 20: current value is ${value}`,
      );
    }
  }
}
