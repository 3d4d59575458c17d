/**
 * A batch as the tensors of a training step.
 *
 * @module
 */
import { type Tensor2D, tf } from "../core/tensor.ts";
import { batchShare } from "../training/batch_share.ts";
import { baseResolution, type GanNetworks } from "./gan_networks.ts";
import type { ResolvedGanOptions } from "./gan_options.ts";
import { DISPLACEMENT_RESOLUTION } from "./generator_options.ts";
import { trainingLatents } from "./latent.ts";
import { PART_MAP_SIDE } from "./part_maps.ts";
import type { UvBatch } from "./uv_batches.ts";

/**
 * A batch as tensors, with the latent codes of a step; of several processes each has its share.
 *
 * @param batch UV maps
 * @param iteration Steps that were made
 * @param networks Build of the networks
 * @param options Seed, batch size and length of the latent codes
 */
export function batchTensors(
  { texture, alpha, map, parts, classIndices }: UvBatch,
  iteration: number,
  networks: GanNetworks,
  { seed, batchSize, latentDim }: Pick<ResolvedGanOptions, "seed" | "batchSize" | "latentDim">,
) {
  const { classes, parts: P = 0 } = networks, R = baseResolution(networks);
  const { start, length: B } = batchShare(batchSize);
  const latents = trainingLatents(seed, iteration, batchSize, latentDim);
  const oneHot = () => tf.cast(tf.oneHot([...classIndices], classes), "float32") as Tensor2D;
  return {
    latent: tf.tensor2d(latents.subarray(start * latentDim, (start + B) * latentDim), [B, latentDim]),
    oneHot: classes > 0 ? tf.tidy(oneHot) : null,
    parts: parts ? tf.tensor4d(parts, [B, PART_MAP_SIDE, PART_MAP_SIDE, P]) : null,
    alpha: tf.tensor4d(alpha, [B, R, R, 1]),
    texture: tf.tensor4d(texture, [B, R, R, 3]),
    map: tf.tensor4d(map, [B, DISPLACEMENT_RESOLUTION, DISPLACEMENT_RESOLUTION, 3]),
  };
}
