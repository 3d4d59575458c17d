/**
 * What images that no generator made reach beside photographs that a run has not seen.
 *
 * @module
 */
import type { StageCallbacks } from "../../lib/core/progress.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { coarseFeatures } from "../../lib/metrics/coarse_features.ts";
import type { FeatureNetwork } from "../../lib/metrics/feature_network.ts";
import { frechetDistance } from "../../lib/metrics/frechet_distance.ts";
import { compareFeatures, type FeatureComparison } from "../../lib/gan/image_features.ts";
import {
  computeRealStatistics,
  datasetImages,
  type ImageSource,
  type RealStatistics,
} from "../../lib/gan/real_statistics.ts";

/** What images that no generator made reach. */
export interface ReferenceFigures {
  /** Fréchet distance to the unseen photographs. */
  readonly distance: number;
  /** KID, or null. */
  readonly kernel: number | null;
  /** Share that looks like unseen photographs, or null. */
  readonly precision: number | null;
  /** Share of the unseen photographs that is covered, or null. */
  readonly recall: number | null;
  /** The same of images without fine detail, or null. */
  readonly coarseRecall: number | null;
}

/** Side of the blocks of pixels whose means are coarse images. */
export const COARSE_FACTOR = 8;

/** A feature network, and the unseen photographs in its features. */
export interface Side {
  readonly network: FeatureNetwork;
  readonly real: RealStatistics;
}

/** All features, and those of coarse images. */
export type Sides = readonly [Side, Side];

/** The unseen photographs in the features of a network. */
export async function sidesOf(
  network: FeatureNetwork,
  heldOut: ImageSource,
  callbacksOf: (what: string) => StageCallbacks,
): Promise<Sides> {
  const sideOf = async (network: FeatureNetwork): Promise<Side> => ({
    network,
    real: await computeRealStatistics(heldOut, network, callbacksOf("unseen photographs")),
  });
  return [await sideOf(network), await sideOf(coarseFeatures(network, COARSE_FACTOR))];
}

/** A comparison of images. */
export type Comparison = FeatureComparison & { readonly distance: number };

/** A comparison in all features and in those of coarse images. */
export async function referenceFigures(
  compare: (side: Side) => Promise<Comparison>,
  [fine, coarse]: Sides,
): Promise<ReferenceFigures> {
  const { distance, kernel, precision, recall } = await compare(fine);
  return { distance, kernel, precision, recall, coarseRecall: (await compare(coarse)).recall };
}

/** As many photographs of the training as there are unseen ones, evenly chosen, beside these. */
export async function comparePhotographs(
  seen: Dataset,
  { network, real }: Side,
  callbacks: StageCallbacks,
): Promise<Comparison> {
  const count = Math.min(real.config.numImages, seen.length);
  const rows = Array.from({ length: count }, (_, i) => Math.floor(i * seen.length / count));
  const found = await computeRealStatistics(datasetImages(seen, seen.name, rows), network, callbacks);
  return {
    distance: frechetDistance(found.statistics, real.statistics),
    ...compareFeatures(found.features, real.features, network.dimensions),
  };
}
