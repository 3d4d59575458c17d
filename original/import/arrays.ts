/**
 * Taking tensors out of the original's files, and putting ours into their order of axes.
 *
 * @module
 */
import { type FloatImage, floatImage, type NdArray } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { describeValue, type PickleValue } from "../files/pickle_values.ts";
import { TorchTensor } from "../files/torch_tensor.ts";
import { TensorToWrite } from "../files/torch_writer.ts";

/** Entries of a dict in a file, each checked when it is taken. */
export class OriginalDict {
  readonly #dict: Map<PickleValue, PickleValue>;

  /**
   * @param value Value of the file
   * @param path File, for messages
   * @throws {UserError} If the value is no dict
   */
  constructor(value: PickleValue | undefined, readonly path: string) {
    if (!(value instanceof Map)) {
      throw new UserError(`Cannot use ${path}: it must hold a dict, not ${describeValue(value)}`);
    }
    this.#dict = value;
  }

  /** Whether there is such an entry. */
  has(name: string): boolean {
    return this.#dict.has(name);
  }

  /** An entry as it is. */
  value(name: string): PickleValue | undefined {
    return this.#dict.get(name);
  }

  /** Names of all entries. */
  get names(): string[] {
    return [...this.#dict.keys()].map(String);
  }

  /**
   * A tensor.
   *
   * @param name Entry
   * @param shape Lengths of the axes; null where any will do
   * @throws {UserError} If it is missing or has another shape
   */
  tensor(name: string, shape: readonly (number | null)[]): NdArray {
    const value = this.#dict.get(name);
    const fits = value instanceof TorchTensor && value.shape.length === shape.length &&
      shape.every((length, axis) => length === null || length === value.shape[axis]);
    if (!fits) {
      const found = value instanceof TorchTensor ? `[${value.shape}]` : describeValue(value);
      throw new UserError(
        `Cannot use ${this.path}: "${name}" must be a tensor [${shape.map((n) => n ?? "any").join(", ")}], ` +
          `current value is ${found}`,
      );
    }
    return value.toArray();
  }

  /** A tensor's values as float32. */
  floats(name: string, shape: readonly (number | null)[]): Float32Array {
    return Float32Array.from(this.tensor(name, shape).data as ArrayLike<number>, Number);
  }

  /** A tensor's values as integers of 32 bits. */
  ints(name: string, shape: readonly (number | null)[]): Int32Array {
    return Int32Array.from(this.tensor(name, shape).data as ArrayLike<number>, Number);
  }

  /** An image of planes `[C, H, W]`, channels last. */
  planes(name: string, shape: readonly [number | null, number | null, number | null]): FloatImage {
    const { data, shape: [channels, height, width] } = this.tensor(name, shape);
    const image = floatImage(height, width, channels);
    for (let p = 0; p < height * width; p++) {
      for (let c = 0; c < channels; c++) image.data[p * channels + c] = Number(data[c * height * width + p]);
    }
    return image;
  }
}

/** A tensor of planes `[C, H, W]` of images with channels last. */
export function planesToWrite(image: FloatImage, half = false): TensorToWrite {
  const { data, height, width, channels } = image;
  const planes = new Float32Array(data.length); // [C, H, W]
  for (let p = 0; p < height * width; p++) {
    for (let c = 0; c < channels; c++) planes[c * height * width + p] = data[p * channels + c];
  }
  return new TensorToWrite({ data: planes, shape: [channels, height, width] }, half);
}
