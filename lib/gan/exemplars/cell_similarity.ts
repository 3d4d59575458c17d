/**
 * How well an object may lend a generated one its detail, cell by cell: by likeness of colours, in the cell and in all, and by
 * how well its photograph shows the cell.
 *
 * @module
 */
import type { BroadColours } from "./broad_colours.ts";
import { cellNeighbourhoods } from "./cell_places.ts";
import { CELL_COLUMNS, CELL_ROWS, CELLS, type Donors } from "./exemplars.ts";

/** Similarity that is linear in the code z of an object: z · factors + constants. */
export interface CellSimilarity {
  /** `[P, C, K]`. */
  readonly factors: Float32Array;
  /** `[C, K]`. */
  readonly constants: Float32Array;
}

/** Difference of broad colours, a mean square before tanh, that makes similarity fall by 1. */
const CELL_TEMPERATURE = 0.01;
/** Weight of the difference of whole objects beside that of the cells. */
const WHOLE_WEIGHT = 1;
/** How well cells that are not seen count as seen. */
const LEAST_SEEN = 0.02;
/** Weight of how well cells are seen beside similarity; that of whole objects alone is some hundreds. */
const SEEN_WEIGHT = 60;

/**
 * The similarity of codes z to objects in each cell, less what is the same for all: −|A (z − zₖ)|² / τ is linear in z.
 *
 * @param objects Their codes, `[K, P]`, and how well their photographs show each cell, 0 to 1, `[K, C]`
 * @param broad Broad colours
 * @param together Whether neighbouring cells decide together, so that a car's front is one car's
 */
export function cellSimilarity(
  { codes, seen }: Pick<Donors, "codes" | "seen">,
  broad: BroadColours,
  together: boolean,
): CellSimilarity {
  const P = broad.components.length, K = codes.length / P;
  const near = together ? cellNeighbourhoods(broad.map) : apart();
  const factors = new Float32Array(P * CELLS * K), constants = new Float32Array(CELLS * K);
  const grams = Array.from({ length: CELLS }, (_, cell) => cellGram(broad, cell));
  const qualities = seen.map((share) => SEEN_WEIGHT * Math.log(share + LEAST_SEEN));
  for (let cell = 0; cell < CELLS; cell++) {
    const weights = near.subarray(cell * CELLS, (cell + 1) * CELLS);
    const gram = new Float64Array(P * P); // [P, P]
    weights.forEach((weight, other) => grams[other].forEach((value, i) => gram[i] += weight * value));
    for (let p = 0; p < P; p++) gram[p * P + p] += WHOLE_WEIGHT / P;
    for (let k = 0; k < K; k++) {
      let square = 0;
      for (let p = 0; p < P; p++) {
        let product = 0;
        for (let q = 0; q < P; q++) product += gram[p * P + q] * codes[k * P + q];
        factors[(p * CELLS + cell) * K + k] = 2 * product / CELL_TEMPERATURE;
        square += product * codes[k * P + p];
      }
      const quality = weights.reduce((sum, weight, other) => sum + weight * qualities[k * CELLS + other], 0);
      constants[cell * K + k] = quality - square / CELL_TEMPERATURE;
    }
  }
  return { factors, constants };
}

/** Mean products of the components' colours in a cell, `[P, P]`. */
function cellGram({ side, components }: BroadColours, cell: number): Float64Array {
  const P = components.length, gram = new Float64Array(P * P), s = side / CELL_ROWS;
  const row = Math.floor(cell / CELL_COLUMNS), column = cell % CELL_COLUMNS;
  for (let i = row * s; i < (row + 1) * s; i++) {
    for (let at = 3 * (i * side / 2 + column * s); at < 3 * (i * side / 2 + (column + 1) * s); at++) {
      for (let p = 0; p < P; p++) {
        for (let q = 0; q < P; q++) gram[p * P + q] += components[p][at] * components[q][at] / (3 * s * s);
      }
    }
  }
  return gram;
}

/** Weights with which each cell is decided alone, `[C, C]`. */
function apart(): Float64Array {
  return Float64Array.from({ length: CELLS * CELLS }, (_, i) => i % (CELLS + 1) === 0 ? 1 : 0);
}
