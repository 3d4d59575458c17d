/**
 * Takes the libraries out of a wheel, into a folder that appears only when it is complete.
 *
 * @module
 */
import { statfs } from "node:fs/promises";
import { basename, join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import { checkLibraryHeader } from "../../lib/backend/native/library_check.ts";
import type { LibraryNote } from "../../lib/backend/native/library_note.ts";
import { TENSORFLOW_VERSION, type WheelRelease } from "../../lib/backend/native/platforms.ts";
import { readWheelMembers, unpackMember } from "./wheel.ts";

/**
 * Unpacks the libraries into a temporary folder and renames it.
 *
 * @param wheel The wheel, whose SHA-256 was checked
 * @param release What it should hold
 * @param nativeFolder Where the new folder goes
 * @param callbacks Progress in bytes
 * @param doneBefore Bytes that earlier work counts for in the progress
 * @returns The note to be written
 */
export async function unpackLibraries(
  wheel: string,
  release: WheelRelease,
  nativeFolder: string,
  callbacks: StageCallbacks,
  doneBefore: number,
): Promise<LibraryNote> {
  const partial = await makePartialFolder(nativeFolder);
  try {
    using file = await Deno.open(wheel);
    const members = await readWheelMembers(file, wheel);
    const wanted = release.files.map((name) => {
      const member = members.find((one) => basename(one.name) === name && one.name.startsWith("tensorflow/"));
      if (member === undefined) throw new UserError(`Cannot find ${name} in the wheel ${wheel}.`);
      return member;
    });
    const total = doneBefore + wanted.reduce((bytes, member) => bytes + member.bytes, 0);
    let done = doneBefore;
    const files: LibraryNote["files"] = [];
    for (const member of wanted) {
      const name = basename(member.name), path = join(partial, name);
      const sha256 = await unpackMember(file, wheel, member, path, (count) => {
        throwIfStopped(callbacks.signal, "Setup");
        done += count;
        callbacks.onProgress?.({ done, total, unit: "bytes" });
      });
      await checkLibraryHeader(path);
      files.push({ name, bytes: member.bytes, sha256, modified: await modifiedTime(path) });
    }
    const folder = `tensorflow-${TENSORFLOW_VERSION}-${release.platform}-${release.variant}`;
    await Deno.remove(join(nativeFolder, folder), { recursive: true }).catch(ignoreMissing);
    await Deno.rename(partial, join(nativeFolder, folder));
    return { source: "wheel", version: TENSORFLOW_VERSION, folder, files };
  } finally {
    await Deno.remove(partial, { recursive: true }).catch(ignoreMissing);
  }
}

/**
 * Makes sure that a folder's disk has room.
 *
 * @throws {UserError} If it has not
 */
export async function checkFreeSpace(what: string, folder: string, needed: number): Promise<void> {
  const free = await statfs(folder).then((info) => info.bavail * info.bsize, () => Infinity);
  if (free < needed) {
    throw new UserError(
      `Cannot set up the ${what} in ${folder}: it needs ${megabytes(needed)} MB, and the disk has ` +
        `${megabytes(free)} MB free. Free some space and run setup again.`,
    );
  }
}

const PARTIAL_PREFIX = "partial-";

/** A new temporary folder beside the libraries. */
export async function makePartialFolder(nativeFolder: string): Promise<string> {
  const folder = join(nativeFolder, `${PARTIAL_PREFIX}${crypto.randomUUID()}`);
  await Deno.mkdir(folder);
  return folder;
}

/** Removes what setups that were killed left behind, if it is older than an hour. */
export async function removeTemporaryFiles(nativeFolder: string): Promise<void> {
  for await (const entry of Deno.readDir(nativeFolder)) {
    const path = join(nativeFolder, entry.name);
    const old = (await modifiedTime(path).catch(() => null) ?? Infinity) < Date.now() - 3_600_000;
    if (entry.name.startsWith(PARTIAL_PREFIX) && old) await Deno.remove(path, { recursive: true });
  }
}

/** Time of the last change, ms. */
export async function modifiedTime(path: string): Promise<number | null> {
  return (await Deno.stat(path)).mtime?.getTime() ?? null;
}

/** Lets a removal find nothing. */
export function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Millions of bytes. */
export const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
