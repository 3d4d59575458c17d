/**
 * Evaluation of a GAN run with its files.
 *
 * @module
 */
import { name, optionalName } from "../core/common_options.ts";
import { type Option, option, type OptionsInput } from "../core/option.ts";
import { featureWeights } from "../gan/sample_options.ts";
import { featureNetwork } from "../metrics/feature_network_option.ts";
import { UserError } from "../core/errors.ts";
import { ganFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { EVALUATE_CHECKPOINTS_OPTIONS, evaluateCheckpoints } from "./evaluate_checkpoints.ts";
import { type EvaluationEntry, readGanSettings } from "../gan/files.ts";
import { type GanSettings, UNKNOWN_DATASET } from "../gan/gan_settings.ts";
import { loadFeatureNetwork } from "../metrics/load_feature_network.ts";
import { openUvDatasetOf, recordedRun } from "./pseudogt_runs.ts";
import { classStatisticsOf, realStatisticsOf } from "./feature_statistics.ts";

/** Data set of a run, if the run does not tell it. */
export const datasetOfRun: Option<string, "optional"> = optionalName(
  "Name of the data set; without the flag that of the run.",
);

/** Reconstruction run whose maps a GAN was trained with, if its run does not tell it. */
export const mapsOfRun: Option<string, "optional"> = option.text({
  doc:
    "Reconstruction run whose poses are taken for a GAN that was imported; if left out those that no run made, else " +
    "those of the GAN's own name.",
});

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

/** Options of the task `evaluate`. */
export const EVALUATE_OPTIONS = {
  name,
  dataset: datasetOfRun,
  pseudogtRun: mapsOfRun,
  ...EVALUATE_CHECKPOINTS_OPTIONS,
  featureNetwork,
  featureWeights,
} as const;

/**
 * Measures FID or FD(network), KID, precision and recall of a run's generated images.
 *
 * @returns One result per truncation
 * @throws {UserError} If the run or its data are missing
 */
export async function runEvaluation(
  request: OptionsInput<typeof EVALUATE_OPTIONS>,
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
