/**
 * Completing a texture: the photograph and its mirror image, photographs of other objects, a texture of lower confidence, and what
 * surrounds the rest.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { gaussianBlur } from "../core/gaussian_blur.ts";
import { fillTexture, joinTextures } from "./join_textures.ts";
import { applyGain, matchColours } from "./match_colours.ts";
import { enlargeTexels, type PartialTexture, reduceTexture } from "./partial_texture.ts";

/** Texels along a side at which colours are matched. */
export const MATCHING_SIDE = 32;

/** Texels along a side at which broad colours are told from details. */
const BROAD_SIDE = 64;

/** Weight of a donor beside the one before it. */
const FALLING = 0.35;

/** Texels of another photograph. */
export interface GivenTexels {
  /** What it shows, `[R, R]`. */
  readonly texture: PartialTexture;
  /** Factor of each channel of its colours, `[3]`. */
  readonly gain: readonly number[];
}

/**
 * Completes a texture from sources of falling confidence.
 *
 * @param own What the photograph shows, with its mirror image, `[R, R]`
 * @param given What photographs of other objects show, the most alike first
 * @param prior Texture of lower confidence, that of a network or the mean one, colours in [0, 1], `[r, r, 3]`; null if there is none
 * @param rest What to take for texels that nothing else shows, made of those that are known; null fills them smoothly
 * @returns Colours in [0, 1], `[R, R, 3]`
 */
export function completeTexture(
  own: PartialTexture,
  given: readonly GivenTexels[],
  prior: FloatImage | null,
  rest: ((known: PartialTexture) => PartialTexture) | null = null,
): FloatImage & { data: Float32Array } {
  const { resolution } = own;
  const donors = given.length > 0 ? blendGiven(given) : null;
  let texture = own;
  if (donors) {
    texture = joinTextures(own, prior ? withBroadColours(donors, matchedPrior(own, prior)) : donors);
  }
  if (prior) texture = joinTextures(texture, matchedPrior(texture, prior));
  if (rest && !isWhole(texture)) texture = joinTextures(texture, rest(texture));
  const data = isWhole(texture) ? texture.colours : fillTexture(texture);
  return { data, height: resolution, width: resolution, channels: 3 };
}

const isWhole = ({ confidence }: PartialTexture) => confidence.every((share) => share > 1 - 1e-6);

/** Donors in one texture: each texel is almost that of the first one that shows it, the next count less and less. */
function blendGiven(given: readonly GivenTexels[]): PartialTexture {
  const { resolution } = given[0].texture, texels = resolution * resolution;
  const colours = new Float32Array(3 * texels),
    confidence = new Float32Array(texels),
    total = new Float32Array(texels);
  given.forEach(({ texture, gain }, order) => {
    for (let texel = 0; texel < texels; texel++) {
      const share = texture.confidence[texel], weight = share * FALLING ** order;
      if (share === 0) continue;
      total[texel] += weight;
      confidence[texel] = Math.min(1, confidence[texel] + share);
      for (let c = 0, k = 3 * texel; c < 3; c++, k++) colours[k] += weight * gain[c] * texture.colours[k];
    }
  });
  for (let k = 0; k < colours.length; k++) colours[k] /= Math.max(total[Math.floor(k / 3)], 1e-9);
  return { resolution, colours, confidence };
}

/** A texture whose colours over some distance are those of another one, and whose details are its own. */
function withBroadColours(texture: PartialTexture, broad: PartialTexture): PartialTexture {
  const { resolution, confidence } = texture;
  const fine = reduceTexture(texture, BROAD_SIDE), wide = reduceTexture(broad, BROAD_SIDE);
  const weighted = fine.colours.map((value, k) =>
    fine.confidence[Math.floor(k / 3)] * (wide.colours[k] - value)
  );
  const difference = gaussianBlur(weighted, BROAD_SIDE, BROAD_SIDE, 3);
  const weight = gaussianBlur(fine.confidence, BROAD_SIDE, BROAD_SIDE);
  const shift = enlargeTexels(
    Float32Array.from(difference, (value, k) => value / Math.max(weight[Math.floor(k / 3)], 1e-6)),
    resolution,
    confidence,
  );
  return { resolution, confidence, colours: texture.colours.map((value, k) => value + shift[k]) };
}

/** A prior of any size with the colours of what is known. */
function matchedPrior(texture: PartialTexture, prior: FloatImage): PartialTexture {
  const { resolution } = texture;
  const colours = enlargeTexels(Float32Array.from(prior.data), resolution);
  const whole = { resolution, colours, confidence: new Float32Array(resolution * resolution).fill(1) };
  const { gain } = matchColours(reduceTexture(texture, MATCHING_SIDE), reduceTexture(whole, MATCHING_SIDE));
  return { ...whole, colours: applyGain(colours, gain) };
}
