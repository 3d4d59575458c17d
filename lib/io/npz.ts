/**
 * NumPy's archive of arrays, `.npz`: a zip of `.npy` files.
 *
 * @module
 */
import { zipSync } from "fflate";
import type { NdArray } from "../core/arrays.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { writeFileAtomic } from "./atomic_file.ts";
import type { ByteBudget } from "./byte_budget.ts";
import { readNpy, writeNpy } from "./npy.ts";
import { ZipArchive } from "./zip_archive.ts";

/**
 * Reads all arrays of an archive.
 *
 * @param path The file
 * @returns Arrays by name
 * @throws {UserError} If it is missing, damaged, or holds something other than numbers
 */
export async function readNpz(path: string): Promise<Record<string, NdArray>> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw new UserError(`Cannot read ${path}: ${messageOf(error)}`);
  }
  return decodeNpz(bytes, path);
}

/**
 * Reads all arrays of an archive's bytes.
 *
 * @param bytes The whole archive
 * @param place Where the bytes are from, for messages
 * @returns Arrays by name
 * @throws {UserError} If it is damaged, or holds something other than numbers
 */
export function decodeNpz(bytes: Uint8Array, place = "an .npz archive"): Record<string, NdArray> {
  return decodeNpzWith(bytes, place, readNpy);
}

/**
 * Reads all members of an archive's bytes.
 *
 * @param bytes The whole archive
 * @param place Where the bytes are from, for messages
 * @param read Reads one `.npy` file
 * @param budget Limits what is unpacked
 * @throws {UserError} If the archive is damaged
 */
export function decodeNpzWith<T>(
  bytes: Uint8Array,
  place: string,
  read: (member: Uint8Array, place: string) => T,
  budget?: ByteBudget,
): Record<string, T> {
  let members: [string, Uint8Array][];
  try {
    const archive = new ZipArchive(bytes, budget),
      names = archive.names.filter((name) => name.endsWith(".npy"));
    members = names.map((name) => [name.slice(0, -4), archive.member(name)]);
  } catch (error) {
    throw new UserError(`Cannot read ${place} as an .npz archive: ${messageOf(error)}`, { cause: error });
  }
  return Object.fromEntries(
    members.map(([name, member]) => [name, read(member, `${place}, array ${name}.npy`)]),
  );
}

/**
 * The bytes of a compressed archive. The same arrays give the same bytes.
 *
 * @param arrays Arrays by name
 * @returns The bytes of an `.npz` file
 */
export function encodeNpz(arrays: Readonly<Record<string, NdArray>>): Uint8Array {
  return packNpz(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, writeNpy(array)])));
}

/**
 * Writes a compressed archive.
 *
 * @param path The file
 * @param arrays Arrays by name
 */
export async function writeNpz(path: string, arrays: Readonly<Record<string, NdArray>>): Promise<void> {
  await writeFileAtomic(path, encodeNpz(arrays));
}

/**
 * The bytes of a compressed archive of `.npy` files. The same files give the same bytes.
 *
 * @param files Bytes of `.npy` files by name, without the ending
 * @returns The bytes of an `.npz` file
 */
export function packNpz(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const members = Object.entries(files).map(([name, bytes]) => [`${name}.npy`, bytes] as const);
  return zipSync(Object.fromEntries(members), { level: 6, mtime: "1980-01-01T00:00:00" });
}
