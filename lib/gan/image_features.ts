/**
 * Features of rendered objects, collected and compared with those of real images.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { FeatureNetwork } from "../metrics/feature_network.ts";
import { FeatureAccumulator } from "../metrics/feature_statistics.ts";
import { frechetDistance } from "../metrics/frechet_distance.ts";
import { kid } from "../metrics/kid.ts";
import { meanPairDistance, precisionRecall } from "../metrics/precision_recall.ts";
import { KEPT_FEATURES, type RealStatistics } from "./real_statistics.ts";

/** What two sets of images are compared by besides the Fréchet distance. */
export interface FeatureComparison {
  /** KID; null where the features of the real ones are not there. */
  readonly kernel: number | null;
  /** Share of the images that look like real ones, or null. */
  readonly precision: number | null;
  /** Share of the real images that they cover, or null. */
  readonly recall: number | null;
  /** Mean distance between the features of two images. */
  readonly diversity: number;
  /** The same of two real images, or null. */
  readonly realDiversity: number | null;
}

/** Images in features, added batch by batch. */
export class ImageFeatures {
  readonly #network: FeatureNetwork;
  readonly #real: RealStatistics;
  readonly #accumulator: FeatureAccumulator;
  readonly #kept: Float32Array; // [K, D]
  #count = 0;

  /**
   * Makes an empty collection.
   *
   * @param network Feature network, the one of `real`
   * @param real What is compared with
   * @param length Images that will be added
   */
  constructor(network: FeatureNetwork, real: RealStatistics, length: number) {
    this.#network = network;
    this.#real = real;
    this.#accumulator = new FeatureAccumulator(network.dimensions, real.statistics.mean);
    this.#kept = new Float32Array(Math.min(length, KEPT_FEATURES) * network.dimensions);
  }

  /**
   * Adds images.
   *
   * @param images Images in [0, 1], each `[S, S, 3]` with the network's S
   */
  async add(images: readonly FloatImage[]): Promise<void> {
    const features = await this.#network.features(images), D = this.#network.dimensions;
    this.#accumulator.add(features);
    const free = this.#kept.length - this.#count * D;
    if (free > 0) this.#kept.set(features.subarray(0, free), this.#count * D);
    this.#count += images.length;
  }

  /** Fréchet distance to the real images. */
  distance(): number {
    return frechetDistance(this.#accumulator.statistics(), this.#real.statistics);
  }

  /**
   * KID to other real images.
   *
   * @param features Their features, `[M, D]`, two at least
   */
  kidTo(features: Float32Array): number {
    return kid(this.#kept, features, this.#network.dimensions);
  }

  /** What else tells them from the real ones. */
  compare(): FeatureComparison {
    return compareFeatures(this.#kept, this.#real.features, this.#network.dimensions);
  }
}

/**
 * What needs the features themselves; fewer than 5 on a side tell nothing.
 *
 * @param fake Features, `[N, D]`
 * @param real Features, `[M, D]`
 * @param dimensions D
 */
export function compareFeatures(
  fake: Float32Array,
  real: Float32Array,
  dimensions: number,
): FeatureComparison {
  const diversity = meanPairDistance(fake, dimensions);
  if (Math.min(fake.length, real.length) < 5 * dimensions) {
    return { kernel: null, precision: null, recall: null, diversity, realDiversity: null };
  }
  return {
    kernel: kid(fake, real, dimensions),
    ...precisionRecall(fake, real, dimensions),
    diversity,
    realDiversity: meanPairDistance(real, dimensions),
  };
}
