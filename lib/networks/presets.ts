/**
 * Sizes of the networks: the original's, and smaller ones for small machines and few photographs.
 *
 * @module
 */

/** Name of a preset. */
export type PresetName = "demo" | "small" | "paper";

/** Sizes that go with a preset. */
export interface Preset {
  /** Side of the network's input and of the training render, in pixels. */
  readonly imageResolution: number;
  /** Multiplier of all inner channel counts; 1 is the original. */
  readonly width: number;
  /** Side of the texture that the reconstruction network predicts, in texels. */
  readonly reconstructionTexture: number;
  /** Side of the pseudo-ground-truth and of the generated texture, in texels. */
  readonly textureResolution: number;
  /** Least side of the image that is projected to UV space, in pixels; twice the texture if that is more. */
  readonly projectionResolution: number;
}

/** Sizes by preset. */
export const PRESETS = {
  demo: {
    imageResolution: 128,
    width: 0.25,
    reconstructionTexture: 64,
    textureResolution: 256,
    projectionResolution: 512,
  },
  small: {
    imageResolution: 128,
    width: 0.5,
    reconstructionTexture: 64,
    textureResolution: 512,
    projectionResolution: 512,
  },
  paper: {
    imageResolution: 256,
    width: 1,
    reconstructionTexture: 128,
    textureResolution: 512,
    projectionResolution: 1024,
  },
} as const satisfies Record<PresetName, Preset>;

/** A channel count of the original at a width, at least 4. */
export function scaledChannels(channels: number, width: number): number {
  return Math.max(4, Math.round(channels * width));
}
