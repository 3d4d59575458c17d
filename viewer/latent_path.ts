/**
 * Ways through the space of latent codes.
 *
 * @module
 */
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
 * The code at a place of the way through all samples of a seed: at whole numbers the codes of those samples, as
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

/**
 * A code between two others, along the great circle through them.
 *
 * @param from Code at 0, `[Z]`
 * @param to Code at 1, `[Z]`
 * @param share Place between them, 0 to 1
 * @returns Code, `[Z]`
 */
export function interpolateLatents(from: Float32Array, to: Float32Array, share: number): Float32Array {
  const [lengthFrom, lengthTo] = [Math.hypot(...from), Math.hypot(...to)];
  const dot = from.reduce((sum, value, i) => sum + value * to[i], 0);
  const angle = Math.acos(Math.min(1, Math.max(-1, dot / Math.max(lengthFrom * lengthTo, 1e-12))));
  if (Math.sin(angle) < 1e-4) return from.map((value, i) => (1 - share) * value + share * to[i]);
  const length = (1 - share) * lengthFrom + share * lengthTo;
  const a = Math.sin((1 - share) * angle) / Math.sin(angle) * length / lengthFrom;
  const b = Math.sin(share * angle) / Math.sin(angle) * length / lengthTo;
  return from.map((value, i) => a * value + b * to[i]);
}
