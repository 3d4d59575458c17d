/**
 * What a perfect generator would reach: the objects that it learns from, compared with real images.
 *
 * @module
 */
import { resolveOptions } from "../../lib/core/option.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import {
  EVALUATE_GENERATOR_OPTIONS,
  type EvaluateGeneratorOptions,
  evaluationConfig,
} from "../../lib/gan/evaluate_generator.ts";
import { ImageFeatures } from "../../lib/gan/image_features.ts";
import type { RealStatistics } from "../../lib/gan/real_statistics.ts";
import { overGrey, poseOfRow, renderSample } from "../../lib/gan/sampling.ts";
import type { UvDataset } from "../../lib/gan/uv_dataset.ts";
import type { FeatureNetwork } from "../../lib/metrics/feature_network.ts";
import type { Comparison } from "./reference_figures.ts";

/**
 * Compares the objects of the training, each in its own pose, with real images.
 *
 * @param dataset Poses and UV maps; completed textures count where there are any
 * @param real Statistics of the real images
 * @param network Feature network, the one of `real`
 * @param options Convention of the images; as many as a generator's are taken, evenly spread
 * @param symmetric Whether textures and maps are laid out as even reflections
 * @param callbacks Progress and stop
 * @returns Fréchet distance and the rest
 */
export async function evaluateObjects(
  dataset: UvDataset,
  real: RealStatistics,
  network: FeatureNetwork,
  options: EvaluateGeneratorOptions,
  symmetric: boolean,
  callbacks: StageCallbacks = {},
): Promise<Comparison> {
  const { samples, resolution: size, supersample, perspective } = evaluationConfig(
    dataset,
    real,
    network,
    options,
  );
  const count = Math.min(samples, dataset.length),
    { batchSize } = resolveOptions(EVALUATE_GENERATOR_OPTIONS, options);
  const features = new ImageFeatures(network, real, count);
  for (let start = 0; start < count; start += batchSize) {
    const rows = Array.from(
      { length: Math.min(batchSize, count - start) },
      (_, i) => Math.floor((start + i) * dataset.length / count),
    );
    const images = await Promise.all(rows.map(async (row) => {
      const { displacementMap, completed, texture } = await dataset.sample(row);
      const pose = poseOfRow(dataset.poses, row, perspective);
      return overGrey(
        renderSample(displacementMap, completed ?? texture, pose, { size, supersample, symmetric }),
      );
    }));
    await features.add(images);
    callbacks.onProgress?.({ done: start + rows.length, total: count });
    throwIfStopped(callbacks.signal, "The evaluation");
  }
  return { distance: features.distance(), ...features.compare() };
}
