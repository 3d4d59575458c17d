/**
 * Tensors of the C library: made from and read into JavaScript's arrays.
 *
 * @module
 */
import { sizeOf } from "../../core/arrays.ts";
import { type Bytes, bytesAt, encodeText, withBuffer } from "./c_memory.ts";
import { DATA_TYPES, dataTypeName, elementBytes } from "./data_types.ts";
import { stringTensorMessage } from "./protobuf.ts";
import type { Status } from "./status.ts";
import type { TensorFlowSymbols } from "./symbols.ts";

/** Values as they come from the kernel layer. */
export type TensorValues =
  | ArrayLike<number>
  | ArrayLike<bigint>
  | ArrayLike<boolean>
  | readonly (string | Uint8Array)[];

/** Values as they are read. */
export type ReadValues = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | Uint8Array[];

const STRING_ELEMENT_BYTES = 24;

/**
 * Makes a tensor. The caller owns the returned `TFE_TensorHandle`.
 *
 * @throws {TypeError} If the type is not supported or the number of values does not fit the shape
 */
export function createTensorHandle(
  symbols: TensorFlowSymbols,
  status: Status,
  shape: readonly number[],
  dataType: number,
  values: TensorValues,
): bigint {
  const tensor = dataType === DATA_TYPES.string
    ? stringTensor(symbols, status, shape, values as readonly (string | Uint8Array)[])
    : numericTensor(symbols, shape, dataType, valueBytes(shape, dataType, values));
  const handle = symbols.TFE_NewTensorHandle(tensor, status.pointer);
  symbols.TF_DeleteTensor(tensor); // the handle holds a reference of its own
  status.check(() => `make a tensor of shape [${shape}]`);
  return handle;
}

/**
 * The raw bytes of numeric values, checked against the shape.
 *
 * @throws {TypeError} If the type is not supported or the number of values does not fit the shape
 */
export function valueBytes(shape: readonly number[], dataType: number, values: TensorValues): Bytes {
  const needed = sizeOf(shape) * elementBytes(dataType);
  if (elementBytes(dataType) === 0) {
    throw new TypeError(
      `Cannot make a tensor: its type must have a fixed size, current value is ${dataTypeName(dataType)}`,
    );
  }
  const array = typedValues(dataType, values);
  if (array.byteLength !== needed) {
    throw new TypeError(
      `Cannot make a ${dataTypeName(dataType)} tensor of shape [${shape}]: it needs ${needed} bytes, ` +
        `current value is ${array.byteLength} bytes`,
    );
  }
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
}

function typedValues(dataType: number, values: TensorValues): ArrayBufferView {
  const numbers = values as ArrayLike<number>;
  switch (dataType) {
    case DATA_TYPES.float32:
    case DATA_TYPES.complex64:
      return values instanceof Float32Array ? values : Float32Array.from(numbers);
    case DATA_TYPES.float64:
      return values instanceof Float64Array ? values : Float64Array.from(numbers);
    case DATA_TYPES.int32:
      return values instanceof Int32Array ? values : Int32Array.from(numbers);
    case DATA_TYPES.int64: // the kernel layer hands over one int64 as two 32-bit words
      if (values instanceof Int32Array || values instanceof BigInt64Array) return values;
      return BigInt64Array.from(numbers, (value) => BigInt(value));
    default:
      return values instanceof Uint8Array ? values : Uint8Array.from(numbers, Number);
  }
}

function numericTensor(
  symbols: TensorFlowSymbols,
  shape: readonly number[],
  dataType: number,
  bytes: Bytes,
): Deno.PointerValue {
  const lengths = BigInt64Array.from([...shape, 0], BigInt); // one spare: a buffer argument must not be empty
  const tensor = symbols.TF_AllocateTensor(dataType, lengths, shape.length, BigInt(bytes.length));
  if (bytes.length > 0) bytesAt(symbols.TF_TensorData(tensor), bytes.length).set(bytes);
  return tensor;
}

/** Strings go in as a message, so that TensorFlow owns and frees them. */
function stringTensor(
  symbols: TensorFlowSymbols,
  status: Status,
  shape: readonly number[],
  values: readonly (string | Uint8Array)[],
): Deno.PointerValue {
  const strings = Array.from(values, (value) => typeof value === "string" ? encodeText(value) : value);
  if (strings.length !== sizeOf(shape)) {
    throw new TypeError(
      `Cannot make a string tensor of shape [${shape}]: it needs ${sizeOf(shape)} strings, ` +
        `current value is ${strings.length} strings`,
    );
  }
  const message = stringTensorMessage(DATA_TYPES.string, shape, strings);
  const tensor = symbols.TF_AllocateTensor(DATA_TYPES.uint8, new BigInt64Array(1), 1, 0n);
  withBuffer(message, (buffer) => symbols.TF_TensorFromProto(buffer, tensor, status.pointer));
  try {
    status.check(() => `make a string tensor of shape [${shape}]`);
  } catch (error) {
    symbols.TF_DeleteTensor(tensor);
    throw error;
  }
  return tensor;
}

/**
 * Copies a tensor's values out.
 *
 * @throws {TypeError} If the type cannot be read
 */
export function readTensorHandle(
  symbols: TensorFlowSymbols,
  status: Status,
  handle: bigint,
): ReadValues {
  const dataType = symbols.TFE_TensorHandleDataType(handle);
  if (dataType !== DATA_TYPES.string && elementBytes(dataType) === 0) {
    throw new TypeError(`Cannot read a tensor's values: its type is ${dataTypeName(dataType)}`);
  }
  const tensor = symbols.TFE_TensorHandleResolve(handle, status.pointer);
  status.check(() => "read a tensor's values");
  try {
    const length = Number(symbols.TF_TensorByteSize(tensor)), data = symbols.TF_TensorData(tensor);
    if (dataType === DATA_TYPES.string) return readStrings(symbols, data, length / STRING_ELEMENT_BYTES);
    const bytes = new ArrayBuffer(length);
    if (length > 0) Deno.UnsafePointerView.copyInto(data!, new Uint8Array(bytes));
    switch (dataType) {
      case DATA_TYPES.float32:
      case DATA_TYPES.complex64:
        return new Float32Array(bytes);
      case DATA_TYPES.float64:
        return new Float64Array(bytes);
      case DATA_TYPES.int32:
        return new Int32Array(bytes);
      case DATA_TYPES.int64:
        return new BigInt64Array(bytes);
      default:
        return new Uint8Array(bytes);
    }
  } finally {
    symbols.TF_DeleteTensor(tensor);
  }
}

/** Values in TensorFlow's own memory. */
export interface BorrowedValues {
  /** The values. */
  readonly values: ReadValues;
  /** To be called once they are not needed any more. */
  readonly release: () => void;
}

/** A tensor's values where they are, float32 and int32; those of other types are copied. */
export function borrowTensorValues(
  symbols: TensorFlowSymbols,
  status: Status,
  handle: bigint,
): BorrowedValues {
  const dataType = symbols.TFE_TensorHandleDataType(handle);
  if (dataType !== DATA_TYPES.float32 && dataType !== DATA_TYPES.int32) {
    return { values: readTensorHandle(symbols, status, handle), release: () => {} };
  }
  const tensor = symbols.TFE_TensorHandleResolve(handle, status.pointer);
  status.check(() => "read a tensor's values");
  const { buffer } = bytesAt(symbols.TF_TensorData(tensor), Number(symbols.TF_TensorByteSize(tensor)));
  const values = dataType === DATA_TYPES.float32 ? new Float32Array(buffer) : new Int32Array(buffer);
  return { values, release: () => symbols.TF_DeleteTensor(tensor) };
}

function readStrings(symbols: TensorFlowSymbols, data: Deno.PointerValue, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const element = Deno.UnsafePointer.offset(data!, STRING_ELEMENT_BYTES * i);
    const length = Number(symbols.TF_StringGetSize(element));
    return bytesAt(symbols.TF_StringGetDataPointer(element), length).slice();
  });
}
