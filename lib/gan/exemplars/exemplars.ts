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

/** Objects of the data that lend textures their detail, D. */
export interface Donors {
  /** Rows of their textures, R; half a texture has R / 2 columns. */
  readonly resolution: number;
  /** Weights of the principal components, `[D, P]`. */
  readonly codes: Float32Array;
  /** Middle half of their textures, the better seen side, colours from 0 to 255, `[D, R, R / 2, 3]`. */
  readonly colours: Uint8Array;
  /** How well their photographs show each cell, 0 to 1, `[D, 16, 8]`. */
  readonly seen: Float32Array;
}

/** Objects of the data that broad colours and shapes are mixed of, K, and the donors of detail. */
export interface Exemplars {
  /** Weights of the principal components, `[K, P]`. */
  readonly codes: Float32Array;
  /** What is added to the similarity of a latent code, so that all are drawn equally often, `[K]`. */
  readonly biases: Float32Array;
  /** Donors. */
  readonly donors: Donors;
}

/** Prefix of their arrays in a file that holds more. */
export const EXEMPLAR_PREFIX = "exemplars";

/** The arrays of a file. */
export function exemplarArrays({ codes, biases, donors }: Exemplars): Record<string, NdArray> {
  const { resolution: R, colours, seen } = donors, K = biases.length, P = codes.length / K;
  const D = donors.codes.length / P;
  return {
    codes: { data: codes, shape: [K, P] },
    biases: { data: biases, shape: [K] },
    donor_codes: { data: donors.codes, shape: [D, P] },
    colours: { data: colours, shape: [D, R, R / 2, 3] },
    seen: { data: seen, shape: [D, CELL_ROWS, CELL_COLUMNS] },
  };
}

/**
 * Exemplars and donors from the arrays of a file. Files of earlier versions have no `donor_codes`: there the exemplars are the
 * donors.
 *
 * @param arrays The arrays
 * @param source Where they come from, for the message
 * @throws {UserError} If one is missing or of another shape
 */
export function exemplarsOf(arrays: Readonly<Record<string, NdArray>>, source: string): Exemplars {
  const { codes, biases, colours, seen, donor_codes: donorCodes = codes } = arrays;
  const K = biases?.shape[0] ?? 0, P = codes?.shape[1] ?? 0, R = colours?.shape[1] ?? 0;
  const D = donorCodes?.shape[0] ?? 0;
  const shapes = [codes, biases, donorCodes, colours, seen].map((array) =>
    JSON.stringify(array?.shape ?? null)
  );
  const wanted = [[K, P], [K], [D, P], [D, R, R / 2, 3], [D, CELL_ROWS, CELL_COLUMNS]];
  if (K === 0 || wanted.some((shape, i) => JSON.stringify(shape) !== shapes[i])) {
    throw new UserError(
      `Cannot read exemplars from ${source}: codes and biases must be of K objects, donor_codes, colours and seen of D, ` +
        `current shapes are ${shapes.join(", ")}; train the run from scratch.`,
    );
  }
  const floats = (array: NdArray) => Float32Array.from(array.data as ArrayLike<number>);
  return {
    codes: floats(codes),
    biases: floats(biases),
    donors: {
      resolution: R,
      codes: floats(donorCodes),
      colours: Uint8Array.from(colours.data as ArrayLike<number>),
      seen: floats(seen),
    },
  };
}
