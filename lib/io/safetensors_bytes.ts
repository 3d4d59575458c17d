/**
 * Arrays in safetensors bytes; free of files, so that it runs in browsers too.
 *
 * @module
 */
import type { NdArray, TypedArray } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { parseSafetensorsHeader, type SafetensorsDtype } from "./safetensors_header.ts";

/** Content of a file. */
export interface SafetensorsFile {
  /** Arrays by name. F16 is read as float32, BOOL as uint8. */
  readonly arrays: Record<string, NdArray>;
  /** Free texts by name. */
  readonly metadata: Record<string, string>;
}

/**
 * Reads a file that is in memory.
 *
 * @param bytes Content of the file
 * @param source Where it comes from, for messages
 * @returns Arrays with storage of their own
 * @throws {UserError} If it is truncated, or its header does not describe exactly its content
 */
export function parseSafetensors(bytes: Uint8Array<ArrayBuffer>, source: string): SafetensorsFile {
  const length = bytes.length < 8
    ? Infinity
    : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) {
    throw new UserError(
      `Cannot read ${source}: its header does not fit into its ${bytes.length} bytes; ` +
        `it is truncated or not a safetensors file`,
    );
  }
  let start = 8 + length;
  const text = new TextDecoder().decode(bytes.subarray(8, start));
  const { entries, metadata } = parseSafetensorsHeader(text, bytes.length - start, source);
  const arrays = entries.map(({ name, dtype, shape, byteLength }): [string, NdArray] => {
    // not bytes.slice, which copies nothing where the bytes are a Buffer of Node
    const first = bytes.byteOffset + start, buffer = bytes.buffer.slice(first, first + byteLength);
    start += byteLength;
    return [name, { data: typedArrayOf(dtype, buffer), shape }];
  });
  return { arrays: Object.fromEntries(arrays), metadata };
}

/** Arrays of each kind of values; half floats, which not all browsers have, stand apart. */
const ARRAYS = {
  F64: Float64Array,
  F32: Float32Array,
  I64: BigInt64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

/** Bytes of one array as values: F16 becomes float32, BOOL uint8. */
export function typedArrayOf(dtype: SafetensorsDtype, buffer: ArrayBuffer): TypedArray {
  return dtype === "F16" ? new Float32Array(new Float16Array(buffer)) : new ARRAYS[dtype](buffer);
}

/** Kind of an array's values. */
export function dtypeOf(values: TypedArray | Float16Array): SafetensorsDtype {
  const found = Object.entries(ARRAYS).find(([, Type]) => values instanceof Type);
  return found ? found[0] as SafetensorsDtype : "F16";
}
