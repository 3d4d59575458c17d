/**
 * Inception v3 as a feature network, with the weights of a file that the user has.
 *
 * @module
 */
import { messageOf, UserError } from "../core/errors.ts";
import { readWeights } from "../io/weights_file.ts";
import { tf } from "../core/tensor.ts";
import type { FeatureNetwork } from "./feature_network.ts";
import { sha256 } from "../core/sha256.ts";
import { imageBatch } from "./feature_batches.ts";
import { INCEPTION_DIMENSIONS, INCEPTION_RESOLUTION, InceptionV3 } from "./inception_v3.ts";

/** Beginning of the SHA-256 of torchvision's file, which is also in its name. */
const TORCHVISION_HASH = "0cc3c7bd";
/** Names under which the file is looked for. */
export const INCEPTION_FILES = [
  "cache/inception_v3_google-0cc3c7bd.pth",
  "cache/inception_v3.pth",
  "cache/inception_v3.safetensors",
] as const;
const BATCH = 8;

/** The first of {@linkcode INCEPTION_FILES} that is there, or null. */
export async function findInceptionWeights(): Promise<string | null> {
  for (const path of INCEPTION_FILES) {
    if (await Deno.stat(path).then((entry) => entry.isFile, () => false)) return path;
  }
  return null;
}

/**
 * Loads the network.
 *
 * @param path File of weights: `.pth` of torchvision's `inception_v3`, or its entries as `.safetensors`
 * @throws {UserError} If the file is missing or holds something else
 */
export async function loadInception(path: string): Promise<FeatureNetwork> {
  const bytes = await Deno.readFile(path).catch((error) => {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : messageOf(error);
    throw new UserError(`Cannot read the weights ${path}: ${reason}`, { cause: error });
  });
  const network = new InceptionV3(readWeights(bytes, path), path);
  const weightsHash = await sha256(bytes);
  const isTorchvision = weightsHash.startsWith(TORCHVISION_HASH);
  return {
    name: "inception_v3",
    origin:
      `Inception v3 with ${isTorchvision ? "torchvision's ImageNet weights" : "the weights"} of ${path} ` +
      `(SHA-256 ${weightsHash.slice(0, 8)}…); average of its last maps`,
    weightsHash,
    resolution: INCEPTION_RESOLUTION,
    dimensions: INCEPTION_DIMENSIONS,
    async features(images) {
      const features = new Float32Array(images.length * INCEPTION_DIMENSIONS); // [N, D]
      for (let start = 0; start < images.length; start += BATCH) {
        const part = images.slice(start, start + BATCH);
        const S = INCEPTION_RESOLUTION;
        const output = tf.tidy(() =>
          network.features(tf.tensor4d(imageBatch(part, S), [part.length, S, S, 3]))
        );
        features.set(await output.data<"float32">(), start * INCEPTION_DIMENSIONS);
        output.dispose();
      }
      return features;
    },
    dispose: () => network.dispose(),
  };
}
