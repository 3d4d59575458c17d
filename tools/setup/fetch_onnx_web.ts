/**
 * What runs models in browsers, out of its npm package.
 *
 * @module
 */
import { join } from "@std/path";
import { hashFile } from "../../lib/backend/native/file_hash.ts";
import { UserError } from "../../lib/core/errors.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import { fetchNpmPackage } from "../../lib/vision/npm_package.ts";
import { ONNX_WEB, ONNX_WEB_BYTES } from "../../lib/vision/onnx_web.ts";

/**
 * Fetches the files that browsers need into a folder.
 *
 * @param partial An empty folder
 * @returns Folder of the files
 * @throws {UserError} If the download fails, or a file has another SHA-256
 */
export async function fetchOnnxWeb(partial: string, callbacks: StageCallbacks): Promise<string> {
  const { package: name, version, licence, downloaded, members, folder, files } = ONNX_WEB;
  callbacks.onMessage?.(
    `Downloading ${name} ${version} (licence ${licence}), which runs models in browsers, ${
      downloaded / 1e6
    } MB, of which ${(ONNX_WEB_BYTES / 1e6).toFixed(1)} MB are kept.`,
  );
  await Deno.writeTextFile(join(partial, "deno.json"), "{}"); // a project of its own
  const reason = await fetchNpmPackage(`npm:${name}@${version}`, partial, callbacks.signal);
  throwIfStopped(callbacks.signal, "Setup");
  if (reason !== null) {
    throw new UserError(
      `Cannot download npm:${name}@${version}, which runs models in browsers: ${reason}; check the connection and run ` +
        "setup again.",
    );
  }
  const kept = join(partial, folder);
  await Deno.mkdir(kept);
  for (const { file, sha256 } of files) {
    const source = join(partial, "node_modules", name, members, file), found = await hashFile(source);
    if (found !== sha256) {
      throw new UserError(
        `Cannot use ${file} of ${name} ${version}: its SHA-256 is ${found}, but must be ${sha256}; fetch it again.`,
      );
    }
    await Deno.copyFile(source, join(kept, file));
  }
  return kept;
}
