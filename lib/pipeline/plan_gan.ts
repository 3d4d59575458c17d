/**
 * What a GAN is built like that trains for some hours.
 *
 * @module
 */
import { type Mode, poseMetadataFile } from "../core/paths.ts";
import type { GanOptions } from "../gan/gan_options.ts";
import { readPoseMetadata } from "../pseudogt/files.ts";
import { openPseudoGroundTruth } from "./pseudogt_runs.ts";

/** Hours from which networks of the preset small learn more than those of the preset demo on a laptop. */
const HOURS_OF_SMALL = 1;
/** Photographs from which batches are larger. */
const MANY = 1000;
/** Sides of textures, the best first. */
const RESOLUTIONS = [512, 256, 128] as const;

/** A plan, and the sentence that tells it. */
export interface GanHoursPlan {
  /** Options, as far as none are given. */
  readonly options: Required<Pick<GanOptions, "preset" | "textureResolution" | "batchSize">>;
  /** What it is, for the message. */
  readonly sentence: string;
}

/**
 * Plans networks, textures and batches for some hours of training.
 *
 * @param hours Hours
 * @param dataset Name of the data set
 * @param mode One template, or several
 * @param run Reconstruction run whose maps are learnt from; null for those that no run made
 * @param given What is decided already
 * @throws {UserError} If there are no poses
 */
export async function planForHours(
  hours: number,
  dataset: string,
  mode: Mode,
  run: string | null,
  given: Pick<GanOptions, "preset" | "textureResolution" | "batchSize">,
): Promise<GanHoursPlan> {
  const preset = given.preset ?? (hours < HOURS_OF_SMALL ? "demo" : "small");
  const textureResolution = given.textureResolution ?? await bestResolution(dataset, mode, run);
  const { ids } = await readPoseMetadata(poseMetadataFile(dataset, mode, run));
  const batchSize = given.batchSize ?? Math.min(ids.length, ids.length < MANY ? 8 : 16);
  return {
    options: { preset, textureResolution, batchSize },
    sentence: `${hours} hours for ${ids.length} photographs: networks of the preset ${preset}, textures of ` +
      `${textureResolution} texels, batches of ${batchSize}.`,
  };
}

/** The best textures that there are maps for. */
async function bestResolution(dataset: string, mode: Mode, run: string | null): Promise<number> {
  for (const resolution of RESOLUTIONS) {
    if ((await openPseudoGroundTruth(dataset, mode, resolution, run)).hasSamples) return resolution;
  }
  return RESOLUTIONS[0];
}
