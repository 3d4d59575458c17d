/**
 * What layers are: functions made once with their parameters, called in every step.
 *
 * @module
 */
import type { Tensor, Tensor2D, Tensor4D } from "../../core/tensor.ts";

/** A layer on maps `[B, H, W, C]`; `training` chooses batch statistics and moves running ones. */
export type Layer = (x: Tensor4D, training: boolean) => Tensor4D;

/**
 * A normalisation of maps `[B, H, W, C]` or vectors `[B, C]`, possibly driven by a conditioning vector `[B, Z]`
 * (latent code or one-hot class), which others ignore.
 */
export type Norm = <T extends Tensor>(x: T, condition: Tensor2D | null, training: boolean) => T;

/** A layer on maps whose norms are driven by a conditioning vector `[B, Z]`. */
export type ConditionedLayer = (x: Tensor4D, condition: Tensor2D | null, training: boolean) => Tensor4D;
