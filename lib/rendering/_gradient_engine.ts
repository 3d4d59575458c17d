/**
 * What `tf.customGrad` is made of; that itself allows one result only.
 *
 * @module
 */
import { type Tensor, tf } from "../core/tensor.ts";

/** An operation of several results with its gradient. */
export interface GradientOperation {
  /** Computes the results and saves what the gradient needs. */
  readonly forwardFunc: (backend: unknown, save: (tensors: Tensor[]) => void) => Tensor[];
  /** From the gradients of the results to those of the inputs. */
  readonly backwardsFunc: (gradients: Tensor[], saved: Tensor[]) => Record<string, () => Tensor>;
  /** Tensors that receive gradients. */
  readonly inputs: Record<string, Tensor>;
}

/** The part of the engine that runs such operations. */
export interface GradientEngine {
  /** Whether operations are noted for a gradient. */
  isTapeOn(): boolean;
  /** Runs one. */
  runKernelFunc(operation: GradientOperation): Tensor[];
}

/** The engine in use. */
export function gradientEngine(): GradientEngine {
  return tf.engine() as unknown as GradientEngine;
}
