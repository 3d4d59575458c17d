/**
 * The feature network of an evaluation and the statistics of a data set's real images, made once and kept.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { featureStatisticsFile } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import {
  computeRealStatistics,
  datasetImages,
  type ImageSource,
  readRealStatistics,
  type RealStatistics,
  writeRealStatistics,
} from "../gan/real_statistics.ts";
import type { FeatureNetwork } from "../metrics/feature_network.ts";
import { exists } from "../io/exists.ts";

/**
 * Statistics of a data set's images: read from its cache folder, or made and written there. Statistics of another
 * selection of images are recomputed.
 */
export async function realStatisticsOf(
  dataset: Dataset,
  network: FeatureNetwork,
  callbacks: StageCallbacks = {},
): Promise<RealStatistics> {
  const path = featureStatisticsFile(dataset.name, network.name);
  return await statisticsOf(path, datasetImages(dataset), network, callbacks);
}

/**
 * Statistics of the images of one class: those of the class's own data set where the data set joins several, else of its
 * images in the data set.
 *
 * @throws {UserError} If there is no image of the class
 */
export async function classStatisticsOf(
  dataset: Dataset,
  className: string,
  network: FeatureNetwork,
  callbacks: StageCallbacks = {},
): Promise<RealStatistics> {
  const classIndex = dataset.classNames.indexOf(className);
  const member = dataset.members?.[classIndex];
  if (member !== undefined) return await realStatisticsOf(await openDataset(member), network, callbacks);
  const rows = dataset.records.flatMap((record, row) => record.classIndex === classIndex ? [row] : []);
  if (classIndex < 0 || rows.length === 0) {
    throw new UserError(
      `'filterClass' must be a class with images, one of ${dataset.classNames.join(", ")}; ` +
        `current value is ${className}.`,
    );
  }
  const path = featureStatisticsFile(dataset.name, `${network.name}_${className}`);
  const source = datasetImages(dataset, `${dataset.name}, ${className}`, rows);
  return await statisticsOf(path, source, network, callbacks);
}

async function statisticsOf(
  path: string,
  source: ImageSource,
  network: FeatureNetwork,
  callbacks: StageCallbacks,
): Promise<RealStatistics> {
  if (await exists(path)) {
    const stored = await readRealStatistics(path, network);
    const { numImages, weightsHash } = stored.config;
    // The original's statistics may be of photographs that are not here.
    if (numImages === source.length || weightsHash === "") return stored;
    callbacks.onMessage?.(
      `${path} was made of ${numImages} images, now there are ${source.length}: it is recomputed.`,
    );
  }
  const statistics = await computeRealStatistics(source, network, callbacks);
  await writeRealStatistics(path, statistics);
  return await readRealStatistics(path, network); // as later calls see them, to the last bit
}
