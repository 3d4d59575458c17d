/**
 * How reconstruction networks are built.
 *
 * @module
 */
import type { NormKind } from "./layers/norms.ts";
import { type PresetName, PRESETS } from "./presets.ts";

/** What the network predicts besides the mesh. */
export type PredictionType = "none" | "texture" | "semantics" | "both";

/** Build of a reconstruction network; stored with its checkpoints. */
export interface ReconstructionConfig {
  /** Preset; checkpoints of different presets never mix. */
  preset: PresetName;
  /** Side of the input in pixels, a multiple of 32. */
  imageResolution: number;
  /** Multiplier of all inner channel counts. */
  width: number;
  /** Side of the texture: 64, 128 or 256 texels. */
  textureResolution: number;
  /** Heads besides the mesh. */
  predictionType: PredictionType;
  /** Part channels: the parts of all classes, and one for the object without part. */
  partChannels: number;
  /** Classes; with more than one, every norm is class-conditional. */
  classCount: number;
  /** Kind of normalisation. */
  norm: NormKind;
  /** Whether predictions are left-right symmetric. */
  symmetric: boolean;
  /** Up-sampling between blocks. */
  upsampling: "nearest" | "bilinear";
}

/** Build of a preset for one class without parts. */
export function reconstructionConfig(
  preset: PresetName,
  changes: Partial<ReconstructionConfig> = {},
): ReconstructionConfig {
  const { imageResolution, width, reconstructionTexture } = PRESETS[preset];
  return {
    preset,
    imageResolution,
    width,
    textureResolution: reconstructionTexture,
    predictionType: "both",
    partChannels: 1,
    classCount: 1,
    norm: "batch",
    symmetric: true,
    upsampling: "nearest",
    ...changes,
  };
}

/**
 * Checks a build.
 *
 * @throws {RangeError} If a size is not possible
 */
export function checkConfig(
  { imageResolution, textureResolution, partChannels, classCount }: ReconstructionConfig,
): void {
  if (!Number.isInteger(imageResolution / 32) || imageResolution < 32) {
    throw new RangeError(
      `Cannot build the reconstruction network as imageResolution must be a multiple of 32: current value is ` +
        `${imageResolution}`,
    );
  }
  if (![64, 128, 256].includes(textureResolution)) {
    throw new RangeError(
      `Cannot build the reconstruction network as textureResolution must be 64, 128 or 256: current value is ` +
        `${textureResolution}`,
    );
  }
  for (const [name, value] of Object.entries({ partChannels, classCount })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `Cannot build the reconstruction network as ${name} must be at least 1: current value is ${value}`,
      );
    }
  }
}
