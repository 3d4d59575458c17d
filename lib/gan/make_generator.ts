/**
 * A generator from the build that a run's settings hold; free of files, so that it runs in browsers too.
 *
 * @module
 */
import type { Prng } from "../core/prng.ts";
import { PRESETS } from "../networks/presets.ts";
import type { GanNetworks } from "./gan_networks.ts";
import { Generator } from "./generator.ts";
import type { GeneratorOptions } from "./generator_options.ts";

/** A generator of this build. */
export function makeGenerator(networks: GanNetworks, prng: Prng): Generator {
  return new Generator(generatorOptions(networks), prng);
}

/** What a generator of this build is told. */
export function generatorOptions(networks: GanNetworks): GeneratorOptions {
  const { preset, latentDim, normG, normD: _normD, numDiscriminators: _count, ...same } = networks;
  return { ...same, width: PRESETS[preset].width, latentLength: latentDim, norm: normG };
}
