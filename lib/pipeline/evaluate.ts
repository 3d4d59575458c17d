/**
 * Evaluation of a GAN run with its files.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { ganFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { evaluateCheckpoints, type EvaluateCheckpointsOptions } from "./evaluate_checkpoints.ts";
import { type EvaluationEntry, readGanSettings } from "../gan/files.ts";
import { type GanSettings, UNKNOWN_DATASET } from "../gan/gan_settings.ts";
import type { FeatureNetworkName } from "../metrics/feature_network.ts";
import { loadFeatureNetwork } from "../metrics/load_feature_network.ts";
import { openUvDatasetOf, recordedRun } from "./pseudogt_runs.ts";
import { classStatisticsOf, realStatisticsOf } from "./feature_statistics.ts";

/**
 * The settings of a run whose data set is known.
 *
 * @throws {UserError} If it is not
 */
export function checkDataset(settings: GanSettings, name: string): GanSettings {
  if (settings.dataset !== UNKNOWN_DATASET) return settings;
  throw new UserError(
    `The run ${name} was imported from a file that does not tell its data set; give it with 'dataset: NAME'.`,
  );
}

/** Which run is evaluated. */
export interface EvaluateRequest extends EvaluateCheckpointsOptions {
  /** Name of the run. */
  name: string;
  /** Data set of a run that was imported without its name. */
  dataset?: string;
  /** Reconstruction run whose poses are taken for a run that was imported. */
  pseudogtRun?: string;
  /** Feature network. */
  featureNetwork?: FeatureNetworkName | "auto";
  /** File of Inception v3's weights. */
  featureWeights?: string;
}

/**
 * Measures the distance between a run's generated pictures and the real ones.
 *
 * @returns One result per truncation
 * @throws {UserError} If the run or its data are missing
 */
export async function runEvaluation(
  request: EvaluateRequest,
  callbacks: StageCallbacks = {},
): Promise<EvaluationEntry[]> {
  const { name, dataset: given, pseudogtRun = null, featureNetwork = "auto", featureWeights, ...options } =
    request;
  const folder = ganFolder(name);
  const settings = checkDataset(await readGanSettings(folder, given), name);
  const dataset = await openDataset(settings.dataset);
  const uvDataset = await openUvDatasetOf(settings, await recordedRun(settings, name, pseudogtRun));
  const { onMessage, signal } = callbacks;
  const network = await loadFeatureNetwork(featureNetwork, {
    onMessage,
    inceptionWeights: featureWeights,
  });
  try {
    const real = options.filterClass
      ? await classStatisticsOf(dataset, options.filterClass, network, { onMessage, signal })
      : await realStatisticsOf(dataset, network, { onMessage, signal });
    const inputs = { folder, dataset: uvDataset, classNames: dataset.classNames, real, network };
    return await evaluateCheckpoints(inputs, options, callbacks);
  } finally {
    network.dispose();
  }
}
