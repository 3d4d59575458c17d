/**
 * Giving poses, pseudo-ground-truth and statistics back in the original's files.
 *
 * @module
 */
import "../register.ts";
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { type Mode, poseMetadataFile, posesFile, pseudoGroundTruthFolder } from "../../lib/core/paths.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { rgbaImage } from "../../lib/datasets/rgba_image.ts";
import { writeFileAtomic } from "../../lib/io/atomic_file.ts";
import { readSafetensors } from "../../lib/io/safetensors.ts";
import { readPoseEstimates } from "../../lib/pose/files.ts";
import { readPoseMetadata, readUvSample, uvSampleFile } from "../../lib/pseudogt/files.ts";
import { type ImportedFile, inceptionStatisticsFile } from "./import_original.ts";
import {
  encodeOriginalMetadata,
  encodeOriginalPoses,
  encodeOriginalStatistics,
  encodeOriginalUvSample,
} from "./files.ts";
import { pseudoGroundTruthRuns } from "../../lib/pipeline/pseudogt_runs.ts";
import { exists } from "../../lib/io/exists.ts";

/** Side of the photograph in the original's pseudo-ground-truth. */
const PHOTOGRAPH_SIDE = 299;
/** Textures that are looked for, in texels. */
const TEXTURE_SIDES = [64, 128, 256, 512, 1024];

/**
 * Writes what our stages made of a data set as the original's files.
 *
 * @param to Folder that stands for the original's; files go to `cache/<dataset>` in it
 * @param dataset Name of the data set
 * @param callbacks Progress in files
 * @returns One entry for each file or folder
 * @throws {UserError} If there is nothing to give back, or a file cannot be read
 */
export async function exportOriginal(
  to: string,
  dataset: string,
  callbacks: StageCallbacks = {},
): Promise<ImportedFile[]> {
  const target = join(to, "cache", dataset);
  const entries: ImportedFile[] = [];
  for (const mode of ["singletpl", "multitpl"] as const) {
    const poses = posesFile(dataset, mode);
    if (await exists(poses)) {
      const read = await readPoseEstimates(poses);
      const file = join(target, `poses_estimated_${mode}.bin`);
      await writeFileAtomic(file, encodeOriginalPoses(read));
      entries.push({ from: poses, to: file, note: `${read.indices.length} poses` });
    }
    const [run] = await pseudoGroundTruthRuns(dataset, mode); // the original knows one of a data set
    if (run !== undefined) {
      entries.push(...await exportPseudoGroundTruth(target, { dataset, mode, run }, callbacks));
    }
  }
  const statistics = inceptionStatisticsFile(dataset);
  if (await exists(statistics)) entries.push(await exportStatistics(statistics, target));
  if (entries.length === 0) {
    throw new UserError(
      `Nothing to give back of ${dataset}: there is neither ${
        posesFile(dataset, "singletpl")
      } nor pseudo-ground-truth`,
    );
  }
  return entries;
}

async function exportPseudoGroundTruth(
  target: string,
  { dataset: name, mode, run }: { dataset: string; mode: Mode; run: string | null },
  callbacks: StageCallbacks,
): Promise<ImportedFile[]> {
  const source = poseMetadataFile(name, mode, run);
  const metadata = await readPoseMetadata(source);
  const dataset = await openDataset(name);
  const rows = metadata.ids.map((id) => rowOf(dataset, id));
  const file = join(target, `poses_metadata_${mode}.npz`);
  await writeFileAtomic(
    file,
    encodeOriginalMetadata(metadata, rows.map((row) => dataset.records[row].imagePath)),
  );
  const entries: ImportedFile[] = [{ from: source, to: file, note: `${rows.length} poses` }];
  for (const side of TEXTURE_SIDES) {
    const from = pseudoGroundTruthFolder(name, side, mode, run);
    if (!await exists(uvSampleFile(from, 0))) continue;
    const folder = join(target, `pseudogt_${side}x${side}_${mode}`);
    for (const [i, row] of rows.entries()) {
      throwIfStopped(callbacks.signal, "The export");
      const maps = await readUvSample(uvSampleFile(from, i));
      const photograph = rgbaImage(await dataset.sample(row, PHOTOGRAPH_SIDE));
      await writeFileAtomic(join(folder, `${i}.npz`), encodeOriginalUvSample(maps, photograph));
      callbacks.onProgress?.({ done: i + 1, total: rows.length });
    }
    entries.push({ from, to: folder, note: `${rows.length} photographs` });
  }
  return entries;
}

/** Record of a photograph: by its id, or by its path where the table was the original's. */
function rowOf(dataset: Dataset, id: string): number {
  const row = dataset.records.findIndex((record) => record.id === id);
  const byPath = row >= 0
    ? row
    : dataset.records.findIndex(({ imagePath }) => imagePath === id || imagePath.endsWith(`/${id}`));
  if (byPath >= 0) return byPath;
  throw new UserError(
    `Cannot give back the pose of ${id}: the data set ${dataset.name} has no such photograph any more`,
  );
}

async function exportStatistics(source: string, target: string): Promise<ImportedFile> {
  const { arrays: { stats_m: mean, stats_s: covariance }, metadata } = await readSafetensors(source);
  const config = JSON.parse(metadata.recipe ?? "{}");
  if (!mean || !covariance || !(config.numImages > 0)) {
    throw new UserError(`Cannot give back ${source}: it lacks stats_m, stats_s or the number of images`);
  }
  const file = join(target, "precomputed_fid_299x299.npz");
  const statistics = {
    count: config.numImages,
    mean: Float64Array.from(mean.data as ArrayLike<number>),
    covariance: Float64Array.from(covariance.data as ArrayLike<number>),
  };
  const { numImages, resolution } = config;
  await writeFileAtomic(file, encodeOriginalStatistics({ statistics, numImages, resolution }));
  return { from: source, to: file, note: `statistics of ${numImages} images` };
}
