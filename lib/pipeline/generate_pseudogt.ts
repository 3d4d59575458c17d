/**
 * Pseudo-ground-truth with its files.
 *
 * @module
 */
import { featureStatisticsFile, type Mode, reconstructionFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { loadFeatureNetwork } from "../metrics/feature_network.ts";
import {
  generatePseudoGroundTruth,
  type PseudoGroundTruthOptions,
  type PseudoGroundTruthResult,
} from "../pseudogt/generate.ts";
import { loadTemplates } from "../templates/load_templates.ts";
import { loadReconstruction } from "../reconstruction/files.ts";
import { realStatisticsOf } from "./feature_statistics.ts";
import { readPosesOf } from "./read_poses.ts";

/** Which photographs are projected, with which network. */
export interface PseudoGroundTruthRequest extends PseudoGroundTruthOptions {
  /** Name of the reconstruction run. */
  name: string;
  /** Name of the data set. */
  dataset: string;
  /** One template or several. */
  mode: Mode;
  /** Checkpoint of the run. */
  whichEpoch?: string;
  /** Whether the statistics of all photographs of the data set are made too, with which generated pictures are compared. */
  statistics?: boolean;
}

/**
 * Projects a data set's posed photographs to UV space, on all cores if nothing else is asked for.
 *
 * @throws {UserError} If inputs are missing or do not belong together
 */
export async function runPseudoGroundTruth(
  request: PseudoGroundTruthRequest,
  callbacks: StageCallbacks = {},
): Promise<PseudoGroundTruthResult> {
  const { name, dataset: datasetName, whichEpoch = "latest", statistics = false, ...options } = request;
  const dataset = await openDataset(datasetName);
  const templates = await loadTemplates(dataset.category, options.mode);
  const poses = await readPosesOf(dataset, options.mode, templates);
  const trained = await loadReconstruction(reconstructionFolder(name), whichEpoch);
  try {
    const result = await generatePseudoGroundTruth(dataset, poses, trained, {
      workers: null,
      ...options,
    }, callbacks);
    if (statistics) await makeStatistics(dataset, callbacks);
    return result;
  } finally {
    trained.network.dispose();
  }
}

/** Statistics of all photographs, those without a pose too, as the original makes them. */
async function makeStatistics(dataset: Dataset, callbacks: StageCallbacks): Promise<void> {
  const { onMessage, signal } = callbacks;
  const network = await loadFeatureNetwork("auto", callbacks);
  try {
    const { recipe } = await realStatisticsOf(dataset, network, { onMessage, signal });
    onMessage?.(
      `Statistics of ${recipe.numImages} photographs: ${featureStatisticsFile(dataset.name, network.name)}`,
    );
  } finally {
    network.dispose();
  }
}
