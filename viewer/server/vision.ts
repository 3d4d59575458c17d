/**
 * What makes masks in the viewer's pages: a model, and what runs models in browsers.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFileAtomic } from "../../lib/io/atomic_file.ts";
import { findVisionModel } from "../../lib/vision/find_vision_model.ts";
import { findOnnxWeb, ONNX_WEB, ONNX_WEB_BYTES } from "../../lib/vision/onnx_web.ts";
import { U2NET_P } from "../../lib/vision/vision_model.ts";
import type { ViewerVision } from "./manifest.ts";

/** Folder of both in a viewer's folder. */
export const VISION_PAGE_FOLDER = "vision";
/** Name that the runtime's program has there, as not every host knows what `.mjs` is. */
const PROGRAM = "onnxruntime.js";

/** What a viewer brings along to make masks. */
export interface VisionSource {
  /** Folder of the files that run models in browsers. */
  readonly runtime: string;
  /** The model; null leaves it to people to bring theirs. */
  readonly model: { readonly title: string; readonly path: string; readonly licence: string } | null;
}

/**
 * What setup fetched.
 *
 * @returns null if it did not fetch what runs models in browsers
 * @throws {UserError} If a file is not the one that setup keeps
 */
export async function findVisionSource(): Promise<VisionSource | null> {
  const runtime = await findOnnxWeb(), path = await findVisionModel(U2NET_P), { title, licence } = U2NET_P;
  if (runtime === null) return null;
  return { runtime, model: path === null ? null : { title, path, licence } };
}

/**
 * Copies what makes masks beside the pages, which load it when a photograph without a mask is opened.
 *
 * @param folder The viewer's folder
 * @param source What is copied
 * @returns What stands in the manifest
 */
export async function writeViewerVision(
  folder: string,
  { runtime, model }: VisionSource,
): Promise<ViewerVision> {
  const target = join(folder, VISION_PAGE_FOLDER), [program, wasm] = ONNX_WEB.files;
  await Deno.mkdir(target, { recursive: true });
  const { package: name, version, licence } = ONNX_WEB;
  const notices = [`${PROGRAM}, ${wasm.file}: ${name} ${version}, licence ${licence}`];
  await writeFileAtomic(join(target, PROGRAM), await Deno.readFile(join(runtime, program.file)));
  await writeFileAtomic(join(target, wasm.file), await Deno.readFile(join(runtime, wasm.file)));
  const address = (file: string) => `${VISION_PAGE_FOLDER}/${file}`;
  const written = { program: address(PROGRAM), wasm: address(wasm.file), bytes: ONNX_WEB_BYTES };
  if (model === null) {
    await Deno.writeTextFile(join(target, "NOTICE.txt"), `${notices[0]}\n`);
    return { ...written, model: null };
  }
  const bytes = await Deno.readFile(model.path), file = "model.onnx";
  await writeFileAtomic(join(target, file), bytes);
  notices.push(`${file}: ${model.title}, licence ${model.licence}`);
  await Deno.writeTextFile(join(target, "NOTICE.txt"), `${notices.join("\n")}\n`);
  return { ...written, model: { title: model.title, file: address(file), bytes: bytes.length } };
}
