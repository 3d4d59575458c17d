/**
 * Refinement of photographs whose poses nothing has estimated: from a network's predictions.
 *
 * @module
 */
import type { Sample } from "../datasets/dataset.ts";
import { reconstructImages } from "../networks/reconstruct_images.ts";
import { partPresence, type TrainedReconstruction } from "../reconstruction/files.ts";
import type { RefinedObject } from "../refinement/files.ts";
import { PhotographRefiner } from "../refinement/refine_photograph.ts";
import { type PhotographSource, readerOf } from "../refinement/refine_task.ts";
import { findPose } from "./find_pose.ts";
import { startOf } from "./refine.ts";

/** Refines one photograph, which it reads at any resolution, or as the source says that tells its own size. */
export type UnposedRefiner = (
  id: string,
  read: (resolution: number) => Promise<Sample>,
  source?: PhotographSource,
) => Promise<RefinedObject>;

/**
 * Makes the function that refines single photographs: a network predicts shape and texture, the pose is found by them, and
 * both are refined to the photograph.
 *
 * @param trained Network of a run
 * @param options `shape`: whether shape and pose are fitted too, true by default
 */
export function refineUnposed(
  { network, state }: TrainedReconstruction,
  options: { readonly shape?: boolean } = {},
): UnposedRefiner {
  const refiner = new PhotographRefiner(options);
  return async (id, read, photograph = read) => {
    const sample = await read(network.config.imageResolution);
    const [predicted] = await reconstructImages(network, [sample], partPresence(state));
    const prediction = startOf(predicted), pose = await findPose(prediction, read);
    return await refiner.refine({ id, photograph: readerOf(photograph), pose, prediction });
  };
}
