/**
 * Features of a small convolution network with fixed random weights: always there, and sensitive to colour, texture
 * and shape, but without any knowledge of photographs.
 *
 * @module
 */
import { Prng } from "../core/prng.ts";
import { type Tensor, type Tensor4D, tf } from "../core/tensor.ts";
import type { FeatureNetwork } from "./feature_network.ts";
import { sha256 } from "../core/sha256.ts";
import { imageBatch } from "./feature_batches.ts";

const RESOLUTION = 64;
const CHANNELS = [3, 32, 64, 96, 128] as const;
const BATCH = 32;

/** Makes the network; the same weights everywhere. */
export async function randomFeatures(): Promise<FeatureNetwork> {
  const prng = new Prng(20210101, "random features");
  const values = CHANNELS.slice(1).map((channels, layer) => {
    const fanIn = 16 * CHANNELS[layer];
    return prng.normals(fanIn * channels).map((value) => value * Math.sqrt(2 / fanIn)); // [4, 4, I, O]
  });
  const bytes = new Uint8Array(values.reduce((sum, part) => sum + part.byteLength, 0));
  values.reduce((offset, part) => {
    bytes.set(new Uint8Array(part.buffer), offset);
    return offset + part.byteLength;
  }, 0);
  const kernels = values.map((part, i) => tf.keep(tf.tensor4d(part, [4, 4, CHANNELS[i], CHANNELS[i + 1]])));
  const dimensions = CHANNELS.slice(1).reduce((sum, channels) => sum + 2 * channels, 0);
  return {
    name: "random_features",
    origin:
      "a convolution network of four layers with fixed random weights; mean and deviation of each channel",
    weightsHash: await sha256(bytes),
    resolution: RESOLUTION,
    dimensions,
    async features(images) {
      const features = new Float32Array(images.length * dimensions); // [N, D]
      for (let start = 0; start < images.length; start += BATCH) {
        const part = images.slice(start, start + BATCH);
        const batch = imageBatch(part, RESOLUTION);
        const output = tf.tidy(() =>
          forward(tf.tensor4d(batch, [part.length, RESOLUTION, RESOLUTION, 3]), kernels)
        );
        features.set(await output.data<"float32">(), start * dimensions);
        output.dispose();
      }
      return features;
    },
    dispose: () => kernels.forEach((kernel) => kernel.dispose()),
  };
}

function forward(images: Tensor4D, kernels: readonly Tensor4D[]): Tensor {
  let x = images.mul(2).sub(1) as Tensor4D;
  const moments: Tensor[] = [];
  for (const kernel of kernels) {
    x = tf.leakyRelu(tf.conv2d(x, kernel, 2, "same"), 0.2) as Tensor4D;
    const { mean, variance } = tf.moments(x, [1, 2]); // [N, C]
    moments.push(mean, variance.sqrt());
  }
  return tf.concat(moments, 1); // [N, D]
}
