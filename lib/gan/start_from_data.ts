/**
 * Generators that start from the data.
 *
 * @module
 */
import type { GanModel } from "./gan_model.ts";
import { dataStart } from "./data_start.ts";
import type { UvDataset } from "./uv_dataset.ts";
import type { GanOptions } from "./gan_options.ts";
import type { Exemplars } from "./exemplars/exemplars.ts";

/**
 * Sets what the generators of a model start from, where they start from the data, and lets them settle.
 *
 * @param model The model
 * @param dataset The UV maps, with the texels that generators make
 * @param options Batch size and seed of the run
 * @returns Objects that lend their detail; null for none
 */
export async function startFromData(
  model: GanModel,
  dataset: UvDataset,
  { batchSize, seed }: Pick<Required<GanOptions>, "batchSize" | "seed">,
): Promise<Exemplars | null> {
  if (!model.networks.startFromMean) return null;
  const start = await dataStart(dataset, model.networks, seed);
  await model.setStart(start);
  model.settle(batchSize, seed);
  return start.exemplars;
}
