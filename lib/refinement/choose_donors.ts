/**
 * Which photographs of other objects show what a photograph does not.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { joinTextures } from "./join_textures.ts";
import { applyGain, matchColours } from "./match_colours.ts";
import type { PartialTexture } from "./partial_texture.ts";

/** A refined object as a possible donor of texels, in few texels. */
export interface Candidate {
  /** What its photograph shows, fit for being trusted as an own one, `[r, r]`. */
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

/** Options of `chooseDonors`. */
export interface DonorOptions {
  /** Most photographs that give to one. */
  most?: number;
  /** Tells whether an object may give to another one; all may if left out. */
  mayGive?: ((donor: number, receiver: number) => boolean) | null;
}

/** Defaults of `DonorOptions`. */
export const DONOR_DEFAULTS = { most: 4, mayGive: null } as const satisfies Required<DonorOptions>;

/** Differences at which a donor counts e times less: of matched colours, of colours as they are, of shapes. */
const COLOUR_SCALE = 0.12, RAW_COLOUR_SCALE = 0.3, SHAPE_SCALE = 0.1;
/** Share of what is missing that a donor must show, and above which more does not count. */
const LEAST_NEW = 0.05, MOST_NEW = 0.6;
/** Share of the surface that both must show for a comparison. */
const LEAST_OVERLAP = 0.015;

/**
 * Chooses donors one after another: that which looks most alike where both are seen, shows most of what is missing, and has
 * a shape of the same kind.
 *
 * @param candidates All objects
 * @param receiver Number of the one that receives
 * @param options How many, and which may give
 * @returns Donors in the order in which they are joined, perhaps none
 */
export function chooseDonors(
  candidates: readonly Candidate[],
  receiver: number,
  options: DonorOptions = {},
): Donor[] {
  const { most, mayGive } = { ...DONOR_DEFAULTS, ...options }, donors: Donor[] = [];
  let texture = candidates[receiver].own;
  const likeness = candidates.map(({ vertices }) => likenessOf(candidates[receiver].vertices, vertices));
  while (donors.length < most) {
    const missing = missingShare(texture, null);
    let best: Donor | null = null, bestScore = 0;
    for (const [index, { given }] of candidates.entries()) {
      if (index === receiver || mayGive?.(index, receiver) === false) continue;
      const shown = missingShare(texture, given) / Math.max(missing, 1e-9);
      if (shown < LEAST_NEW) continue;
      const { gain, error, rawError, overlap } = matchColours(texture, given);
      if (overlap < LEAST_OVERLAP) continue;
      const unlike = (error / COLOUR_SCALE) ** 2 + (rawError / RAW_COLOUR_SCALE) ** 2;
      const score = Math.min(shown, MOST_NEW) * Math.exp(-unlike) * likeness[index];
      if (score > bestScore) [best, bestScore] = [{ index, gain }, score];
    }
    if (best === null) break;
    donors.push(best);
    const { given } = candidates[best.index];
    texture = joinTextures(texture, { ...given, colours: applyGain(given.colours, best.gain) });
  }
  return donors;
}

/** How alike two shapes are, 0 to 1. */
function likenessOf(a: FloatArray, b: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.exp(-sum / (a.length / 3) / SHAPE_SCALE ** 2);
}

/** Area that a texture does not know, of it that which another one shows if there is one. */
function missingShare({ resolution: R, confidence }: PartialTexture, other: PartialTexture | null): number {
  let sum = 0;
  for (let i = 0, texel = 0; i < R; i++) {
    const area = Math.sin(Math.PI * (i + 0.5) / R);
    for (let j = 0; j < R; j++, texel++) {
      sum += area * (1 - confidence[texel]) * (other ? other.confidence[texel] : 1);
    }
  }
  return sum;
}
