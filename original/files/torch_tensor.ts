/**
 * Tensors of PyTorch's files: views of storages, read when they are asked for.
 *
 * @module
 */
import { type NdArray, sizeOf, type TypedArray } from "../../lib/core/arrays.ts";
import type { ByteBudget } from "../../lib/io/byte_budget.ts";
import { PickleObject } from "./pickle_values.ts";

/** Types of values by the class of their storage. */
export const STORAGE_TYPES = {
  DoubleStorage: { dtype: "float64", itemBytes: 8 },
  FloatStorage: { dtype: "float32", itemBytes: 4 },
  HalfStorage: { dtype: "float16", itemBytes: 2 },
  BFloat16Storage: { dtype: "bfloat16", itemBytes: 2 },
  LongStorage: { dtype: "int64", itemBytes: 8 },
  IntStorage: { dtype: "int32", itemBytes: 4 },
  ShortStorage: { dtype: "int16", itemBytes: 2 },
  CharStorage: { dtype: "int8", itemBytes: 1 },
  ByteStorage: { dtype: "uint8", itemBytes: 1 },
  BoolStorage: { dtype: "bool", itemBytes: 1 },
} as const;

/** Class of a storage. */
export type StorageClass = keyof typeof STORAGE_TYPES;
/** Type of a tensor's values. */
export type TorchDtype = (typeof STORAGE_TYPES)[StorageClass]["dtype"];

/** A row of values that tensors look at. */
export class TorchStorage extends PickleObject {
  override readonly what = "a PyTorch storage";
  /** Raw values, lowest byte first; in a legacy file they follow after the tensors. */
  bytes: Uint8Array | null = null;

  /**
   * @param kind Class of the storage
   * @param count Number of values
   */
  constructor(readonly kind: StorageClass, readonly count: number) {
    super();
  }

  /** Bytes of all values. */
  get byteLength(): number {
    return this.count * STORAGE_TYPES[this.kind].itemBytes;
  }
}

/** A tensor. */
export class TorchTensor extends PickleObject {
  override readonly what = "a PyTorch tensor";
  readonly #budget: ByteBudget;
  #array: NdArray | null = null;

  /**
   * @param storage Values
   * @param offset Place of the first one
   * @param shape Length of each axis
   * @param stride Values between neighbours along each axis
   * @param budget Memory that the file may take
   * @throws {RangeError} If the tensor leaves its storage
   */
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly stride: readonly number[],
    budget: ByteBudget,
  ) {
    super();
    this.#budget = budget;
    const numbers = [offset, ...shape, ...stride];
    if (!numbers.every((n) => Number.isSafeInteger(n) && n >= 0) || shape.length !== stride.length) {
      throw new RangeError(`a tensor has offset ${offset}, shape [${shape}] and stride [${stride}]`);
    }
    if (shape.length > 64) {
      throw new RangeError(`a tensor must have 64 axes or fewer: current value is ${shape.length}`);
    }
    const last = shape.includes(0)
      ? -1
      : shape.reduce((sum, axis, i) => sum + (axis - 1) * stride[i], offset);
    if (!(last < storage.count)) {
      throw new RangeError(
        `a tensor of shape [${shape}] ends at value ${last} of a storage that has ${storage.count}`,
      );
    }
  }

  /** Type of the values. */
  get dtype(): TorchDtype {
    return STORAGE_TYPES[this.storage.kind].dtype;
  }

  /**
   * The values, row-major; the same object each time. float16 and bfloat16 become float32, bool bytes of 0 and 1.
   *
   * @throws {RangeError} If the file's tensors would take more memory than its size explains
   */
  toArray(): NdArray {
    return this.#array ??= { data: this.#read(), shape: this.shape };
  }

  #read(): TypedArray {
    const size = sizeOf(this.shape);
    const { itemBytes } = STORAGE_TYPES[this.storage.kind];
    this.#budget.take(size * Math.max(4, itemBytes), "a tensor");
    const bytes = this.storage.bytes;
    if (bytes === null) throw new RangeError("a tensor's values are missing");
    const gathered = new Uint8Array(size * itemBytes);
    if (isContiguous(this.shape, this.stride)) {
      const start = size === 0 ? 0 : this.offset * itemBytes;
      gathered.set(bytes.subarray(start, start + gathered.length));
    } else {
      this.#gather(bytes, itemBytes, gathered);
    }
    return decode(this.dtype, gathered.buffer);
  }

  /** Copies values one by one in row-major order. */
  #gather(bytes: Uint8Array, itemBytes: number, out: Uint8Array): void {
    const { shape, stride } = this;
    const index = new Array<number>(shape.length).fill(0);
    let source = this.offset;
    for (let at = 0; at < out.length; at += itemBytes) {
      for (let k = 0; k < itemBytes; k++) out[at + k] = bytes[source * itemBytes + k];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        source += stride[axis];
        if (++index[axis] < shape[axis]) break;
        source -= stride[axis] * shape[axis];
        index[axis] = 0;
      }
    }
  }
}

function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  let wanted = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== wanted) return shape.includes(0);
    wanted *= shape[axis];
  }
  return true;
}

function decode(dtype: TorchDtype, buffer: ArrayBuffer): TypedArray {
  switch (dtype) {
    case "float64":
      return new Float64Array(buffer);
    case "float32":
      return new Float32Array(buffer);
    case "float16":
      return Float32Array.from(new Float16Array(buffer));
    case "bfloat16":
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    case "int64":
      return new BigInt64Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "int16":
      return new Int16Array(buffer);
    case "int8":
      return new Int8Array(buffer);
    case "uint8":
      return new Uint8Array(buffer);
    case "bool":
      return new Uint8Array(buffer).map((value) => value ? 1 : 0);
  }
}
