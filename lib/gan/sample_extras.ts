/**
 * What the file of a generated object tells about itself.
 *
 * @module
 */
import type { GlbExtra } from "../io/glb_encoder.ts";

/**
 * Facts from which an object can be generated again.
 *
 * @param run Name of the run
 * @param seed Seed of the latent codes
 * @param sample Number of the object
 * @param truncation Limit of the latent code's components
 * @param classIndex Class; null without class conditioning
 */
export function sampleExtras(
  run: string,
  seed: number,
  sample: number,
  truncation: number,
  classIndex: number | null,
): Record<string, GlbExtra> {
  return { run, seed, sample, truncation, class: classIndex };
}
