/**
 * Latent codes: normal in training, truncated in evaluation and export.
 *
 * @module
 */
import { Prng } from "../core/prng.ts";

/**
 * Latent codes of a training step.
 *
 * @param seed Seed of the run
 * @param iteration Which step; other steps never shift its numbers
 * @param batch Number of codes, B
 * @param length Length of a code, Z
 * @returns Standard normal numbers, `[B, Z]`
 */
export function trainingLatents(
  seed: number,
  iteration: number,
  batch: number,
  length: number,
): Float32Array {
  return new Prng(seed, "gan", "latent", iteration).normals(batch * length);
}

/**
 * The latent code of an exported or evaluated sample: normal numbers, each redrawn until its size is at most sigma.
 *
 * Every sample has a stream of its own, so that neither batch size nor order matters.
 *
 * @param seed Seed of the export or evaluation
 * @param index Which sample
 * @param length Length of a code, Z
 * @param sigma Limit; infinity for plain normal numbers
 * @returns Code, `[Z]`
 * @throws {RangeError} If sigma is not above 0
 */
export function truncatedLatent(seed: number, index: number, length: number, sigma: number): Float32Array {
  if (!(sigma > 0)) {
    throw new RangeError(`Cannot draw a latent code: sigma must be above 0, current value is ${sigma}`);
  }
  const prng = new Prng(seed, "gan", "truncated latent", index);
  return Float32Array.from({ length }, () => {
    for (;;) {
      const value = prng.normal();
      if (Math.abs(value) <= sigma) return value;
    }
  });
}
