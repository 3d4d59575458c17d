/**
 * The feature network of an evaluation and the statistics of a data set's real pictures, made once and kept.
 *
 * @module
 */
import { featureStatisticsFile } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import {
  computeRealStatistics,
  datasetPictures,
  readRealStatistics,
  type RealStatistics,
  writeRealStatistics,
} from "../gan/real_statistics.ts";
import type { FeatureNetwork } from "../metrics/feature_network.ts";
import { exists } from "./result_file.ts";

/**
 * Statistics of a data set's pictures: read from its cache folder, or made and written there. Statistics of another
 * selection of pictures are made anew.
 */
export async function realStatisticsOf(
  dataset: Dataset,
  network: FeatureNetwork,
  callbacks: StageCallbacks = {},
): Promise<RealStatistics> {
  const path = featureStatisticsFile(dataset.name, network.name);
  if (await exists(path)) {
    const stored = await readRealStatistics(path, network);
    if (stored.recipe.numImages === dataset.length) return stored;
    callbacks.onMessage?.(
      `${path} was made of ${stored.recipe.numImages} pictures, now there are ${dataset.length}: it is made anew.`,
    );
  }
  const statistics = await computeRealStatistics(datasetPictures(dataset), network, callbacks);
  await writeRealStatistics(path, statistics);
  return await readRealStatistics(path, network); // as later calls see them, to the last bit
}
