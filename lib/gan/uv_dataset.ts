/**
 * The data that the GAN learns from: UV maps and poses of one data set.
 *
 * @module
 */
import * as v from "valibot";
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import type { Mode } from "../core/paths.ts";
import { shrinkImage } from "../core/shrink_image.ts";
import { readJson } from "../io/json_file.ts";
import {
  type PoseMetadata,
  readPoseMetadata,
  readUvSample,
  type UvSample,
  uvSampleFile,
} from "../pseudogt/files.ts";

const SETTINGS = v.looseObject({ pseudogt: v.optional(v.string()) });

/** Pseudo-ground-truth of one data set. */
export interface UvDataset {
  /** Name of the data set. */
  readonly name: string;
  /** One template, or several. */
  readonly mode: Mode;
  /** Reconstruction run that made the maps; not there if none did. */
  readonly run?: string;
  /** Number of posed photographs, N. */
  readonly length: number;
  /** Side of the textures, R. */
  readonly resolution: number;
  /** Number of classes: the largest index plus 1. */
  readonly classes: number;
  /** Poses of the photographs. */
  readonly poses: PoseMetadata;
  /** Whether the UV maps are there; without them only evaluation and export are possible. */
  readonly hasSamples: boolean;
  /**
   * UV maps of a photograph.
   *
   * @throws {UserError} If the file is missing, damaged, of another resolution, or shows nothing
   */
  sample(index: number): Promise<UvSample>;
}

/** Where a data set's files are. */
export interface UvDatasetFiles {
  /** Table of poses. */
  metadata: string;
  /** Folder of the UV maps. */
  folder: string;
  /** Reconstruction run that made them; null or not there if none did. */
  run?: string | null;
}

/**
 * Opens the pseudo-ground-truth of a data set.
 *
 * @param name Name of the data set
 * @param mode One template, or several
 * @param resolution Side of the textures, R
 * @param files Where the files are, as `openPseudoGroundTruth` of the pipeline knows
 * @throws {UserError} If the table is missing, or if there are files but not one for each of its rows, or of another way
 */
export async function openUvDataset(
  name: string,
  mode: Mode,
  resolution: number,
  files: UvDatasetFiles,
): Promise<UvDataset> {
  const poses = await readPoseMetadata(files.metadata);
  const length = poses.ids.length;
  const count = await countSamples(files.folder);
  if (count !== 0 && count !== length) {
    throw new UserError(
      `Cannot use ${files.folder}: it must hold one file for each of the ${length} rows of ${files.metadata}, ` +
        `current value is ${count}; run generate_pseudogt again.`,
    );
  }
  if (count > 0) await checkWay(files, poses);
  return {
    name,
    mode,
    ...(files.run && { run: files.run }),
    length,
    resolution,
    classes: poses.classIndex.reduce((largest, index) => Math.max(largest, index), 0) + 1,
    poses,
    hasSamples: count > 0,
    async sample(index) {
      const path = uvSampleFile(files.folder, index);
      const sample = await readUvSample(path);
      checkSample(path, sample, resolution);
      return sample;
    },
  };
}

/**
 * The same objects with fewer texels.
 *
 * @param dataset The data set
 * @param resolution Rows and columns, R or R / 2ⁿ
 */
export function withResolution(dataset: UvDataset, resolution: number): UvDataset {
  const factor = dataset.resolution / resolution;
  if (factor === 1) return dataset;
  return {
    ...dataset,
    resolution,
    async sample(index) {
      const { texture, alpha, completed, ...sample } = await dataset.sample(index);
      return {
        ...sample,
        texture: shrinkImage(texture, factor),
        alpha: shrinkImage(alpha, factor),
        ...(completed && { completed: shrinkImage(completed, factor) }),
      };
    },
  };
}

/**
 * The same objects, of which some are read once only.
 *
 * @param dataset The data set
 * @param rows Rows of those that are kept in memory
 */
export function keepingRows(dataset: UvDataset, rows: readonly number[]): UvDataset {
  const kept = new Map<number, UvSample>(), wanted = new Set(rows);
  return {
    ...dataset,
    async sample(index) {
      const sample = kept.get(index) ?? await dataset.sample(index);
      if (wanted.has(index)) kept.set(index, sample);
      return sample;
    },
  };
}

/** The table is common to all resolutions: maps that were made in another way belong to other poses. */
async function checkWay({ folder, metadata }: UvDatasetFiles, { way }: PoseMetadata): Promise<void> {
  const path = join(folder, "settings.json");
  if (way === undefined || !await Deno.stat(path).catch(() => null)) return; // imported, or of an earlier version
  const settings = await readJson(path, SETTINGS, "settings of the pseudo-ground-truth");
  if (settings.pseudogt === undefined || settings.pseudogt === way) return;
  throw new UserError(
    `Cannot use ${folder} with the poses of ${metadata}: its maps are ${settings.pseudogt}, the poses those of ${way} ` +
      `maps of another resolution; run generate_pseudogt --pseudogt ${settings.pseudogt} again.`,
  );
}

function checkSample(path: string, sample: UvSample, resolution: number): void {
  if (sample.texture.width !== resolution || sample.texture.height !== resolution) {
    throw new UserError(
      `Cannot train with ${path}: its texture must be ${resolution} × ${resolution}, current value is ` +
        `${sample.texture.height} × ${sample.texture.width}; run generate_pseudogt --pseudogt_resolution ${resolution}.`,
    );
  }
  if (!sample.alpha.data.some((value) => value > 0)) {
    throw new UserError(
      `Cannot train with ${path}: the photograph ${sample.id} shows no texel of its object (alpha is 0 everywhere); ` +
        "run generate_pseudogt again with 'skipInvalid', or remove the photograph.",
    );
  }
}

async function countSamples(folder: string): Promise<number> {
  let count = 0;
  try {
    for await (const { name } of Deno.readDir(folder)) if (/^\d+\.safetensors$/.test(name)) count++;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return count;
}
