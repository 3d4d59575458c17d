/**
 * How large and how long a pipeline's stages are.
 *
 * @module
 */
import type { PresetName } from "../networks/presets.ts";

/** Sizes of all stages of one pipeline. */
export interface PipelineSizes {
  /** Sizes of the networks. */
  readonly preset: PresetName;
  /** Side of the final renders of pose estimation, in pixels. */
  readonly poseResolution: number;
  /** Optimiser steps an image in pose estimation. */
  readonly poseSteps: number;
  /** Photographs in a batch of the reconstruction. */
  readonly reconstructionBatch: number;
  /** Iterations of the reconstruction. */
  readonly reconstructionIterations: number;
  /** Learning rate of the reconstruction. */
  readonly reconstructionRate: number;
  /** Samples in a batch of the GAN. */
  readonly ganBatch: number;
  /** Steps of the GAN, generator's and discriminator's together. */
  readonly ganIterations: number;
  /** Learning rates of generator and discriminator. */
  readonly ganRates: readonly [number, number];
  /** EMA decay of the generator after 100 epochs. */
  readonly ganEmaDecay: number;
  /** Exported meshes. */
  readonly exports: number;
}

/** Sizes by preset. Small networks learn with larger rates than the original's. */
export const PIPELINE_SIZES = {
  demo: {
    preset: "demo",
    poseResolution: 128,
    poseSteps: 100,
    reconstructionBatch: 8,
    reconstructionIterations: 900,
    reconstructionRate: 1e-3,
    ganBatch: 8,
    ganIterations: 1200,
    ganRates: [2e-4, 4e-4],
    ganEmaDecay: 0.99,
    exports: 16,
  },
  small: {
    preset: "small",
    poseResolution: 256,
    poseSteps: 100,
    reconstructionBatch: 8,
    reconstructionIterations: 1500,
    reconstructionRate: 5e-4,
    ganBatch: 8,
    ganIterations: 2400,
    ganRates: [2e-4, 6e-4],
    ganEmaDecay: 0.99,
    exports: 16,
  },
  paper: {
    preset: "paper",
    poseResolution: 256,
    poseSteps: 100,
    reconstructionBatch: 32,
    reconstructionIterations: 130_000,
    reconstructionRate: 1e-4,
    ganBatch: 32,
    ganIterations: 100_000,
    ganRates: [1e-4, 4e-4],
    ganEmaDecay: 0.999,
    exports: 40,
  },
} as const satisfies Record<PresetName, PipelineSizes>;
