/**
 * How generators are built.
 *
 * @module
 */
import type { NormKind } from "../networks/layers/norms.ts";

/** Rows and columns of the displacement map. */
export const DISPLACEMENT_RESOLUTION = 32;
/** Sides of textures that the networks can make. */
export const TEXTURE_RESOLUTIONS = [64, 128, 256, 512, 1024] as const;
/** Most rows and columns of the textures' principal components. */
const MOST_COMPONENT_ROWS = 128;

/** Build of a generator. */
export interface GeneratorOptions {
  /** Side of the texture, R: 64, 128, 256, 512 or 1024. */
  textureResolution: number;
  /** Multiplier of all inner channel counts; 1 is the original. */
  width: number;
  /** Whether both outputs are even reflections of their middle half. */
  symmetric: boolean;
  /** Length of the latent code. */
  latentLength: number;
  /** Number of classes to condition on; 0 for none. */
  classes: number;
  /** Channels of part maps to condition on; 0 or not given for none. */
  parts?: number;
  /** Whether there is no mesh: displacement maps are 0. */
  textureOnly?: boolean;
  /** Normalisation behind each convolution. */
  norm: NormKind;
  /** Whether the outputs are differences from means that `setMean` is given; the original's are not. */
  startFromMean?: boolean;
  /** Principal components of the data that the first entries of the latent code weigh; 0 or not given for none. */
  components?: number;
  /** Rows and columns of their textures; as many as are made, at most 128, if not given. Needs exemplars, which add the rest. */
  componentRows?: number;
  /** Objects of the data that lend textures their detail; 0 or not given for none. Needs components and symmetry. */
  exemplars?: number;
  /** Rows and columns that convolutions make; those of the texture if not given. Exemplars add the detail of the rest. */
  baseResolution?: number;
}

/** Rows and columns of the textures' principal components. */
export function componentSide(
  { componentRows = MOST_COMPONENT_ROWS, baseResolution, textureResolution }: Pick<
    GeneratorOptions,
    "componentRows" | "baseResolution" | "textureResolution"
  >,
): number {
  return Math.min(componentRows, baseResolution ?? textureResolution);
}
