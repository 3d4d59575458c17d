/**
 * Build of a run's networks, as far as it follows from options and data.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import type { PresetName } from "../networks/presets.ts";
import { BASE_RESOLUTION, isOriginal, mayHaveExemplars, type ResolvedGanOptions } from "./gan_options.ts";

/** Principal components that generators start from, if nothing else is asked for. */
const COMPONENTS = 24;
/** Objects that lend their detail, if nothing else is asked for, and the share of the objects that they are at most. */
const EXEMPLARS = 64, EXEMPLAR_SHARE = 0.5;
/** Rows of components beside exemplars: paint and light alone, as donors have what is finer. */
const PAINT_ROWS = 8;

/** Build of all networks of a run; stored with every checkpoint, so that other builds are never mixed in. */
export interface GanNetworks {
  /** Sizes of the networks. */
  readonly preset: PresetName;
  /** Side of the texture, R. */
  readonly textureResolution: number;
  /** Whether textures and maps are even reflections. */
  readonly symmetric: boolean;
  /** Length of the latent code. */
  readonly latentDim: number;
  /** Number of classes to condition on; 0 for none. */
  readonly classes: number;
  /** Normalisation in the generator. */
  readonly normG: "batch" | "instance" | "none";
  /** Normalisation in the discriminators. */
  readonly normD: "instance" | "none";
  /** Number of discriminators. */
  readonly numDiscriminators: number;
  /** Whether the generator's outputs are differences from the data set's means; not with the original's recipe. */
  readonly startFromMean: boolean;
  /** Principal components of the data that the latent code weighs; not there for none. */
  readonly components?: number;
  /** Rows and columns of their textures; see `GeneratorOptions`. */
  readonly componentRows?: number;
  /** Objects of the data that lend textures their detail; not there for none. */
  readonly exemplars?: number;
  /** Rows and columns that convolutions make and discriminators see; not there where they are the texture's. */
  readonly baseResolution?: number;
  /** Channels of part maps to condition on; not there for none. */
  readonly parts?: number;
  /** Whether there is no mesh; not there for a mesh. */
  readonly textureOnly?: true;
}

/**
 * Build of the networks that follows from options and data.
 *
 * @param options Options of the run
 * @param classes Classes of the data
 * @param parts Channels of the data's part maps; 0 without
 * @param objects Objects of the data, of which principal components are found; 0 without
 * @throws {UserError} If part maps are wanted that the data has not
 */
export function ganNetworks(
  options: ResolvedGanOptions,
  classes: number,
  parts = 0,
  objects = 0,
): GanNetworks {
  if (options.conditionalSemantics && parts === 0) {
    throw new UserError(
      "'conditionalSemantics' needs pseudo-ground-truth with part maps, current number of parts is 0; train the " +
        "reconstruction with 'predictionType: both' on photographs with parts.",
    );
  }
  const { preset, textureResolution, symmetricG, latentDim, normG, normD, numDiscriminators } = options;
  const wanted = options.components >= 0 ? options.components : isOriginal(options) ? 0 : COMPONENTS;
  const components = Math.max(0, Math.min(wanted, latentDim, objects - 1));
  const exemplars = exemplarCount(options, components, objects);
  const isFine = exemplars > 0 && textureResolution > BASE_RESOLUTION;
  return {
    preset,
    textureResolution,
    symmetric: symmetricG,
    latentDim,
    classes: options.conditionalClass ? classes : 0,
    normG,
    normD,
    numDiscriminators,
    startFromMean: !isOriginal(options),
    ...components > 0 ? { components } : {},
    ...exemplars > 0 ? { exemplars, componentRows: PAINT_ROWS } : {},
    ...isFine ? { baseResolution: BASE_RESOLUTION } : {},
    ...options.conditionalSemantics ? { parts } : {},
    ...options.textureOnly ? { textureOnly: true as const } : {},
  };
}

/** Exemplars of a run. */
function exemplarCount(options: ResolvedGanOptions, components: number, objects: number): number {
  const { exemplars } = options, isPossible = components > 0 && mayHaveExemplars(options);
  if (exemplars > 0 && !isPossible) {
    throw new UserError(
      "'exemplars' needs principal components and textures that are even reflections, without classes or parts, current " +
        `value is ${exemplars}; give 'exemplars: 0'.`,
    );
  }
  if (!isPossible) return 0;
  return exemplars >= 0
    ? Math.min(exemplars, objects)
    : Math.min(EXEMPLARS, Math.floor(EXEMPLAR_SHARE * objects));
}

/** Rows and columns that convolutions make and discriminators see. */
export function baseResolution(networks: GanNetworks): number {
  return networks.baseResolution ?? networks.textureResolution;
}
