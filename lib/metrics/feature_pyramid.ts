/**
 * Distance of two pictures in the feature maps of a network, from fine to coarse ("LP").
 *
 * After Zhang, Isola, Efros, Shechtman and Wang, "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric",
 * 2018, without weights learned from people's judgements.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { readMobileNet } from "./mobilenet_features.ts";
import { checkPictures, overGrey } from "./picture_likeness.ts";

/** What the first blocks of a quarter, an eighth, a sixteenth and a thirty-second of the picture's side hand on. */
const LAYERS = [
  "block_1_project_BN",
  "block_3_project_BN",
  "block_6_project_BN",
  "block_13_project_BN",
] as const;
/** Pairs that are compared at once. */
const BATCH = 4;
/** Added to the length of features, against division by 0. */
const EPSILON = 1e-6;

/** A render, its photograph, and the photograph's mask. */
export interface PicturePair {
  /** Render over mid grey in [0, 1], `[S, S, 3]`. */
  readonly render: FloatImage;
  /** Colours of the object in [0, 1], not multiplied by the mask, `[S, S, 3]`. */
  readonly photograph: FloatImage;
  /** Share of the object in each pixel, `[S, S, 1]`. */
  readonly mask: FloatImage;
}

/** A network whose feature maps compare pictures. */
export interface FeaturePyramid {
  /** One sentence on where it comes from. */
  readonly origin: string;
  /** Side of the pictures that it sees; others are resized. */
  readonly resolution: number;
  /**
   * Distances inside the masks, both pictures over mid grey: at each position the squared distance of the features of unit
   * length, averaged over positions by their share of the mask, then over the four layers.
   *
   * @param pairs Pictures
   * @returns 0 for equal pictures, 2 for unrelated features, at most 4, `[N]`; `NaN` for an empty mask
   * @throws {TypeError} If a shape does not match
   */
  distances(pairs: readonly PicturePair[]): Promise<number[]>;
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
        const part = pairs.slice(start, start + BATCH).map((pair) => fit(pair, resolution));
        const distances = tf.tidy(() => {
          const pictures = part.flatMap(({ render, photograph }) => [render, photograph]);
          const maps = model.predict(stack(pictures, resolution).mul(2).sub(1)) as Tensor4D[];
          const mask = stack(part.map(({ mask }) => mask), resolution);
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

/** The pair over mid grey, in the network's size. */
function fit({ render, photograph, mask }: PicturePair, resolution: number): PicturePair {
  checkPictures("compare pictures by features", render, photograph, mask);
  return {
    render: resized(overGrey(render, mask), resolution),
    photograph: resized(overGrey(photograph, mask), resolution),
    mask: resized(mask, resolution),
  };
}

/** Means over the area of each new pixel, so that nothing is lost between sizes that are alike. */
function resized(image: FloatImage, size: number): FloatImage {
  if (image.height === size && image.width === size) return image;
  const across = floatImage(image.height, size, image.channels), out = floatImage(size, size, image.channels);
  const { channels } = image;
  areaMeans(
    image.data,
    across.data,
    image.width,
    size,
    channels,
    image.height,
    image.width * channels,
    size * channels,
  );
  areaMeans(across.data, out.data, image.height, size, size * channels, 1, 0, 0);
  return out;
}

/** Area means along lines of `from` entries of `depth` values, to lines of `to` entries. */
function areaMeans(
  source: ArrayLike<number>,
  target: Float32Array,
  from: number,
  to: number,
  depth: number,
  lines: number,
  sourceStride: number,
  targetStride: number,
): void {
  const factor = from / to;
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < to; i++) {
      const start = i * factor, end = Math.min(from, start + factor);
      for (let j = Math.floor(start); j < end; j++) {
        const weight = (Math.min(end, j + 1) - Math.max(start, j)) / factor;
        const s = line * sourceStride + j * depth, t = line * targetStride + i * depth;
        for (let c = 0; c < depth; c++) target[t + c] += weight * source[s + c];
      }
    }
  }
}

function stack(images: readonly FloatImage[], size: number): Tensor4D {
  const { channels } = images[0], length = size * size * channels;
  const data = new Float32Array(images.length * length); // [N, S, S, C]
  images.forEach((image, i) => data.set(image.data, i * length));
  return tf.tensor4d(data, [images.length, size, size, channels]);
}
