/**
 * Files of tar archives, read one after the other.
 *
 * @module
 */
import { UserError } from "../../lib/core/errors.ts";

const BLOCK = 512;

/** A file of an archive. */
export interface TarFile {
  /** Name as it stands in the archive. */
  readonly name: string;
  /** Content. */
  readonly bytes: Uint8Array;
}

/**
 * Reads the plain files of an archive. Folders, links and others are passed over.
 *
 * @param path The archive
 * @yields Files in their order
 * @throws {UserError} If it is missing, damaged or cut short
 */
export async function* readTar(path: string): AsyncGenerator<TarFile> {
  using file = await Deno.open(path).catch((error) => {
    throw new UserError(`Cannot read ${path}: ${error.message}`, { cause: error });
  });
  const { size } = await file.stat();
  let longName: string | null = null;
  for (let place = 0; place + BLOCK <= size;) {
    const header = await readAt(file, path, BLOCK);
    place += BLOCK;
    if (header.every((byte) => byte === 0)) return;
    const length = numberOf(header.subarray(124, 136), path);
    if (checkSum(header) !== numberOf(header.subarray(148, 156), path)) {
      throw new UserError(
        `Cannot read ${path}: it is damaged at byte ${place - BLOCK}, or not a tar archive`,
      );
    }
    const padded = Math.ceil(length / BLOCK) * BLOCK;
    if (place + length > size) {
      throw new UserError(
        `Cannot read ${path}: it is cut short: ${size} bytes, ${place + length} are needed`,
      );
    }
    const kind = String.fromCharCode(header[156]);
    const isFile = kind === "0" || kind === "\0";
    if (isFile || kind === "L") {
      const bytes = await readAt(file, path, length);
      await file.seek(padded - length, Deno.SeekMode.Current);
      if (kind === "L") longName = textOf(bytes);
      else {
        const prefix = textOf(header.subarray(257, 262)) === "ustar" ? textOf(header.subarray(345, 500)) : "";
        const name = textOf(header.subarray(0, 100));
        yield { name: longName ?? (prefix ? `${prefix}/${name}` : name), bytes };
        longName = null;
      }
    } else await file.seek(padded, Deno.SeekMode.Current);
    place += padded;
  }
}

async function readAt(file: Deno.FsFile, path: string, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) throw new UserError(`Cannot read ${path}: it is cut short`);
    at += count;
  }
  return bytes;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/\0.*$/s, "");
}

/** An octal number, or from 8 GiB on a binary one. */
function numberOf(bytes: Uint8Array, path: string): number {
  if (bytes[0] & 0x80) return bytes.subarray(4).reduce((value, byte) => value * 256 + byte, 0);
  const text = textOf(bytes).trim();
  if (!/^[0-7]*$/.test(text)) throw new UserError(`Cannot read ${path}: it is damaged, or not a tar archive`);
  return parseInt(text || "0", 8);
}

function checkSum(header: Uint8Array): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
}
