/**
 * Exemplars: objects of the data whose textures lend generated ones their fine detail. Free of files, so that browsers take
 * them too.
 *
 * @module
 */
import type { NdArray } from "../../core/arrays.ts";
import { UserError } from "../../core/errors.ts";

/** Cells of half a texture in which detail is chosen: rows and columns. */
export const CELL_ROWS = 16, CELL_COLUMNS = 8;
/** Cells of half a texture. */
export const CELLS: number = CELL_ROWS * CELL_COLUMNS;

/** Exemplars of a data set, K. */
export interface Exemplars {
  /** Rows of their textures, R; half a texture has R / 2 columns. */
  readonly resolution: number;
  /** Weights of the principal components, `[K, P]`. */
  readonly codes: Float32Array;
  /** What is added to the similarity of a latent code, so that all are drawn equally often, `[K]`. */
  readonly biases: Float32Array;
  /** Middle half of their textures, the better seen side, colours from 0 to 255, `[K, R, R / 2, 3]`. */
  readonly colours: Uint8Array;
  /** How well their photographs show each cell, 0 to 1, `[K, 16, 8]`. */
  readonly seen: Float32Array;
}

/** Prefix of their arrays in a file that holds more. */
export const EXEMPLAR_PREFIX = "exemplars";

/** The arrays of a file. */
export function exemplarArrays(exemplars: Exemplars): Record<string, NdArray> {
  const { resolution: R, codes, biases, colours, seen } = exemplars, K = biases.length;
  return {
    codes: { data: codes, shape: [K, codes.length / K] },
    biases: { data: biases, shape: [K] },
    colours: { data: colours, shape: [K, R, R / 2, 3] },
    seen: { data: seen, shape: [K, CELL_ROWS, CELL_COLUMNS] },
  };
}

/**
 * Exemplars from the arrays of a file.
 *
 * @param arrays The arrays
 * @param source Where they come from, for the message
 * @throws {UserError} If one is missing or of another shape
 */
export function exemplarsOf(arrays: Readonly<Record<string, NdArray>>, source: string): Exemplars {
  const { codes, biases, colours, seen } = arrays, K = biases?.shape[0] ?? 0, R = colours?.shape[1] ?? 0;
  const shapes = [codes, biases, colours, seen].map((array) => JSON.stringify(array?.shape ?? null));
  const wanted = [[K, codes?.shape[1] ?? 0], [K], [K, R, R / 2, 3], [K, CELL_ROWS, CELL_COLUMNS]];
  if (K === 0 || wanted.some((shape, i) => JSON.stringify(shape) !== shapes[i])) {
    throw new UserError(
      `Cannot read exemplars from ${source}: codes, biases, colours and seen must be of K objects, current shapes are ` +
        `${shapes.join(", ")}; train the run from scratch.`,
    );
  }
  return {
    resolution: R,
    codes: Float32Array.from(codes.data as Float32Array),
    biases: Float32Array.from(biases.data as Float32Array),
    colours: Uint8Array.from(colours.data as Uint8Array),
    seen: Float32Array.from(seen.data as Float32Array),
  };
}
