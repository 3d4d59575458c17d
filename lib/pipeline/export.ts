/**
 * Export of a GAN run with its files.
 *
 * @module
 */
import { join } from "@std/path";
import { ganFolder, outputFolder, poseMetadataFile } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { type ExportResult, exportSamples, type ExportSamplesOptions } from "../gan/export_samples.ts";
import { needsReals, readGanSettings } from "../gan/sampling.ts";
import { checkDataset } from "./evaluate.ts";
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
  await removeOld(outputFolder(name));
  return await exportSamples({ name, poses, classNames, dataset }, options, callbacks);
}

/** Removes what an earlier export left: it may have had more meshes, or other formats. */
async function removeOld(folder: string): Promise<void> {
  const ours = /^(mesh_\d+\.(glb|obj|mtl|png|webp)|interpolation\.(webp|png)|samples\.(png|json))$/;
  try {
    for (const { name } of Array.from(Deno.readDirSync(folder))) {
      if (ours.test(name)) await Deno.remove(join(folder, name));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
