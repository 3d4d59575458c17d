/**
 * Features of the MobileNetV2 that comes inside the npm package `nsfwjs`.
 *
 * Its makers fine-tuned it for another purpose (content filtering); here only the pooled features below its
 * classifier are used. The weights come with the package, so that no download is needed.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { type LayersModel, type Tensor2D, tf } from "../core/tensor.ts";
import type { FeatureNetwork } from "./feature_network.ts";
import { sha256 } from "../core/sha256.ts";
import { imageBatch } from "./feature_batches.ts";

const LAYER = "flatten_1"; // what the last average pooling leaves, in front of the classifier
const BATCH = 16;

/** The parts of the package's model description that are used here. */
interface PackagedModel {
  modelTopology: Record<string, unknown>;
  format?: string;
  weightsManifest: { weights: { name: string }[] }[];
}

/** The network of the package. */
export interface PackagedMobileNet {
  /** All of its layers. */
  readonly whole: LayersModel;
  /** SHA-256 of its weights, hexadecimal. */
  readonly weightsHash: string;
}

/**
 * Reads the network from the package.
 *
 * @throws {UserError} If the package holds something else than expected
 */
export async function readMobileNet(): Promise<PackagedMobileNet> {
  const { MobileNetV2Model } = await import("npm:nsfwjs@4.4.0/models/mobilenet_v2");
  const description = unwrap(await MobileNetV2Model.modelJson()) as PackagedModel;
  const base64 = unwrap(await MobileNetV2Model.weightBundles[0]());
  if (typeof base64 !== "string" || !Array.isArray(description.weightsManifest)) {
    throw new UserError("The package nsfwjs does not hold its MobileNetV2 as text; install version 4.4.0.");
  }
  const weights = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const whole = await tf.loadLayersModel(tf.io.fromMemory({
    modelTopology: description.modelTopology,
    format: description.format,
    weightSpecs: description.weightsManifest.flatMap((group) => group.weights) as never,
    weightData: weights.buffer,
  }));
  return { whole, weightsHash: await sha256(weights) };
}

/**
 * Loads the network's pooled features.
 *
 * @throws {UserError} If the package holds something else than expected
 */
export async function loadMobileNet(): Promise<FeatureNetwork> {
  const { whole, weightsHash } = await readMobileNet();
  const model = tf.model({ inputs: whole.inputs, outputs: whole.getLayer(LAYER).output });
  const resolution = model.inputs[0].shape[1] as number;
  const dimensions = model.outputs[0].shape[1] as number;
  return {
    name: "mobilenet_v2_nsfwjs",
    origin: "MobileNetV2 of the npm package nsfwjs 4.4.0, fine-tuned by its makers for content filtering; " +
      "pooled features below the classifier",
    weightsHash,
    resolution,
    dimensions,
    async features(images) {
      const features = new Float32Array(images.length * dimensions); // [N, D]
      for (let start = 0; start < images.length; start += BATCH) {
        const part = images.slice(start, start + BATCH);
        const output = tf.tidy(() =>
          model.predict(
            tf.tensor4d(imageBatch(part, resolution), [part.length, resolution, resolution, 3]),
          ) as Tensor2D
        );
        features.set(await output.data<"float32">(), start * dimensions);
        output.dispose();
      }
      return features;
    },
    dispose: () => whole.dispose(),
  };
}

/** What a CommonJS module exports, however it was wrapped. */
function unwrap(module: unknown): unknown {
  return (module as { default?: unknown })?.default ?? module;
}
