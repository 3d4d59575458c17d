/**
 * Finding the object of a photograph without a mask: by a model where there is one, else by colour.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import type { BackgroundRemoval } from "../lib/datasets/background_removal/plain_background.ts";
import type { ByteImage } from "../lib/io/byte_image.ts";
import type { PhotoPool } from "../lib/photo/find_photo_poses.ts";
import { byId, tell } from "./dom.ts";
import type { MaskModel, MaskProgress } from "./mask_model.ts";
import { removeBackgroundInWorker } from "./photo_workers.ts";

/** What was found. */
export interface FoundMask {
  /** 1 = object, `[H, W]`; null where a person has to mark it. */
  readonly mask: Uint8Array | null;
  /** Which way was taken, how sure it is, and what to do, for a person. */
  readonly told: string;
}

/** Whether a file is a model. */
export const isModelFile = ({ name }: File): boolean => /\.onnx$/i.test(name);

/** Finds objects in workers. */
export class ObjectFinder {
  readonly #model: MaskModel;
  readonly #pool: PhotoPool;

  /**
   * Shows what can be used.
   *
   * @param model The model
   * @param pool Workers that remove backgrounds by colour
   */
  constructor(model: MaskModel, pool: PhotoPool) {
    this.#model = model;
    this.#pool = pool;
    this.#showModel();
  }

  /**
   * Takes a model of one's own from now on; what is wrong with it is told.
   *
   * @returns Whether it is taken
   */
  async openModel(file: File): Promise<boolean> {
    try {
      await this.#model.open(file);
    } catch (error) {
      tell(messageOf(error), "problem");
      return false;
    }
    this.#showModel();
    return true;
  }

  /** Lets a person choose a model, or says why none can be used. */
  askForModel(): void {
    if (this.#model.lack !== null) return tell(this.#model.lack, "problem");
    byId("model-picker", HTMLInputElement).click();
  }

  /**
   * Finds the object. Where the model cannot be used, that is told, and the object is looked for by colour.
   *
   * @param image The photograph, `[H, W, C]`
   * @param way By the model if there is one, or by colour in any case
   * @param signal Stops it
   * @param onProgress Told how far it is
   */
  async find(
    image: ByteImage,
    way: "model" | "colour",
    signal: AbortSignal,
    onProgress: (progress: MaskProgress) => void,
  ): Promise<FoundMask> {
    const { title } = this.#model;
    if (way === "model" && title !== null) {
      try {
        return tellByModel(title, await this.#model.find(image, signal, onProgress));
      } catch (error) {
        signal.throwIfAborted();
        tell(`The model ${title} cannot be used: ${messageOf(error)}.`, "problem");
      }
    }
    onProgress({ doing: "Looking for the object by its colours …", share: 0.4 });
    return this.#tellByColour(await removeBackgroundInWorker(image, this.#pool, signal));
  }

  #tellByColour({ mask, doubt }: BackgroundRemoval): FoundMask {
    if (isWhole(mask) || doubt !== null) {
      const others = this.#model.lack === null && this.#model.title === null ? ", or load a model" : "";
      return {
        mask: null,
        told:
          "The background is not plain, so that the object cannot be found by colour: paint it, click a polygon " +
          `around it${others}.`,
      };
    }
    return { mask, told: "Found on its plain background, by colour. Mend what is wrong." };
  }

  #showModel(): void {
    const { title } = this.#model, button = byId("by-model", HTMLButtonElement);
    button.hidden = title === null;
    button.textContent = `Find it by ${title}`;
  }
}

/** Whether a mask tells nothing. */
function isWhole(mask: Uint8Array): boolean {
  return !mask.includes(1) || !mask.includes(0);
}

function tellByModel(title: string, { mask, sureness, doubt }: BackgroundRemoval): FoundMask {
  if (isWhole(mask)) {
    return {
      mask: null,
      told: `The model ${title} found no object: paint it, or click a polygon around it.`,
    };
  }
  const sure = `${Math.round(100 * (sureness ?? 0))} % sure`;
  const told = doubt === null
    ? `Found by the model ${title}, ${sure}. Mend what is wrong.`
    : `Look closely at what the model ${title} found, as ${doubt}. Mend what is wrong.`;
  return { mask, told };
}
