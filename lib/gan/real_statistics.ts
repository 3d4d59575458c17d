/**
 * Features of the real photographs, which generated images are compared with.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { toUnitColours } from "../core/unit_colours.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import type { FeatureNetwork } from "../metrics/feature_network.ts";
import { FeatureAccumulator, type FeatureStatistics } from "../metrics/feature_statistics.ts";

/** How statistics were made; two sets compare only if these agree. */
export interface StatisticsConfig {
  /** Feature network. */
  readonly featureNetwork: string;
  /** SHA-256 of its weights; empty where the statistics are the original's, which does not tell. */
  readonly weightsHash: string;
  /** Side of the images. */
  readonly resolution: number;
  /** Where the images come from. */
  readonly dataset: string;
  /** Number of images. */
  readonly numImages: number;
}

/** Statistics of the real photographs. */
export interface RealStatistics {
  /** How they were made. */
  readonly config: StatisticsConfig;
  /** Mean and covariance. */
  readonly statistics: FeatureStatistics;
  /** Features of the first images, `[K, D]`, for KID, precision and recall; the original has none. */
  readonly features: Float32Array;
}

/** Images in [0, 1] with mid grey behind the object. */
export interface ImageSource {
  /** Name of the data set. */
  readonly name: string;
  /** Number of images. */
  readonly length: number;
  /** An image, `[S, S, 3]`. */
  image(index: number, resolution: number): Promise<FloatImage>;
}

/** Most features that are kept. */
export const KEPT_FEATURES = 1000;
const BATCH = 16;

/**
 * The photographs of a data set, cropped, on mid grey.
 *
 * @param dataset The data set
 * @param name What the statistics shall say that they are of
 * @param rows Records to take; all if not given
 */
export function datasetImages(
  dataset: Dataset,
  name: string = dataset.name,
  rows?: readonly number[],
): ImageSource {
  return {
    name,
    length: rows?.length ?? dataset.length,
    async image(index, resolution) {
      const { image } = await dataset.sample(rows ? rows[index] : index, resolution);
      return toUnitColours(image);
    },
  };
}

/**
 * Finds the statistics of images.
 *
 * @param source The images
 * @param network Feature network
 * @param callbacks Progress and stop
 * @throws {UserError} If there are fewer than two images
 */
export async function computeRealStatistics(
  source: ImageSource,
  network: FeatureNetwork,
  callbacks: StageCallbacks = {},
): Promise<RealStatistics> {
  const { resolution, dimensions } = network;
  if (source.length < 2) {
    throw new UserError(
      `The data set ${source.name} has ${source.length} images; statistics of real images need at least 2.`,
    );
  }
  const accumulator = new FeatureAccumulator(dimensions);
  const features = new Float32Array(Math.min(source.length, KEPT_FEATURES) * dimensions); // [K, D]
  for (let start = 0; start < source.length; start += BATCH) {
    const indices = Array.from({ length: Math.min(BATCH, source.length - start) }, (_, i) => start + i);
    const part = await network.features(
      await Promise.all(indices.map((index) => source.image(index, resolution))),
    );
    accumulator.add(part);
    const free = features.length - start * dimensions;
    if (free > 0) features.set(part.subarray(0, free), start * dimensions);
    callbacks.onProgress?.({ done: start + indices.length, total: source.length });
    throwIfStopped(callbacks.signal, "Reading the real images");
  }
  return {
    config: {
      featureNetwork: network.name,
      weightsHash: network.weightsHash,
      resolution,
      dataset: source.name,
      numImages: source.length,
    },
    statistics: accumulator.statistics(),
    features,
  };
}

/** Writes statistics: mean, covariance as a float32 lower triangle, features, and the config as metadata `recipe`. */
export async function writeRealStatistics(path: string, real: RealStatistics): Promise<void> {
  const { mean, covariance } = real.statistics;
  const D = mean.length;
  const lower = Float32Array.from(covariance, (value, i) => i % D <= Math.floor(i / D) ? value : 0);
  await writeSafetensors(path, {
    stats_m: { data: Float32Array.from(mean), shape: [D] },
    stats_s: { data: lower, shape: [D, D] },
    features: { data: real.features, shape: [real.features.length / D, D] },
  }, { recipe: JSON.stringify(real.config) });
}

/**
 * Reads statistics.
 *
 * @param path File
 * @param network Feature network that the other side is made with
 * @throws {UserError} If the file is missing or damaged, or was made with another network or size
 */
export async function readRealStatistics(path: string, network: FeatureNetwork): Promise<RealStatistics> {
  const { arrays, metadata } = await readSafetensors(path);
  const config = JSON.parse(metadata.recipe ?? "null") as StatisticsConfig | null;
  const { stats_m: m, stats_s: s, features } = arrays;
  if (!config || !m || !s) {
    throw new UserError(
      `Cannot read ${path}: it lacks recipe, stats_m or stats_s; delete it to recompute it.`,
    );
  }
  const isOriginal = config.weightsHash === "" && config.featureNetwork === "inception_v3";
  for (
    const [name, found, wanted] of [
      ["feature network", config.featureNetwork, network.name],
      ["weights", isOriginal ? network.weightsHash : config.weightsHash, network.weightsHash],
      ["resolution", config.resolution, network.resolution],
    ]
  ) {
    if (found !== wanted) {
      throw new UserError(
        `Cannot compare with ${path}: its ${name} is ${found}, current value is ${wanted}; delete it to recompute it.`,
      );
    }
  }
  const D = m.data.length;
  const lower = s.data as Float32Array;
  const covariance = new Float64Array(D * D); // [D, D]
  for (let i = 0; i < D; i++) {
    for (let j = 0; j <= i; j++) covariance[i * D + j] = covariance[j * D + i] = lower[i * D + j];
  }
  return {
    config,
    statistics: { count: config.numImages, mean: Float64Array.from(m.data as Float32Array), covariance },
    features: features ? features.data as Float32Array : new Float32Array(0),
  };
}
