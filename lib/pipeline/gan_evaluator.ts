/**
 * Evaluations of a GAN while it trains: FID or FD(network) and KID to the photographs, and images of what it makes.
 *
 * @module
 */
import type { Dataset } from "../datasets/dataset.ts";
import { evaluateGenerator } from "../gan/evaluate_generator.ts";
import type { GanCallbacks } from "../gan/gan_callbacks.ts";
import type { RealStatistics } from "../gan/real_statistics.ts";
import type { UvDataset } from "../gan/uv_dataset.ts";
import type { FeatureNetwork } from "../metrics/feature_network.ts";
import { realStatisticsOf } from "./feature_statistics.ts";
import { ganImages } from "./gan_images.ts";
import type { RunLog } from "./run_log.ts";

/**
 * Makes the function that training evaluates with; scalars and images go to the log.
 *
 * @param photographs Real photographs
 * @param uvDataset UV maps and poses
 * @param network Network in whose features is compared
 * @param options `samples`: most generated images; `hybrids`: whether textures and meshes are evaluated alone, too;
 *   `images`: whether images are drawn for the log; `seed`: seed of those
 * @param log Callbacks of the run's log
 */
export async function ganEvaluator(
  photographs: Dataset,
  uvDataset: UvDataset,
  network: FeatureNetwork,
  { samples: most, hybrids, images, seed }: {
    readonly samples: number;
    readonly hybrids: boolean;
    readonly images: boolean;
    readonly seed: number;
  },
  log: RunLog["callbacks"],
): Promise<NonNullable<GanCallbacks["onEvaluate"]>> {
  const { onMessage, signal } = log;
  const real = await realStatisticsOf(photographs, network, { onMessage, signal });
  const samples = Math.min(most, real.config.numImages);
  const prefix = network.name === "inception_v3" ? "fid" : "distance";
  return async ({ average, iteration, heldOut }) => {
    const lastStep = Math.max(0, iteration - 1);
    const found = await evaluateGenerator(average, uvDataset, real, network, {
      hybrids,
      samples,
      others: heldOutFeatures(photographs, real, uvDataset.poses.ids, heldOut),
    }, { signal });
    const { combined, textureOnly, meshOnly, kernel, diversity, realDiversity, others = {} } = found;
    const scalars: Record<string, number | null> = {
      [`${prefix}/combined`]: combined,
      [`${prefix}/texture_only`]: textureOnly,
      [`${prefix}/mesh_only`]: meshOnly,
      [`${prefix}/kernel`]: kernel,
      "diversity/generated": diversity,
      "diversity/real": realDiversity,
      ...Object.fromEntries(
        Object.entries(others).map(([name, value]) => [`${prefix}/kernel_${name}`, value]),
      ),
    };
    const known = Object.entries(scalars).filter((entry): entry is [string, number] => entry[1] !== null);
    log.onScalars?.(lastStep, Object.fromEntries(known));
    if (images) {
      const grids = await ganImages(average, { dataset: uvDataset, photographs, seed });
      for (const [tag, image] of Object.entries(grids)) log.onImage(lastStep, tag, image);
    }
    return { distance: combined, diversity, realDiversity };
  };
}

/** Features of the photographs that are learned from and of those held out, as far as both are kept; else none. */
function heldOutFeatures(
  photographs: Dataset,
  { features, statistics }: RealStatistics,
  posed: readonly string[],
  heldOut: readonly string[],
): Record<string, Float32Array> {
  const D = statistics.mean.length, isHeld = new Set(heldOut);
  const indexOf = new Map(
    photographs.records.slice(0, features.length / D).map(({ id }, index) => [id, index]),
  );
  const featuresOf = (ids: readonly string[]) => {
    const known = ids.map((id) => indexOf.get(id)).filter((index) => index !== undefined);
    return Float32Array.from(known.flatMap((index) => [...features.subarray(index * D, (index + 1) * D)]));
  };
  const sets = { held_out: featuresOf(heldOut), training: featuresOf(posed.filter((id) => !isHeld.has(id))) };
  return Object.values(sets).every(({ length }) => length >= 2 * D) ? sets : {};
}
