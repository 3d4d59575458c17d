/**
 * Export of a GAN run with its files.
 *
 * @module
 */
import { name } from "../core/common_options.ts";
import type { OptionsInput } from "../core/option.ts";
import { ganFolder, poseMetadataFile } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { readGanSettings } from "../gan/files.ts";
import { needsReals } from "../gan/generate_samples.ts";
import { checkDataset, datasetOfRun, mapsOfRun } from "./evaluate.ts";
import { EXPORT_SAMPLES_OPTIONS, type ExportResult, exportSamples } from "./export_samples.ts";
import { openUvDatasetOf, recordedRun } from "./pseudogt_runs.ts";
import { readPoseMetadata } from "../pseudogt/files.ts";

/** Options of the task `export`. */
export const EXPORT_OPTIONS = {
  name,
  dataset: datasetOfRun,
  pseudogtRun: mapsOfRun,
  ...EXPORT_SAMPLES_OPTIONS,
} as const;

/**
 * Writes meshes that a run's generator makes to `output/<name>/`.
 *
 * @throws {UserError} If the run or its pose table are missing
 */
export async function runExport(
  request: OptionsInput<typeof EXPORT_OPTIONS>,
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
