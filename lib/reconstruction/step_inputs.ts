/**
 * The named tensors of a training step of the reconstruction.
 *
 * @module
 */
import type { Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from "../core/tensor.ts";

/** Tensors of a step; those of classes only where there are several. B photographs, r pixels a side, P parts a class, G in all. */
export interface StepInputs {
  /** Photographs and masks as the network sees them, `[B, r, r, 4]`. */
  readonly image: Tensor4D;
  /** Part maps, then colours, `[B, r, r, P + 4]`. */
  readonly target: Tensor4D;
  /** Weights of the target's channels, 0 for part maps that are not there, `[B, 1, 1, P + 4]`. */
  readonly weight: Tensor4D;
  /** Observed masks, `[B, r, r, 1]`. */
  readonly mask: Tensor4D;
  /** What rendered silhouettes are compared with, `[B, r, r, 1]`. */
  readonly silhouette: Tensor4D;
  /** Quaternions, `[B, 4]`. */
  readonly rotation: Tensor2D;
  /** Scales, `[B, 1]`. */
  readonly scale: Tensor2D;
  /** Translations, `[B, 2]`. */
  readonly translation: Tensor2D;
  /** Perspectives, `[B, 1]`. */
  readonly perspective: Tensor2D;
  /** Templates of the photographs, `[B, V, 3]`. */
  readonly template: Tensor3D;
  /** 1 for photographs of the high-confidence subset, `[B]`. */
  readonly highConfidence: Tensor1D;
  /** Share of its template that every photograph is pulled to. */
  readonly semi: Scalar;
  /** Weight of the normal consistency loss. */
  readonly normalConsistency: Scalar;
  /** Learning rate. */
  readonly learningRate: Scalar;
  /** One-hot classes, `[B, C]`. */
  readonly classes?: Tensor2D;
  /** 1 for the part channels of each class, `[B, G + 1]`. */
  readonly presence?: Tensor2D;
  /** Parts of each class among all, `[B, P + 1, G + 1]`. */
  readonly selection?: Tensor3D;
}
