/**
 * Parts of the reconstruction's training that may be a user's own: network, objective, renderer.
 *
 * @module
 */
import type { Prng } from "../core/prng.ts";
import type { Scalar, Tensor3D, Tensor4D } from "../core/tensor.ts";
import type { ReconstructionConfig } from "../networks/reconstruction_config.ts";
import type { ReconstructionModel, ReconstructionOutput } from "../networks/reconstruction_network.ts";

/** What an objective is computed from. */
export interface ReconstructionTerms {
  /** The paper's objective: all terms, weighed. */
  readonly total: Scalar;
  /** Difference of colours and parts. */
  readonly colour: Scalar;
  /** Difference of silhouettes and masks. */
  readonly alpha: Scalar;
  /** Pull to the templates. */
  readonly template: Scalar;
  /** Normal consistency of the surface. */
  readonly normalConsistency: Scalar;
  /** Weight of the normal consistency, scheduled. */
  readonly normalConsistencyWeight: Scalar;
  /** Penalty for vertices beyond the plane of symmetry. */
  readonly symmetry: Scalar;
  /** What the network predicted. */
  readonly prediction: ReconstructionOutput;
  /** Predicted positions, `[B, V, 3]`. */
  readonly vertices: Tensor3D;
  /** Rendered parts and colours, `[B, S, S, C]`. */
  readonly image: Tensor4D;
  /** Rendered soft silhouettes, `[B, S, S, 1]`. */
  readonly silhouette: Tensor4D;
  /** What the images are compared with, `[B, S, S, C]`. */
  readonly target: Tensor4D;
  /** Observed masks, `[B, S, S, 1]`. */
  readonly mask: Tensor4D;
}

/** How predictions are drawn. */
export interface ReconstructionRenderer {
  /** Exponent factor of the soft silhouette; soft targets have the same. */
  readonly sharpness?: number;
}

/** A user's own parts; what is left out is the paper's. Functions are no settings: a run that resumes is given them again. */
export interface ReconstructionParts {
  /** Makes the network; its parameters are made of the generator, so that a seed gives the same run. */
  readonly makeNetwork?: (config: ReconstructionConfig, prng: Prng) => ReconstructionModel;
  /** What is minimised; it is differentiated, and recorded, so that no value of a tensor may be read. */
  readonly objective?: (terms: ReconstructionTerms) => Scalar;
  /** How predictions are drawn. */
  readonly renderer?: ReconstructionRenderer;
}
