/**
 * Objects of a data set that look like one: what they give to its texture, and what they say of how it should lie.
 *
 * @module
 */
import { APPEARANCE_RESOLUTION } from "./appearance_error.ts";
import { type Candidate, chooseDonors, type Donor, rankByLikeness } from "./choose_donors.ts";
import { MATCHING_SIDE } from "./complete_texture.ts";
import type { FittedObject } from "./files.ts";
import { applyGain } from "./match_colours.ts";
import { meanTexture, type PartialTexture, reduceTexture } from "./partial_texture.ts";

/** Objects among which those that look alike are looked for. */
const MOST_CANDIDATES = 2048;
/** Objects that show a texel whose mean is what it probably looks like. */
const NEIGHBOURS = 24;
/** Number of objects that must show a texel for its mean to be trusted fully. */
const TRUSTED_COUNT = 3;

/** A fitted object with what is compared of it. */
interface Look extends Candidate {
  /** Row of its photograph. */
  readonly row: number;
  /** What it may give, `[64, 64]`. */
  readonly texture: PartialTexture;
}

/** Finds what looks alike. */
export class LookAlikes {
  readonly #fits: readonly FittedObject[];
  readonly #every: number;
  readonly #candidates: readonly Look[];
  readonly #objectOf: ((look: Look) => string) | null;

  /**
   * Takes in fitted objects; of many, some that are spread evenly.
   *
   * @param fits Fitted objects in the order of their rows
   * @param objectOf Names the object of a photograph; those of one object give nothing to each other. Null tells nothing
   */
  constructor(fits: readonly FittedObject[], objectOf: ((id: string) => string) | null) {
    this.#fits = fits;
    this.#every = Math.max(1, Math.ceil(fits.length / MOST_CANDIDATES));
    this.#candidates = [...fits.keys()].filter((row) => row % this.#every === 0).map((row) =>
      this.#look(row)
    );
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
    const { all, receiver, mayGive } = this.#around(row);
    return chooseDonors(all, receiver, { most, mayGive })
      .map((donor) => ({ ...donor, index: all[donor.index].row }));
  }

  /**
   * The mean of the textures that look most alike, texel by texel of those that show it, with matched colours.
   *
   * @param row Row of the object that it is for
   * @returns Colours everywhere, and how well they are known, `[64, 64]`; nothing is known without others
   */
  likelyTexture(row: number): PartialTexture {
    const { all, receiver, mayGive } = this.#around(row),
      missing = new Float32Array(APPEARANCE_RESOLUTION ** 2);
    missing.fill(NEIGHBOURS);
    const nearest: PartialTexture[] = [];
    for (const { index, gain } of rankByLikeness(all, receiver, mayGive)) {
      const { texture } = all[index];
      const confidence = texture.confidence.map((share, texel) => Math.min(share, missing[texel]));
      if (confidence.every((share) => share === 0)) continue;
      confidence.forEach((share, texel) => missing[texel] -= share);
      nearest.push({ ...texture, confidence, colours: applyGain(texture.colours, gain) });
    }
    return {
      resolution: APPEARANCE_RESOLUTION,
      colours: meanTexture(nearest.length > 0 ? nearest : [all[receiver].texture]).data,
      confidence: missing.map((left) => Math.min(1, (NEIGHBOURS - left) / TRUSTED_COUNT)),
    };
  }

  /** The candidates and an object among them, and which of them may give to it. */
  #around(row: number) {
    const candidates = this.#candidates, objectOf = this.#objectOf, isOne = row % this.#every === 0;
    const all = isOne ? candidates : [...candidates, this.#look(row)];
    const receiver = isOne ? row / this.#every : candidates.length;
    const mayGive = objectOf && ((donor: number) => objectOf(all[donor]) !== objectOf(all[receiver]));
    return { all, receiver, mayGive };
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
