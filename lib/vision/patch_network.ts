/**
 * What a vision model sees in an image: features of each patch, and of the whole.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import type { ImageModel, ModelArray } from "./image_model.ts";

/** Features of an image. */
export interface PatchFeatures {
  /** Rows and columns of patches, P. */
  readonly side: number;
  /** Features of the patches, row by row, `[P · P, D]`. */
  readonly patches: Float32Array;
  /** Features of the whole image, `[D]`. */
  readonly whole: Float32Array;
}

/** A network that sees features of patches. */
export interface PatchNetwork {
  /** Length of a feature vector, D. */
  readonly dimensions: number;
  /** Rows and columns of patches, P. */
  readonly side: number;
  /**
   * Features of an image.
   *
   * @param image Square image in [0, 1], `[S, S, 3]`
   * @throws {TypeError} If the image has another shape
   */
  features(image: FloatImage): Promise<PatchFeatures>;
  /** Frees it. */
  close(): Promise<void>;
}

/** Names of a model's outputs; "" for the first that suits. */
export interface PatchOutput {
  /** Features of the patches. */
  readonly patches: string;
  /** Tokens of which the first is the whole image's; "" for those of the patches. */
  readonly whole: string;
}

/** How images are brought to a model. */
export interface PatchInput {
  /** Side in pixels, S. */
  readonly size: number;
  /** What is subtracted from values from 0 to 255: red, green, blue. */
  readonly mean: readonly [number, number, number];
  /** What values are divided by then. */
  readonly deviation: readonly [number, number, number];
}

/** Most tokens that stand before those of the patches: that of the class, and registers. */
const MOST_EXTRA = 8;

/** A network in ONNX's format that is open. */
export class OnnxPatchNetwork implements PatchNetwork {
  readonly #model: ImageModel;
  readonly #output: PatchOutput;
  readonly #input: PatchInput;
  readonly dimensions: number;
  readonly side: number;

  private constructor(model: ImageModel, output: PatchOutput, input: PatchInput, layout: Layout) {
    this.#model = model;
    this.#output = output;
    this.#input = input;
    this.dimensions = layout.dimensions;
    this.side = layout.side;
  }

  /**
   * Makes the network of a model, which is run once.
   *
   * @param path File, for messages
   * @throws {UserError} If no output tells features of patches
   */
  static async of(
    model: ImageModel,
    output: PatchOutput,
    input: PatchInput,
    path = "",
  ): Promise<OnnxPatchNetwork> {
    const found = await run(model, new Float32Array(3 * input.size ** 2), input.size);
    const named = Object.entries(found).filter(([name]) => output.patches === "" || name === output.patches);
    for (const [name, array] of named) {
      const layout = layoutOf(array);
      const chosen = { patches: name, whole: output.whole || name };
      if (layout !== null) return new OnnxPatchNetwork(model, chosen, input, layout);
    }
    const known = Object.entries(found).map(([name, { shape }]) => `${name} [${shape}]`).join(", ");
    throw new UserError(
      `Cannot take features from the model ${path}: none of its outputs, ${known}, is [1, N, D] with a vector a patch, ` +
        "or [1, D, P, P]; choose another model",
    );
  }

  /** Side of the images that it takes, S. */
  get resolution(): number {
    return this.#input.size;
  }

  async features(image: FloatImage): Promise<PatchFeatures> {
    const { height, width, channels } = image, { size } = this.#input, { side, dimensions } = this;
    if (channels !== 3 || height !== size || width !== size) {
      throw new TypeError(
        `Cannot find features: the image must be [${size}, ${size}, 3], ` +
          `current value is [${height}, ${width}, ${channels}]`,
      );
    }
    const found = await run(this.#model, networkInput(image, this.#input), size);
    const tokens = tokensOf(found[this.#output.patches]), first = tokensOf(found[this.#output.whole]);
    const count = side * side * dimensions, hasClass = first.length > count;
    const patches = tokens.slice(tokens.length - count); // others come first
    return { side, patches, whole: hasClass ? first.slice(0, dimensions) : meanOf(patches, dimensions) };
  }

  close(): Promise<void> {
    return this.#model.close();
  }
}

/** Numbers of patches and features. */
interface Layout {
  readonly side: number;
  readonly dimensions: number;
}

/** What an array tells of patches; null if it tells nothing of them. */
function layoutOf({ shape }: ModelArray): Layout | null {
  if (shape.length === 4 && shape[2] === shape[3] && shape[1] > 3 && shape[2] > 1) {
    return { side: shape[2], dimensions: shape[1] };
  }
  if (shape.length !== 3) return null;
  const [, count, dimensions] = shape, side = Math.floor(Math.sqrt(count));
  return side > 1 && dimensions > 3 && count - side * side <= MOST_EXTRA ? { side, dimensions } : null;
}

/** An array of features as tokens, `[N, D]`. */
function tokensOf({ data, shape }: ModelArray): Float32Array {
  const values = data as Float32Array;
  if (shape.length === 3) return values;
  const [, dimensions, rows, columns] = shape, count = rows * columns;
  const tokens = new Float32Array(values.length); // [N, D]
  for (let k = 0; k < values.length; k++) tokens[k % count * dimensions + Math.floor(k / count)] = values[k];
  return tokens;
}

function meanOf(tokens: Float32Array, dimensions: number): Float32Array {
  const mean = new Float32Array(dimensions), count = tokens.length / dimensions;
  tokens.forEach((value, k) => mean[k % dimensions] += value / count);
  return mean;
}

function run(
  model: ImageModel,
  data: Float32Array,
  size: number,
): Promise<Readonly<Record<string, ModelArray>>> {
  const isBatch = model.inputShape.length === 4;
  return model.run({ data, shape: [...isBatch ? [1] : [], 3, size, size] });
}

/** Colours as the network takes them, `[3, S, S]`. */
function networkInput({ data }: FloatImage, { size, mean, deviation }: PatchInput): Float32Array {
  const input = new Float32Array(data.length), pixels = size * size;
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < 3; c++) input[c * pixels + p] = (255 * data[3 * p + c] - mean[c]) / deviation[c];
  }
  return input;
}
