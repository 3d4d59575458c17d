/**
 * NumPy's array file, `.npy`: numbers only; arrays of Python objects are refused.
 *
 * @module
 */
import { type NdArray, sizeOf, type TypedArray } from "../core/arrays.ts";
import { messageOf, UserError } from "../core/errors.ts";

/** How values of a NumPy type are read, by the type's letter and bytes. */
type ReadValue = (view: DataView, offset: number, littleEndian: boolean) => number | bigint;
interface ValueType {
  readonly make: (length: number) => TypedArray;
  readonly read: ReadValue;
}

const VALUE_TYPES: Readonly<Record<string, ValueType>> = {
  f2: { make: (n) => new Float32Array(n), read: (view, at, little) => readHalf(view.getUint16(at, little)) },
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

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"
const HEADER =
  /^\s*\{\s*'descr':\s*'([^']*)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/;

/**
 * Reads an array. Half floats become float32, booleans bytes of 0 and 1; Fortran order is turned to row-major.
 *
 * @param bytes The whole file
 * @param place Where the bytes are from, for messages
 * @returns The array
 * @throws {UserError} If it is damaged, or holds something other than numbers
 */
export function readNpy(bytes: Uint8Array, place = "an .npy file"): NdArray {
  try {
    return parse(bytes);
  } catch (error) {
    throw new UserError(`Cannot read ${place} as a NumPy array: ${messageOf(error)}`);
  }
}

function parse(bytes: Uint8Array): NdArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new SyntaxError("the file does not start with NumPy's signature");
  }
  const wide = bytes[6] >= 2;
  const start = wide ? 12 : 10;
  const dataStart = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder().decode(bytes.subarray(start, dataStart));
  const match = HEADER.exec(header);
  if (dataStart > bytes.length || !match) {
    const holdsFields = /'descr':\s*\[/.test(header);
    throw new SyntaxError(holdsFields ? "structured arrays are not supported" : "the header is damaged");
  }
  const [, description, order, axes] = match;
  const type = VALUE_TYPES[description.slice(1)];
  if (description.endsWith("O")) {
    throw new TypeError("it holds Python objects (a pickle), which are never executed; save plain numbers");
  }
  if (!type || !"<>|=".includes(description[0])) {
    const known = Object.keys(VALUE_TYPES).join(", ");
    throw new TypeError(`values must be of type ${known}: current value is ${description}`);
  }
  const shape = axes.split(",").map((axis) => axis.trim()).filter((axis) => axis !== "").map(Number);
  const itemBytes = Number(description.slice(2));
  const size = sizeOf(shape);
  if (size * itemBytes !== bytes.length - dataStart) {
    throw new RangeError(
      `shape [${shape.join(", ")}] needs ${size * itemBytes} bytes: current value is ${
        bytes.length - dataStart
      }`,
    );
  }
  const data = readValues(type, bytes, dataStart, size, itemBytes, description[0] !== ">");
  return { data: order === "True" ? fromFortranOrder(data, shape) : data, shape };
}

function readValues(
  type: ValueType,
  bytes: Uint8Array,
  start: number,
  size: number,
  itemBytes: number,
  littleEndian: boolean,
): TypedArray {
  const data = type.make(size);
  if (littleEndian && data.BYTES_PER_ELEMENT === itemBytes) {
    new Uint8Array(data.buffer).set(bytes.subarray(start)); // every machine that runs Deno is little-endian
    return data;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < size; i++) data[i] = type.read(view, start + i * itemBytes, littleEndian);
  return data;
}

/** Value of a 16-bit float. */
function readHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function fromFortranOrder<T extends TypedArray>(data: T, shape: readonly number[]): T {
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

/** NumPy type of each typed array. */
function describe(data: TypedArray): string {
  if (data instanceof Float32Array) return "<f4";
  if (data instanceof Float64Array) return "<f8";
  if (data instanceof Int8Array) return "|i1";
  if (data instanceof Int16Array) return "<i2";
  if (data instanceof Int32Array) return "<i4";
  if (data instanceof Uint8Array) return "|u1";
  if (data instanceof Uint16Array) return "<u2";
  if (data instanceof Uint32Array) return "<u4";
  return "<i8";
}

/**
 * Writes an array in row-major order.
 *
 * @param array The array
 * @returns The bytes of an `.npy` file
 * @throws {TypeError} If shape and number of values differ
 */
export function writeNpy({ data, shape }: NdArray): Uint8Array {
  if (sizeOf(shape) !== data.length) {
    throw new TypeError(
      `Cannot write an array as shape [${
        shape.join(", ")
      }] does not hold its values: current value is ${data.length}`,
    );
  }
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '${describe(data)}', 'fortran_order': False, 'shape': (${axes}), }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + "\n";
  const bytes = new Uint8Array(10 + padded.length + data.byteLength);
  bytes.set([...MAGIC, 1, 0, padded.length & 255, padded.length >> 8]);
  bytes.set(new TextEncoder().encode(padded), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + padded.length);
  return bytes;
}
