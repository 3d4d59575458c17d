/**
 * The optional package that runs models in ONNX's format.
 *
 * It lies among the project's npm packages, but in no list of them, so that nobody fetches it who does not want it.
 *
 * @module
 */
import { createRequire } from "node:module";
import { fromFileUrl } from "@std/path";
import { messageOf, UserError } from "../core/errors.ts";
import { fetchNpmPackage } from "./npm_package.ts";
import type { OnnxRuntime } from "./onnx_session.ts";

const NAME = "onnxruntime-node", VERSION = "1.30.0";

/** The package. */
export const ONNX_PACKAGE = `npm:${NAME}@${VERSION}`;
/** Its size with what it brings, in bytes, about. */
export const ONNX_PACKAGE_BYTES = 290_000_000;

/** Path of the package among the project's own; null where it is not there. */
export async function installedRuntime(): Promise<string | null> {
  const folder = `../../node_modules/.deno/${NAME}@${VERSION}/node_modules/${NAME}`;
  const address = new URL(`${folder}/dist/index.js`, import.meta.url);
  if (address.protocol !== "file:") return null;
  return await Deno.stat(address).then(() => fromFileUrl(address), () => null);
}

/**
 * Loads the package.
 *
 * @param fetch Whether it may be downloaded where it is not there
 * @throws {UserError} If it cannot be had
 */
export async function loadOnnxRuntime(fetch: boolean): Promise<OnnxRuntime> {
  const installed = await installedRuntime();
  if (installed === null && !fetch) {
    throw new UserError(
      `Cannot load ${ONNX_PACKAGE}, which runs models: it is not there; run \`deno task setup --vision\`.`,
    );
  }
  const specifier: string = ONNX_PACKAGE; // not a literal, so that checking types does not fetch it
  try {
    return installed === null ? await import(specifier) : createRequire(import.meta.url)(installed);
  } catch (error) {
    const advice = installed === null
      ? `it is fetched (${
        Math.round(ONNX_PACKAGE_BYTES / 1e6)
      } MB) when it is first used; without a network, ` +
        `bring the results of another tool with 'results'`
      : "the task may lack a permission, or the package be damaged: remove node_modules and set up again";
    const reason = messageOf(error).split("\n")[0];
    throw new UserError(`Cannot load ${ONNX_PACKAGE}, which runs models: ${reason}; ${advice}.`, {
      cause: error,
    });
  }
}

/**
 * Downloads the package to where {@link loadOnnxRuntime} finds it, with Deno itself.
 *
 * @throws {UserError} If that fails
 */
export async function fetchOnnxRuntime(signal?: AbortSignal): Promise<void> {
  if (await installedRuntime() !== null) return;
  const root = new URL("../../", import.meta.url);
  const folder = root.protocol === "file:" ? root : undefined;
  const reason = await fetchNpmPackage(ONNX_PACKAGE, folder, signal) ?? "it is not where it should be";
  if (await installedRuntime() !== null) return;
  throw new UserError(
    `Cannot fetch ${ONNX_PACKAGE}, which runs models: ${reason}; check the connection and run setup again.`,
  );
}
