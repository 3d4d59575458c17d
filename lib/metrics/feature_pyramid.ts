/**
 * Distance of two images in the feature maps of a network, from fine to coarse ("LP").
 *
 * After Zhang, Isola, Efros, Shechtman and Wang, "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric",
 * 2018, without weights learned from people's judgements.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { readMobileNet } from "./mobilenet_features.ts";
import { checkImages, maskedOverGrey } from "./psnr.ts";

/** What the last residual blocks of 24, 32, 64 and 160 channels hand on: a 4th, 8th, 16th and 32nd of the side. */
const LAYERS = ["block_2_add", "block_5_add", "block_9_add", "block_15_add"] as const;
/** Pairs that are compared at once. */
const BATCH = 4;
/** Added to the length of features, against division by 0. */
const EPSILON = 1e-6;

/** A render, its photograph, and the photograph's mask. */
export interface ImagePair {
  /** Render over mid grey in [0, 1], `[S, S, 3]`. */
  readonly render: FloatImage;
  /** Colours of the object in [0, 1], not multiplied by the mask, `[S, S, 3]`. */
  readonly photograph: FloatImage;
  /** Share of the object in each pixel, `[S, S, 1]`. */
  readonly mask: FloatImage;
}

/** A network whose feature maps compare images. */
export interface FeaturePyramid {
  /** One sentence on where it comes from. */
  readonly origin: string;
  /** Side of the images that it sees; others are resized. */
  readonly resolution: number;
  /**
   * Distances inside the masks, both images over mid grey: at each position the squared distance of the features of unit
   * length, averaged over positions by their share of the mask, then over the four layers.
   *
   * @param pairs Images
   * @returns 0 for equal images, 2 for unrelated features, at most 4, `[N]`; `NaN` for an empty mask
   * @throws {TypeError} If a shape does not match
   */
  distances(pairs: readonly ImagePair[]): Promise<number[]>;
  /** Frees its weights. */
  dispose(): void;
}

/**
 * Loads the pyramid of the MobileNetV2 that comes with the package `nsfwjs`.
 *
 * @throws {UserError} If the package holds something else than expected
 */
export async function loadFeaturePyramid(): Promise<FeaturePyramid> {
  const { whole } = await readMobileNet();
  const names = new Set(whole.layers.map(({ name }) => name));
  const missing = LAYERS.filter((name) => !names.has(name));
  if (missing.length > 0) {
    throw new UserError(
      `The MobileNetV2 of the package nsfwjs has no layer ${missing[0]}; install version 4.4.0.`,
    );
  }
  const outputs = LAYERS.map((name) => whole.getLayer(name).output as never);
  const model = tf.model({ inputs: whole.inputs, outputs });
  const resolution = model.inputs[0].shape[1] as number;
  return {
    origin: "four layers of the MobileNetV2 of the npm package nsfwjs 4.4.0",
    resolution,
    async distances(pairs) {
      const found: number[] = [];
      for (let start = 0; start < pairs.length; start += BATCH) {
        const part = pairs.slice(start, start + BATCH);
        const distances = tf.tidy(() => {
          const parts = part.map((pair) => pairTensors(pair, resolution));
          const images = tf.concat(parts.map(({ images }) => images)) as Tensor4D; // [2N, S, S, 3]
          const mask = tf.concat(parts.map(({ mask }) => mask)) as Tensor4D; // [N, S, S, 1]
          const maps = model.predict(images.mul(2).sub(1)) as Tensor4D[];
          const layers = maps.map((features) => maskedDistance(features, mask));
          return tf.stack(layers).mean(0); // [N]
        });
        found.push(...await distances.data<"float32">());
        distances.dispose();
      }
      return found;
    },
    dispose: () => whole.dispose(),
  };
}

/**
 * Weighted mean of squared distances of unit features.
 *
 * @param features Maps of render and photograph in turn, `[2N, h, w, C]`
 * @param mask `[N, S, S, 1]`
 * @returns `[N]`
 */
function maskedDistance(features: Tensor4D, mask: Tensor4D): Tensor2D {
  const [both, h, w, channels] = features.shape, factor = mask.shape[1] / h;
  const unit = features.div(features.square().sum(-1, true).sqrt().add(EPSILON)); // [2N, h, w, C]
  const [rendered, observed] = tf.unstack(unit.reshape([both / 2, 2, h, w, channels]), 1); // [N, h, w, C]
  const squares = tf.squaredDifference(rendered, observed).sum(-1, true); // [N, h, w, 1]
  const weights = tf.avgPool(mask, factor, factor, "valid"); // [N, h, w, 1]
  return squares.mul(weights).sum([1, 2, 3]).div(weights.sum([1, 2, 3])) as Tensor2D;
}

/** Render and photograph over mid grey, `[2, S, S, 3]`, and the mask, `[1, S, S, 1]`, in the network's size. */
function pairTensors({ render, photograph, mask }: ImagePair, resolution: number) {
  checkImages("compare images by features", render, photograph, mask);
  const size = [mask.height, mask.width] as const;
  const resized = (images: readonly FloatImage[], channels: number): Tensor4D => {
    const data = new Float32Array(images.length * size[0] * size[1] * channels); // [N, H, W, C]
    images.forEach((image, i) => data.set(image.data, i * image.data.length));
    const tensor = tf.tensor4d(data, [images.length, ...size, channels]);
    return tf.image.resizeBilinear(tensor, [resolution, resolution], false, true);
  };
  return {
    images: resized([maskedOverGrey(render, mask), maskedOverGrey(photograph, mask)], 3),
    mask: resized([mask], 1),
  };
}
