/**
 * Writing files that PyTorch and NumPy read: `torch.save` in the older format, and arrays of Python objects.
 *
 * @module
 */
import { type NdArray, sizeOf, type TypedArray } from "../../lib/core/arrays.ts";
import { encodeNpyHeader, npyDescription } from "../../lib/io/npy.ts";
import { encodePickle, globalOf, PickleCall, PicklePersistentId } from "./pickle_writer.ts";
import { PickleObject, PickleTuple, type PickleValue } from "./pickle_values.ts";
import { concatBytes } from "../../lib/core/protocol_buffer.ts";
import type { StorageClass } from "./torch_tensor.ts";

/** A tensor to be written. */
export class TensorToWrite extends PickleObject {
  override readonly what = "a tensor";

  /**
   * @param array Values
   * @param half Whether float32 values are written with 16 bits
   */
  constructor(readonly array: NdArray, readonly half = false) {
    super();
    checkSize(array);
  }
}

/** An array of NumPy to be written. */
export class ArrayToWrite extends PickleObject {
  override readonly what = "an array";

  /** @param array Values */
  constructor(readonly array: NdArray) {
    super();
    checkSize(array);
  }
}

function checkSize({ data, shape }: NdArray): void {
  if (data.length !== sizeOf(shape)) {
    throw new TypeError(`Cannot write an array of shape [${shape}]: current value has ${data.length} values`);
  }
}

const REBUILD = globalOf("torch._utils", "_rebuild_tensor_v2");
const LOAD_BYTES = globalOf("torch.storage", "_load_from_bytes");
const ORDERED_DICT = globalOf("collections", "OrderedDict");
const RECONSTRUCT = globalOf("numpy.core.multiarray", "_reconstruct");
const NDARRAY = globalOf("numpy", "ndarray");
const DTYPE = globalOf("numpy", "dtype");

/**
 * The bytes of a file that `torch.load` reads, in the older format, which all versions understand.
 *
 * @param value What is saved; tensors as {@link TensorToWrite}
 * @returns Bytes of the file
 */
export function encodeTorchFile(value: PickleValue): Uint8Array {
  const stored: TensorToWrite[] = [];
  const body = encodePickle(value, {
    protocol: 2,
    replace(object) {
      if (!(object instanceof TensorToWrite)) {
        throw new TypeError(`Cannot write ${object.what} with torch.save`);
      }
      stored.push(object);
      return rebuildCall(object, storageIdOf(object, String(stored.length - 1)));
    },
  });
  const keys = stored.map((_, key) => String(key));
  return concatBytes([
    ...fileStart(),
    body,
    encodePickle(keys, { protocol: 2 }),
    ...stored.flatMap(storageBytes),
  ]);
}

/**
 * The bytes of an `.npy` file with an array of Python objects.
 *
 * @param items Items, row-major; tensors as {@link TensorToWrite}, arrays as {@link ArrayToWrite}
 * @param shape Length of each axis; `[]` holds one item
 * @returns Bytes of the file
 */
export function writeNpyValues(items: readonly PickleValue[], shape: readonly number[]): Uint8Array {
  if (items.length !== sizeOf(shape)) {
    throw new TypeError(`Cannot write objects of shape [${shape}]: current value has ${items.length}`);
  }
  const value = arrayCall(shape, "O8", "|", 63, [...items]);
  return concatBytes([
    encodeNpyHeader("|O", shape),
    encodePickle(value, { protocol: 3, replace: replaceInNumpy }),
  ]);
}

function replaceInNumpy(object: PickleObject): PickleValue {
  if (object instanceof TensorToWrite) {
    const file = concatBytes([
      ...fileStart(),
      encodePickle(storageIdOf(object, "0"), { protocol: 2 }),
      encodePickle(["0"], { protocol: 2 }),
      ...storageBytes(object),
    ]);
    return rebuildCall(object, new PickleCall(LOAD_BYTES, [file]));
  }
  if (!(object instanceof ArrayToWrite)) throw new TypeError(`Cannot write ${object.what} into a NumPy file`);
  const { data, shape } = object.array;
  const description = npyDescription(data);
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return arrayCall(shape, description.slice(1), description[0], 0, raw);
}

function arrayCall(
  shape: readonly number[],
  type: string,
  order: string,
  flags: number,
  content: PickleValue,
): PickleCall {
  const state = new PickleTuple([3, order, null, null, null, -1, -1, flags]);
  const dtype = new PickleCall(DTYPE, [type, false, true], state);
  const empty = [NDARRAY, new PickleTuple([0]), Uint8Array.of(0x62)];
  return new PickleCall(
    RECONSTRUCT,
    empty,
    new PickleTuple([1, new PickleTuple([...shape]), dtype, false, content]),
  );
}

function fileStart(): Uint8Array[] {
  const sizes = new Map<PickleValue, PickleValue>([["short", 2], ["int", 4], ["long", 4]]);
  const system = new Map<PickleValue, PickleValue>([
    ["protocol_version", 1001],
    ["little_endian", true],
    ["type_sizes", sizes],
  ]);
  return [0x1950a86a20f9469cfc6cn, 1001, system].map((value) => encodePickle(value, { protocol: 2 }));
}

function rebuildCall({ array: { shape } }: TensorToWrite, storage: PickleValue): PickleCall {
  const stride: number[] = [];
  shape.reduceRight((step, length) => {
    stride.unshift(step);
    return step * Math.max(1, length);
  }, 1);
  const hooks = new PickleCall(ORDERED_DICT, []);
  return new PickleCall(REBUILD, [
    storage,
    0,
    new PickleTuple([...shape]),
    new PickleTuple(stride),
    false,
    hooks,
  ]);
}

function storageIdOf(tensor: TensorToWrite, key: string): PicklePersistentId {
  const kind = globalOf("torch", storageClass(tensor));
  return new PicklePersistentId(
    new PickleTuple(["storage", kind, key, "cpu", tensor.array.data.length, null]),
  );
}

function storageBytes({ array: { data }, half }: TensorToWrite): Uint8Array[] {
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigInt64(0, BigInt(data.length), true);
  const values = half ? new Float16Array(data as Float32Array) : data;
  return [count, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)];
}

function storageClass({ array: { data }, half }: TensorToWrite): StorageClass {
  const kinds: [abstract new (...args: never[]) => TypedArray, StorageClass][] = [
    [Float32Array, half ? "HalfStorage" : "FloatStorage"],
    [Float64Array, "DoubleStorage"],
    [BigInt64Array, "LongStorage"],
    [Int32Array, "IntStorage"],
    [Int16Array, "ShortStorage"],
    [Int8Array, "CharStorage"],
    [Uint8Array, "ByteStorage"],
  ];
  const found = kinds.find(([kind]) => data instanceof kind);
  if (!found) throw new TypeError(`Cannot write ${data.constructor.name} as a tensor: there is no such type`);
  return found[1];
}
