/**
 * Puts the TensorFlow library where the native backend finds it: from a wheel, from an installed Python TensorFlow, or
 * by a download with pip. Only the two library files are kept.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { type OptionsInput, resolveOptions } from "../../lib/core/option.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import { hashFile } from "../../lib/backend/native/file_hash.ts";
import { checkLibraryHeader } from "../../lib/backend/native/library_check.ts";
import { type LibraryNote, NATIVE_FOLDER, writeLibraryNote } from "../../lib/backend/native/library_note.ts";
import { findLibrary, type LibraryPlace } from "../../lib/backend/native/library_path.ts";
import { downloadWheel, findPip, findPythonTensorFlow } from "./pip.ts";
import { SETUP_OPTIONS } from "./setup_options.ts";
import {
  currentPlatform,
  libraryFiles,
  TENSORFLOW_VERSION,
  WHEEL_RELEASES,
  wheelFor,
  type WheelRelease,
} from "../../lib/backend/native/platforms.ts";
import {
  checkFreeSpace,
  makePartialFolder,
  megabytes,
  removeTemporaryFiles,
  unpackLibraries,
} from "./unpack_libraries.ts";

/** Options of {@linkcode provisionLibrary}: {@linkcode SETUP_OPTIONS} tells more. */
export interface ProvisionOptions
  extends Pick<OptionsInput<typeof SETUP_OPTIONS>, "wheel" | "variant" | "force"> {
  /** Whether an installed Python TensorFlow may be used in place of a download. */
  usePython?: boolean;
  /** Folder of the library and its note. */
  nativeFolder?: string;
}

/** Result of {@linkcode provisionLibrary}. */
export interface Provision extends LibraryPlace {
  /** What was done, for a person. */
  readonly sentence: string;
}

/**
 * Makes sure that the native backend has its library.
 *
 * @throws {UserError} If there is no way: no pip, a failed download, a wheel with another SHA-256, a full disk
 */
export async function provisionLibrary(
  options: ProvisionOptions = {},
  callbacks: StageCallbacks = {},
): Promise<Provision> {
  const { wheel, variant, force } = resolveOptions(SETUP_OPTIONS, options);
  const { usePython = true, nativeFolder = NATIVE_FOLDER } = options;
  if (!force && !wheel) {
    const place = await findLibrary(nativeFolder);
    if (place !== null) {
      return { ...place, sentence: `The TensorFlow library is there already: ${place.path}.` };
    }
  }
  await Deno.mkdir(nativeFolder, { recursive: true });
  await removeTemporaryFiles(nativeFolder);
  if (wheel) return await fromWheel(wheel, await releaseOf(wheel), nativeFolder, callbacks, 0);
  if (usePython && variant === "cpu") {
    const found = await fromPython(nativeFolder);
    if (found !== null) return found;
  }
  return await fromDownload(variant, nativeFolder, callbacks);
}

async function fromDownload(
  variant: "cpu" | "cuda",
  nativeFolder: string,
  callbacks: StageCallbacks,
): Promise<Provision> {
  const release = wheelFor(currentPlatform(), variant);
  if (release === null) {
    throw new UserError(
      `Cannot set up the native backend: there is no ${variant} wheel of TensorFlow for ${currentPlatform()}. ` +
        "Use 'backend: wasm', or point TEXMESH_LIBTENSORFLOW at a library of your own.",
    );
  }
  await checkFreeSpace("TensorFlow library", nativeFolder, release.wheelBytes + release.libraryBytes);
  const pip = await findPip();
  if (pip === null) {
    throw new UserError(
      "Cannot download the TensorFlow library: none of `python3 -m pip`, `pip3` and `pip` runs here. Install Python's " +
        `pip, or fetch the wheel ${release.package} ${TENSORFLOW_VERSION} (cp312, ${release.tag}) elsewhere and run ` +
        "`deno task setup --wheel FILE`; until then 'backend: wasm' works, more slowly.",
    );
  }
  if (!release.tested) {
    callbacks.onMessage?.(`The library for ${release.platform} (${variant}) is not tested.`);
  }
  callbacks.onMessage?.(
    `Downloading ${release.package} ${TENSORFLOW_VERSION}, ${megabytes(release.wheelBytes)} MB, with ` +
      `\`${pip.join(" ")}\`; ${megabytes(release.libraryBytes)} MB of it are kept, unpacked.`,
  );
  const folder = await makePartialFolder(nativeFolder);
  const total = release.wheelBytes + release.libraryBytes;
  try {
    const path = await downloadWheel(
      pip,
      { ...release, version: TENSORFLOW_VERSION },
      folder,
      (done) => callbacks.onProgress?.({ done: Math.min(done, release.wheelBytes), total, unit: "bytes" }),
      callbacks.signal,
    );
    return await fromWheel(path, release, nativeFolder, callbacks, release.wheelBytes);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The release whose file name and platform a wheel carries. */
async function releaseOf(wheel: string): Promise<WheelRelease> {
  const { isFile } = await Deno.stat(wheel).catch((cause) => {
    throw new UserError(`Cannot read the wheel ${wheel}: there is no such file.`, { cause });
  });
  if (!isFile) throw new UserError(`Cannot read the wheel ${wheel}: it is a folder.`);
  const name = basename(wheel);
  const prefixOf = (release: WheelRelease) => `${release.package.replace("-", "_")}-${TENSORFLOW_VERSION}-`;
  const release = WHEEL_RELEASES.find((known) =>
    known.platform === currentPlatform() && name.startsWith(prefixOf(known))
  );
  return release ?? wheelFor(currentPlatform()) ?? WHEEL_RELEASES[0];
}

async function fromWheel(
  wheel: string,
  release: WheelRelease,
  nativeFolder: string,
  callbacks: StageCallbacks,
  doneBefore: number,
): Promise<Provision> {
  callbacks.onMessage?.(`Checking and unpacking ${basename(wheel)}.`);
  const sha256 = await hashFile(wheel);
  if (sha256 !== release.sha256) {
    throw new UserError(
      `Cannot use the wheel ${wheel}: its SHA-256 is ${sha256}, but that of ${release.package} ${TENSORFLOW_VERSION} ` +
        `(cp312, ${release.tag}) is ${release.sha256}. Fetch that file again, or point TEXMESH_LIBTENSORFLOW at a ` +
        "library that you trust.",
    );
  }
  await checkFreeSpace("TensorFlow library", nativeFolder, release.libraryBytes);
  const note = await unpackLibraries(wheel, release, nativeFolder, callbacks, doneBefore);
  await writeLibraryNote(nativeFolder, note);
  const path = join(nativeFolder, note.folder, note.files[0].name);
  return {
    path,
    source: "wheel",
    version: note.version,
    sentence: `Took the TensorFlow library out of the wheel: ${path}.`,
  };
}

async function fromPython(nativeFolder: string): Promise<Provision | null> {
  const python = await findPythonTensorFlow();
  if (python === null) return null;
  const files: LibraryNote["files"] = [];
  for (const name of libraryFiles(currentPlatform())) {
    const path = join(python.folder, name);
    const info = await Deno.stat(path).catch(() => null);
    if (info === null) return null; // a release that packs its library in another way
    await checkLibraryHeader(path);
    files.push({ name, bytes: info.size, sha256: null, modified: info.mtime?.getTime() ?? null });
  }
  await writeLibraryNote(nativeFolder, {
    source: "python",
    version: python.version,
    folder: python.folder,
    files,
  });
  const path = join(python.folder, files[0].name);
  const tested = python.version === TENSORFLOW_VERSION ? "" : ` (tested is ${TENSORFLOW_VERSION})`;
  const sentence = `Uses the library of the installed Python TensorFlow ${python.version}${tested}: ${path}.`;
  return { path, source: "python", version: python.version, sentence };
}
