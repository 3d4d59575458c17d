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

/** Bytes of one array as values: F16 becomes float32, BOOL uint8. */
export function typedArrayOf(dtype: SafetensorsDtype, buffer: ArrayBuffer): TypedArray {
  switch (dtype) {
    case "F64":
      return new Float64Array(buffer);
    case "F32":
      return new Float32Array(buffer);
    case "F16":
      return new Float32Array(new Float16Array(buffer));
    case "I64":
      return new BigInt64Array(buffer);
    case "I32":
      return new Int32Array(buffer);
    case "U32":
      return new Uint32Array(buffer);
    case "I16":
      return new Int16Array(buffer);
    case "U16":
      return new Uint16Array(buffer);
    case "I8":
      return new Int8Array(buffer);
    case "U8":
    case "BOOL":
      return new Uint8Array(buffer);
  }
}
