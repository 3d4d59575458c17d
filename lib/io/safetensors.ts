/**
 * Arrays in safetensors files: an 8-byte header length, a JSON header, raw little-endian values.
 *
 * The reader trusts nothing that a file says: header size, counts and offsets are checked against the file before
 * memory is taken for them.
 *
 * @module
 */
import { refuseForeign } from "./foreign_content.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { type NdArray, sizeOf } from "../core/arrays.ts";
import { writeFileAtomic } from "./atomic_file.ts";
import { dtypeOf, type SafetensorsFile, typedArrayOf } from "./safetensors_bytes.ts";
import { parseSafetensorsHeader, SAFETENSORS_DTYPES, type SafetensorsEntry } from "./safetensors_header.ts";

export type { SafetensorsFile } from "./safetensors_bytes.ts";

/**
 * Reads a whole file.
 *
 * @throws {UserError} If the file is missing, truncated, or its header does not describe exactly its content
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await openToRead(path);
  try {
    const { size } = await file.stat(), head = new Uint8Array(Math.min(512, size));
    await file.read(head);
    refuseForeign(head, path);
    await file.seek(0, Deno.SeekMode.Start);
    const { entries, metadata, start } = await readSafetensorsHead(file, path, size);
    await file.seek(start, Deno.SeekMode.Start);
    const arrays: [string, NdArray][] = [];
    for (const { name, dtype, shape, byteLength } of entries) { // in the order of their bytes, without gaps
      const bytes = await readExactly(file, byteLength, path);
      arrays.push([name, { data: typedArrayOf(dtype, bytes.buffer), shape }]);
    }
    return { arrays: Object.fromEntries(arrays), metadata };
  } catch (error) {
    if (error instanceof UserError || error instanceof RangeError) throw error;
    throw new UserError(`Cannot read ${path}: ${messageOf(error)}`, { cause: error });
  } finally {
    file.close();
  }
}

/**
 * Writes arrays as one file, atomically. The bytes depend only on the arguments.
 *
 * @param path Target file
 * @param arrays Arrays by name
 * @param metadata Free texts that go into the header
 * @param options `half`: names of float arrays that are stored with 16 bits; larger values than 65504 become
 *   infinite
 * @throws {TypeError} If an array has another number of values than its shape says, or `half` names none of float32
 * @throws {UserError} If the file cannot be written
 */
export async function writeSafetensors(
  path: string,
  arrays: Readonly<Record<string, NdArray>>,
  metadata: Readonly<Record<string, string>> = {},
  options: { readonly half?: readonly string[] } = {},
): Promise<void> {
  const half = new Set(options.half);
  for (const name of half) {
    if (!(arrays[name]?.data instanceof Float32Array)) {
      throw new TypeError(`Cannot write ${name} with 16 bits as it must be a float32 array of the file`);
    }
  }
  const stored = Object.entries(arrays).map(([name, { data, shape }]) => {
    if (data.length !== sizeOf(shape)) {
      throw new TypeError(
        `Cannot write ${name} as shape [${shape.join(", ")}]: current value has ${data.length} values`,
      );
    }
    return { name, shape, values: half.has(name) ? new Float16Array(data as Float32Array) : data };
  });
  stored.sort((a, b) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT); // stable: keeps values aligned
  const head = safetensorsHead(
    stored.map(({ name, shape, values }) => ({ name, shape, dtype: dtypeOf(values) })),
    metadata,
  );
  const chunks = stored.map(({ values }) =>
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  );
  await writeFileAtomic(path, [head, ...chunks]);
}

/**
 * The first bytes of a file: what stands before the values.
 *
 * @param arrays Arrays in the order of their values, larger kinds first
 * @param metadata Free texts
 */
export function safetensorsHead(
  arrays: readonly Pick<SafetensorsEntry, "name" | "dtype" | "shape">[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const { name, dtype, shape } of arrays) {
    const end = offset + SAFETENSORS_DTYPES[dtype] * sizeOf(shape);
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const head = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - 8), true);
  head.set(text, 8);
  return head;
}

/**
 * Reads the free texts of a file, without its values.
 *
 * @throws {UserError} If it is missing or damaged
 */
export async function readSafetensorsMetadata(path: string): Promise<Record<string, string>> {
  const file = await openToRead(path);
  try {
    return (await readSafetensorsHead(file, path, (await file.stat()).size)).metadata;
  } finally {
    file.close();
  }
}

/**
 * Reads what stands before the values of an open file.
 *
 * @param file The file, at its beginning
 * @param path Its name, for messages
 * @param size Its bytes
 * @returns Arrays in the order of their values, free texts, and the byte at which the values begin
 * @throws {UserError} If the file is truncated, or its header does not describe exactly its content
 */
export async function readSafetensorsHead(
  file: Deno.FsFile,
  path: string,
  size: number,
): Promise<{ entries: SafetensorsEntry[]; metadata: Record<string, string>; start: number }> {
  const limit = 100_000_000; // bytes, the format's own limit
  if (size < 8) throw new UserError(`Cannot read ${path}: it is too short for safetensors (${size} bytes)`);
  const length = Number(new DataView((await readExactly(file, 8, path)).buffer).getBigUint64(0, true));
  if (length > limit || length > size - 8) {
    throw new UserError(
      `Cannot read ${path}: its header claims ${length} bytes, the file has ${size}; ` +
        `it is truncated or not a safetensors file`,
    );
  }
  const text = new TextDecoder().decode(await readExactly(file, length, path));
  const start = 8 + length;
  return { ...parseSafetensorsHeader(text, size - start, path), start };
}

async function openToRead(path: string): Promise<Deno.FsFile> {
  try {
    if ((await Deno.stat(path)).isDirectory) throw new Error("it is a folder, not a file");
    return await Deno.open(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : messageOf(error);
    throw new UserError(`Cannot read ${path}: ${reason}`, { cause: error });
  }
}

async function readExactly(
  file: Deno.FsFile,
  length: number,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let offset = 0; offset < length;) {
    const count = await file.read(bytes.subarray(offset));
    if (count === null) throw new UserError(`Cannot read ${path}: the file ends early; it is truncated`);
    offset += count;
  }
  return bytes;
}
