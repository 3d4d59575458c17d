/**
 * Objects of a data set that look like one: what they give to its texture, and what they say of how it should lie.
 *
 * @module
 */
import { APPEARANCE_RESOLUTION } from "./appearance_error.ts";
import { type Candidate, chooseDonors, type Donor, type Likeness, rankByLikeness } from "./choose_donors.ts";
import { MATCHING_SIDE } from "./complete_texture.ts";
import type { FittedObject } from "./files.ts";
import { applyGain } from "./match_colours.ts";
import { meanTexture, type PartialTexture, reduceTexture } from "./partial_texture.ts";

/** Objects among which those that look alike are looked for, and how many of these, the most alike, are looked at. */
const MOST_CANDIDATES = 512, MOST_LOOKED_AT = 256;
/** Objects that show a texel whose mean is what it probably looks like. */
const NEIGHBOURS = 24;
/** Number of objects that must show a texel for its mean to have full confidence. */
const FULL_COUNT = 3;

/** A fitted object with what is compared of it. */
interface Look extends Candidate {
  /** Row of its photograph. */
  readonly row: number;
  /** What it may give, `[64, 64]`. */
  readonly texture: PartialTexture;
}

/** What an object is compared with. */
interface Surroundings {
  readonly all: readonly Look[];
  readonly receiver: number;
  readonly ranked: readonly Likeness[];
}

/** Finds what looks alike. */
export class LookAlikes {
  readonly #fits: readonly FittedObject[];
  readonly #candidates: readonly Look[];
  readonly #indexOf: ReadonlyMap<number, number>; // of the candidate that a row is
  readonly #objectOf: ((look: Look) => string) | null;
  #last: { readonly row: number; readonly around: Surroundings } | null = null;

  /**
   * Takes in fitted objects; of many, some that are spread evenly.
   *
   * @param fits Fitted objects in the order of their rows
   * @param objectOf Names the object of a photograph; those of one object give nothing to each other. Null tells nothing
   */
  constructor(fits: readonly FittedObject[], objectOf: ((id: string) => string) | null) {
    this.#fits = fits;
    const count = Math.min(MOST_CANDIDATES, fits.length);
    const rows = Array.from({ length: count }, (_, k) => Math.floor(k * fits.length / count));
    this.#candidates = rows.map((row) => this.#look(row));
    this.#indexOf = new Map(rows.map((row, index) => [row, index]));
    this.#objectOf = objectOf && ((look) => objectOf(fits[look.row].id));
  }

  /**
   * Chooses photographs that give texels to one.
   *
   * @param row Its row
   * @param most Most of them
   * @returns Rows and factors, the most alike first
   */
  donorsOf(row: number, most: number): Donor[] {
    const { all, receiver, ranked } = this.#around(row);
    return chooseDonors(all, receiver, ranked, most)
      .map((donor) => ({ ...donor, index: all[donor.index].row }));
  }

  /**
   * The mean of the textures that look most alike, texel by texel of those that show it, with matched colours.
   *
   * @param row Row of the object that it is for
   * @returns Colours everywhere, and how well they are known, `[64, 64]`; nothing is known without others
   */
  likelyTexture(row: number): PartialTexture {
    const { all, receiver, ranked } = this.#around(row),
      missing = new Float32Array(APPEARANCE_RESOLUTION ** 2);
    missing.fill(NEIGHBOURS);
    const nearest: PartialTexture[] = [];
    for (const { index, gain } of ranked.slice(0, MOST_LOOKED_AT)) {
      const { texture } = all[index];
      const confidence = texture.confidence.map((share, texel) => Math.min(share, missing[texel]));
      if (confidence.every((share) => share === 0)) continue;
      confidence.forEach((share, texel) => missing[texel] -= share);
      nearest.push({ ...texture, confidence, colours: applyGain(texture.colours, gain) });
    }
    return {
      resolution: APPEARANCE_RESOLUTION,
      colours: meanTexture(nearest.length > 0 ? nearest : [all[receiver].texture]).data,
      confidence: missing.map((left) => Math.min(1, (NEIGHBOURS - left) / FULL_COUNT)),
    };
  }

  /** The candidates and an object among them, by likeness; kept for the next question about the same row. */
  #around(row: number): Surroundings {
    if (this.#last?.row === row) return this.#last.around;
    const known = this.#indexOf.get(row), objectOf = this.#objectOf;
    const all = known === undefined ? [...this.#candidates, this.#look(row)] : this.#candidates;
    const receiver = known ?? this.#candidates.length;
    const mayGive = objectOf && ((donor: number) => objectOf(all[donor]) !== objectOf(all[receiver]));
    const around = { all, receiver, ranked: rankByLikeness(all, receiver, mayGive) };
    this.#last = { row, around };
    return around;
  }

  #look(row: number): Look {
    const { vertices, colours, own, given } = this.#fits[row], resolution = APPEARANCE_RESOLUTION;
    const texture = { resolution, colours, confidence: given };
    return {
      row,
      vertices,
      texture,
      own: reduceTexture({ ...texture, confidence: own }, MATCHING_SIDE),
      given: reduceTexture(texture, MATCHING_SIDE),
    };
  }
}
