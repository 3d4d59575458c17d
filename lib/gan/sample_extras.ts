/**
 * What the file of a generated object tells about itself.
 *
 * @module
 */
import type { GlbExtra } from "../io/glb_encoder.ts";

/** Facts from which an object can be generated again. */
export interface SampleOrigin {
  /** Name of the run. */
  readonly run: string;
  /** Epochs of training behind the generator. */
  readonly epoch: number;
  /** Seed of the latent codes. */
  readonly seed: number;
  /** Number of the object. */
  readonly sample: number;
  /** Limit of the latent code's components. */
  readonly truncation: number;
  /** Class; null without class conditioning. */
  readonly class: number | null;
}

/** The facts as a GLB file holds them, in this order. */
export function sampleExtras(origin: SampleOrigin): Record<string, GlbExtra> {
  const { run, epoch, seed, sample, truncation } = origin;
  return { run, epoch, seed, sample, truncation, class: origin.class };
}
