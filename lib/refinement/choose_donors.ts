/**
 * Which photographs of other objects show what a photograph does not.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { matchColours } from "./match_colours.ts";
import type { PartialTexture } from "./partial_texture.ts";

/** A refined object as a possible donor of texels, in few texels. */
export interface Candidate {
  /** What its photograph shows, with the confidence of an own one, `[r, r]`. */
  readonly own: PartialTexture;
  /** What of it may be given to others, `[r, r]`. */
  readonly given: PartialTexture;
  /** Its shape, `[V, 3]`. */
  readonly vertices: FloatArray;
}

/** A photograph that gives texels. */
export interface Donor {
  /** Number of the object among the candidates. */
  readonly index: number;
  /** Factor of each channel of its colours, `[3]`. */
  readonly gain: readonly number[];
}

/** Most photographs that give to one. */
export const MOST_DONORS = 6;

/** Differences that count 1: of matched colours, of colours as they are, of shapes, half lengths. */
const COLOUR_SCALE = 0.12, RAW_COLOUR_SCALE = 0.3, SHAPE_SCALE = 0.1;
/** What factors cost that are not the same for all channels: paint of another colour turns what is grey into that colour. */
const TINT_WEIGHT = 5;
/** Share of the surface that both must show for a comparison. */
const LEAST_OVERLAP = 0.03;
/** How many donors are to show each texel, and the least share of the surface that one must add to that. */
const WANTED = 2, LEAST_NEW = 0.03;

/** A candidate beside an object. */
export interface Likeness extends Donor {
  /** How unlike both look; 0 is the same. */
  readonly distance: number;
}

/**
 * Compares candidates with an object where both are seen, by colours, tint and shape.
 *
 * @param candidates All objects
 * @param receiver Number of the one that they are compared with
 * @param mayGive Leaves out those that may not give
 * @returns Those that can be compared, the most alike first
 */
export function rankByLikeness(
  candidates: readonly Candidate[],
  receiver: number,
  mayGive: ((donor: number) => boolean) | null = null,
): Likeness[] {
  const { own, vertices } = candidates[receiver], found: Likeness[] = [];
  for (const [index, candidate] of candidates.entries()) {
    if (index === receiver || mayGive?.(index) === false) continue;
    const { gain, error, rawError, overlap } = matchColours(own, candidate.given);
    if (overlap < LEAST_OVERLAP) continue;
    const tint = Math.log(Math.max(...gain) / Math.min(...gain));
    const distance = (error / COLOUR_SCALE) ** 2 + (rawError / RAW_COLOUR_SCALE) ** 2 +
      TINT_WEIGHT * tint ** 2 +
      meanSquare(vertices, candidate.vertices) / SHAPE_SCALE ** 2;
    found.push({ index, gain, distance });
  }
  return found.sort((a, b) => a.distance - b.distance || a.index - b.index);
}

/**
 * Chooses donors: of those that look most alike, each that shows enough of what fewer than two before it show.
 *
 * @param candidates All objects
 * @param receiver Number of the one that receives
 * @param ranked Those that may give to it, by likeness
 * @param most Most donors
 * @returns Donors, the most alike first, perhaps none
 */
export function chooseDonors(
  candidates: readonly Candidate[],
  receiver: number,
  ranked: readonly Likeness[],
  most: number,
): Donor[] {
  const { own } = candidates[receiver], missing = own.confidence.map((share) => WANTED * (1 - share));
  const donors: Donor[] = [];
  if (most === 0) return donors;
  for (const { index, gain } of ranked) {
    const { confidence } = candidates[index].given;
    if (addedShare(missing, confidence, own.resolution) < LEAST_NEW) continue;
    donors.push({ index, gain });
    if (donors.length === most) break;
    for (let texel = 0; texel < missing.length; texel++) {
      missing[texel] = Math.max(0, missing[texel] - confidence[texel]);
    }
  }
  return donors;
}

/** Share of the surface that is missing and that a donor shows. */
function addedShare(missing: Float32Array, shown: Float32Array, resolution: number): number {
  let sum = 0, total = 0;
  for (let i = 0, texel = 0; i < resolution; i++) {
    const area = Math.sin(Math.PI * (i + 0.5) / resolution); // of a texel on the sphere
    total += resolution * area;
    for (let j = 0; j < resolution; j++, texel++) sum += area * Math.min(missing[texel], shown[texel]);
  }
  return sum / total;
}

/** Mean squared distance of the vertices of two shapes. */
function meanSquare(a: FloatArray, b: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum / (a.length / 3);
}
