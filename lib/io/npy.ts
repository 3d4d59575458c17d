/**
 * NumPy's array file, `.npy`, with numbers; arrays of Python objects are read by `readNpyValues`.
 *
 * @module
 */
import { type NdArray, sizeOf, type TypedArray } from "../core/arrays.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { NPY_MAGIC, parseNpyHeader } from "./npy_header.ts";
import { decodeNumbers, fromFortranOrder, numberType } from "./numpy_numbers.ts";

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
    return parse(bytes, place);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`Cannot read ${place} as a NumPy array: ${messageOf(error)}`);
  }
}

function parse(bytes: Uint8Array, place: string): NdArray {
  const { description, fortranOrder, shape, dataStart } = parseNpyHeader(bytes, place);
  if (description.endsWith("O")) {
    throw new TypeError(
      `its values must be plain numbers: current value is "${description}", Python objects`,
    );
  }
  const type = numberType(description);
  const size = sizeOf(shape);
  if (size * type.itemBytes !== bytes.length - dataStart) {
    throw new RangeError(
      `shape [${shape.join(", ")}] needs ${size * type.itemBytes} bytes: current value is ${
        bytes.length - dataStart
      }`,
    );
  }
  const data = decodeNumbers(type, bytes.subarray(dataStart));
  return { data: fortranOrder ? fromFortranOrder(data, shape) : data, shape };
}

/** NumPy type of a typed array, such as `<f4`. */
export function npyDescription(data: TypedArray): string {
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
  const header = encodeNpyHeader(npyDescription(data), shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

/**
 * Signature and header of an `.npy` file in row-major order.
 *
 * @param description Type of the values, such as `<f4`
 * @param shape Length of each axis
 * @returns Bytes, a multiple of 64
 */
export function encodeNpyHeader(description: string, shape: readonly number[]): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '${description}', 'fortran_order': False, 'shape': (${axes}), }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + "\n";
  const start = [...NPY_MAGIC, 1, 0, padded.length & 255, padded.length >> 8];
  return Uint8Array.of(...start, ...new TextEncoder().encode(padded));
}
