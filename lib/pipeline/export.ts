/**
 * Export of a GAN run with its files.
 *
 * @module
 */
import { ganFolder, poseMetadataFile } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { readGanSettings } from "../gan/files.ts";
import { needsReals } from "../gan/generate_samples.ts";
import { checkDataset } from "./evaluate.ts";
import { type ExportResult, exportSamples, type ExportSamplesOptions } from "./export_samples.ts";
import { openUvDatasetOf, recordedRun } from "./pseudogt_runs.ts";
import { readPoseMetadata } from "../pseudogt/files.ts";

/** Which run is exported. */
export interface ExportRequest extends ExportSamplesOptions {
  /** Name of the run. */
  name: string;
  /** Data set of a run that was imported without its name. */
  dataset?: string;
  /** Reconstruction run whose poses are taken for a run that was imported. */
  pseudogtRun?: string;
}

/**
 * Writes meshes that a run's generator makes to `output/<name>/`.
 *
 * @throws {UserError} If the run or its pose table are missing
 */
export async function runExport(
  request: ExportRequest,
  callbacks: StageCallbacks = {},
): Promise<ExportResult> {
  const { name, dataset: given, pseudogtRun = null, ...options } = request;
  const settings = checkDataset(await readGanSettings(ganFolder(name), given), name);
  const { classNames } = await openDataset(settings.dataset);
  const { dataset: data, mode, networks } = settings, run = await recordedRun(settings, name, pseudogtRun);
  const poses = await readPoseMetadata(poseMetadataFile(data, mode, run));
  const dataset = needsReals(networks) ? await openUvDatasetOf(settings, run) : undefined;
  return await exportSamples({ name, poses, classNames, dataset }, options, callbacks);
}
