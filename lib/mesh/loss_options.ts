/**
 * What all mesh losses on typed arrays take.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** Where a loss adds its gradient. */
export interface MeshLossOptions {
  /** Gradient with respect to the vertices, `[V, 3]`; the loss adds its own times `weight`. Left out: value only. */
  readonly gradient?: FloatArray;
  /** Factor of the gradient, 1 by default. The value returned is without it. */
  readonly weight?: number;
}
