/**
 * Maps of fewer texels from the texture of a refined object.
 *
 * @module
 */
import { type FloatArray, type FloatImage, floatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import type { RefinedObject } from "../refinement/files.ts";
import type { UvSample } from "./files.ts";

/** Colours and alpha in UV space, known in part and everywhere. */
export type RefinedMaps = Required<Pick<UvSample, "texture" | "alpha" | "completed">>;

/** Rows or columns that a row or column of fewer texels takes the mean of. */
interface Share {
  readonly from: Int32Array;
  /** Their weights, 1 together. */
  readonly weights: Float64Array;
}

/**
 * Reduces a refined texture: means over the area of each texel where the renderer reads it (row i at v = 1 − i / (R − 1)),
 * weighted by confidence. Confidence becomes alpha.
 *
 * @param object Refined object with a texture of R or more texels along a side
 * @param resolution Side of the maps, R
 * @param symmetric Whether column j is read at u = (j + ½) / R instead of at j / R
 * @throws {UserError} If the texture has fewer texels
 */
export function refinedMaps(
  { id, texture, confidence }: Pick<RefinedObject, "id" | "texture" | "confidence">,
  resolution: number,
  symmetric: boolean,
): RefinedMaps {
  const side = texture.width, R = resolution;
  if (side < R) {
    throw new UserError(
      `Cannot make maps of ${R} × ${R} texels of ${id}: its refined texture must have as many, current value is ` +
        `${side} × ${side}; run refine --texture_resolution ${R} --overwrite.`,
    );
  }
  const rows = rowShares(side, R), columns = columnShares(side, R, symmetric);
  const known = floatImage(R, R, 3), alpha = floatImage(R, R, 1), completed = floatImage(R, R, 3);
  const sums = new Float64Array(7);
  for (let i = 0, to = 0; i < R; i++) {
    for (let j = 0; j < R; j++, to++) {
      sums.fill(0);
      addMeans(rows[i], columns[j], texture, confidence.data, sums);
      alpha.data[to] = Math.min(1, sums[0]);
      for (let c = 0; c < 3; c++) {
        known.data[3 * to + c] = Math.min(alpha.data[to], Math.max(-alpha.data[to], sums[1 + c]));
        completed.data[3 * to + c] = sums[4 + c];
      }
    }
  }
  return { texture: known, alpha, completed };
}

/** Adds the means over an area: confidence, colours times confidence, colours, `[7]`. */
function addMeans(
  rows: Share,
  columns: Share,
  { data, width }: FloatImage,
  confidence: FloatArray,
  sums: Float64Array,
): void {
  for (let a = 0; a < rows.from.length; a++) {
    for (let b = 0; b < columns.from.length; b++) {
      const texel = rows.from[a] * width + columns.from[b], weight = rows.weights[a] * columns.weights[b];
      const share = weight * confidence[texel];
      sums[0] += share;
      for (let c = 0; c < 3; c++) {
        sums[1 + c] += share * data[3 * texel + c];
        sums[4 + c] += weight * data[3 * texel + c];
      }
    }
  }
}

/** Row i of R lies at row i (S − 1) / (R − 1) of S; both poles stay where they are. */
function rowShares(side: number, resolution: number): Share[] {
  const step = (side - 1) / (resolution - 1);
  return Array.from({ length: resolution }, (_, i) =>
    shareOf(i * step, step, (row) => {
      return row < 0 || row >= side ? -1 : row;
    }));
}

/** Column j of R lies around the circle where the renderer reads it. */
function columnShares(side: number, resolution: number, symmetric: boolean): Share[] {
  const step = side / resolution;
  return Array.from({ length: resolution }, (_, j) => {
    const centre = symmetric ? (j + 0.5) * step - 0.5 : j * step - 0.5; // refined columns lie at (j + ½) / S
    return shareOf(centre, step, (column) => (column + side) % side);
  });
}

/** Overlaps of an interval with the texels around it; those that `placeOf` calls −1 do not count. */
function shareOf(centre: number, width: number, placeOf: (index: number) => number): Share {
  const low = centre - width / 2, high = centre + width / 2, found: [place: number, weight: number][] = [];
  for (let index = Math.floor(low + 0.5); index < high + 0.5; index++) {
    const overlap = Math.min(high, index + 0.5) - Math.max(low, index - 0.5), place = placeOf(index);
    if (overlap > 1e-9 && place >= 0) found.push([place, overlap]);
  }
  const total = found.reduce((sum, [, weight]) => sum + weight, 0);
  return {
    from: Int32Array.from(found, ([place]) => place),
    weights: Float64Array.from(found, ([, weight]) => weight / total),
  };
}
