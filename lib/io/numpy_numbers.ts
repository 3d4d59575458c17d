/**
 * Values of NumPy's types as raw bytes.
 *
 * @module
 */
import type { TypedArray } from "../core/arrays.ts";

/** How values of a NumPy type are read, by the type's letter and bytes. */
type ReadValue = (view: DataView, offset: number, littleEndian: boolean) => number | bigint;
interface ValueType {
  readonly make: (length: number) => TypedArray;
  readonly read: ReadValue;
}

const VALUE_TYPES: Readonly<Record<string, ValueType>> = {
  f2: { make: (n) => new Float32Array(n), read: (view, at, little) => view.getFloat16(at, little) },
  f4: { make: (n) => new Float32Array(n), read: (view, at, little) => view.getFloat32(at, little) },
  f8: { make: (n) => new Float64Array(n), read: (view, at, little) => view.getFloat64(at, little) },
  i1: { make: (n) => new Int8Array(n), read: (view, at) => view.getInt8(at) },
  i2: { make: (n) => new Int16Array(n), read: (view, at, little) => view.getInt16(at, little) },
  i4: { make: (n) => new Int32Array(n), read: (view, at, little) => view.getInt32(at, little) },
  i8: { make: (n) => new BigInt64Array(n), read: (view, at, little) => view.getBigInt64(at, little) },
  u1: { make: (n) => new Uint8Array(n), read: (view, at) => view.getUint8(at) },
  u2: { make: (n) => new Uint16Array(n), read: (view, at, little) => view.getUint16(at, little) },
  u4: { make: (n) => new Uint32Array(n), read: (view, at, little) => view.getUint32(at, little) },
  b1: { make: (n) => new Uint8Array(n), read: (view, at) => view.getUint8(at) },
};

/** A NumPy type of numbers, such as `<f4`. */
export interface NumberType {
  /** Letter and bytes, such as `f4`. */
  readonly code: string;
  /** Bytes of one value. */
  readonly itemBytes: number;
  /** Whether the lowest byte comes first. */
  readonly littleEndian: boolean;
}

/**
 * Understands the description of a type of numbers.
 *
 * @param description Such as `<f4`; without a sign for the byte order the lowest byte comes first
 * @throws {TypeError} If it is another type
 */
export function numberType(description: string): NumberType {
  const order = /^[<>|=]/.test(description) ? description[0] : "<";
  const code = description.replace(/^[<>|=]/, "");
  if (!Object.hasOwn(VALUE_TYPES, code)) {
    const known = Object.keys(VALUE_TYPES).join(", ");
    throw new TypeError(
      `values must be of type ${known}: current value is ${JSON.stringify(description.slice(0, 40))}`,
    );
  }
  return { code, itemBytes: Number(code.slice(1)), littleEndian: order !== ">" };
}

/**
 * Reads values. Half floats become float32, booleans bytes of 0 and 1.
 *
 * @param type Type of the values
 * @param bytes As many bytes as the values take
 * @returns The values
 */
export function decodeNumbers({ code, itemBytes, littleEndian }: NumberType, bytes: Uint8Array): TypedArray {
  const size = bytes.length / itemBytes;
  const { make, read } = VALUE_TYPES[code];
  const data = make(size);
  if ((littleEndian || itemBytes === 1) && data.BYTES_PER_ELEMENT === itemBytes) {
    new Uint8Array(data.buffer).set(bytes); // every machine that runs Deno is little-endian
    return data;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < size; i++) data[i] = read(view, i * itemBytes, littleEndian);
  return data;
}

/**
 * Turns values in Fortran order (first axis fastest) to row-major.
 *
 * @param data Values
 * @param shape Lengths of the axes
 * @returns The values in row-major order
 */
export function fromFortranOrder<T extends TypedArray>(data: T, shape: readonly number[]): T {
  const result = data.slice() as T;
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < data.length; i++) {
    let source = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) source = source * shape[axis] + index[axis];
    result[i] = data[source];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return result;
}
