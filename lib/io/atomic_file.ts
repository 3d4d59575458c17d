/**
 * Files that are either whole or not there: written under a temporary name beside the target, synced and renamed.
 *
 * @module
 */
import { dirname } from "@std/path";
import { messageOf, UserError } from "../core/errors.ts";
import { isWriter } from "../core/process_group.ts";

/** Puts one chunk into an open file; everything that this module writes goes through it. */
export type ChunkWriter = (file: Deno.FsFile, chunk: Uint8Array) => Promise<void>;

/** Where `writeFileAtomic` finds its chunk writer. A test replaces `write` to play a full disk, then puts it back. */
export const chunkWriter: { write: ChunkWriter } = { write: writeChunk };

let temporaryFiles = 0;

async function writeChunk(file: Deno.FsFile, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length;) offset += await file.write(chunk.subarray(offset));
}

/**
 * Writes a file so that a crash or a full disk never leaves half of it under its name. Missing folders are made. Of the
 * processes of a job the first one writes; for the others this does nothing.
 *
 * @param path Target; an existing file is replaced
 * @param bytes Content, whole or in chunks
 * @throws {UserError} If the file cannot be written; the temporary file is removed, an existing target stays
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array | Iterable<Uint8Array>,
): Promise<void> {
  if (!isWriter()) return;
  const temporary = `${path}.${Deno.pid}-${temporaryFiles++}.partial`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    const file = await Deno.open(temporary, { write: true, create: true, truncate: true });
    try {
      for (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) await chunkWriter.write(file, chunk);
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw writeError(path, error);
  }
}

/** The sentence for a file that could not be written. */
export function writeError(path: string, cause: unknown): UserError {
  return new UserError(`Cannot write ${path}: ${reasonOf(cause)}`, { cause });
}

/**
 * Writes a value as indented JSON, with a final newline, the way `writeFileAtomic` writes.
 *
 * @throws {UserError} If the file cannot be written
 */
export function writeJsonAtomic(path: string, value: unknown): Promise<void> {
  return writeFileAtomic(path, new TextEncoder().encode(JSON.stringify(value, null, 2) + "\n"));
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC") {
    return "the disk is full; free some space and run the same command again (nothing was left half written)";
  }
  if (code === "EDQUOT") return "the disk quota is used up; free some space and run the same command again";
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "this folder may not be written to; check its permissions";
  }
  if (error instanceof Deno.errors.IsADirectory || code === "EISDIR") {
    return "there is a folder of this name; move it away or remove it";
  }
  return messageOf(error);
}
