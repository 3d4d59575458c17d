/**
 * Ways through the space of latent codes.
 *
 * @module
 */
import { interpolateLatents } from "../lib/gan/interpolate_latents.ts";
import { truncatedLatent } from "../lib/gan/latent.ts";

/** Which codes a way goes through. */
export interface LatentSource {
  /** Seed of the codes. */
  readonly seed: number;
  /** Limit of their components. */
  readonly truncation: number;
  /** Length of a code, Z. */
  readonly length: number;
}

/**
 * The code at a place of the latent interpolation through all samples of a seed: at integers the codes of those samples, as
 * `deno task export` draws them; between them along the great circle, with the length changing evenly.
 *
 * @param source Which codes
 * @param place Place, from 0
 * @returns Code, `[Z]`
 */
export function latentAt({ seed, truncation, length }: LatentSource, place: number): Float32Array {
  const index = Math.floor(place), share = place - index;
  const from = truncatedLatent(seed, index, length, truncation);
  return share === 0
    ? from
    : interpolateLatents(from, truncatedLatent(seed, index + 1, length, truncation), share);
}
