/**
 * Masks that models made of photographs, kept so that a second look at a folder does not make them again.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { hashFile } from "../../backend/native/file_hash.ts";
import { sha256 } from "../../core/sha256.ts";
import { writeJsonAtomic } from "../../io/atomic_file.ts";
import type { ByteImage } from "../../io/byte_image.ts";
import { readJson } from "../../io/json_file.ts";
import { decodeRle, encodeRle, runsToText, textToRuns } from "../../io/rle.ts";
import { findVisionModel } from "../../vision/find_vision_model.ts";
import { VISION_MODELS } from "../../vision/vision_model.ts";
import type { MaskModelOptions, RemoveBackground } from "./background_remover.ts";

/** Raised when the same photograph and models come to another mask. */
const VERSION = 1;

const schema = v.object({
  runs: v.string(),
  doubt: v.nullable(v.string()),
  sureness: v.nullable(v.number()),
});

/**
 * Keeps the masks that models make, a file a photograph, by its pixels, the models and their options. Masks by colour are made
 * again, as that is quick. A file that is damaged is made again.
 *
 * @param remove Makes a mask
 * @param options The models
 * @param folder Folder of the files
 * @param writes Whether masks that are not there yet are written
 */
export function keepingMasks(
  remove: RemoveBackground,
  options: MaskModelOptions | undefined,
  folder: string,
  writes: boolean,
): RemoveBackground {
  let models: Promise<string | null> | null = null;
  return async (image) => {
    const key = await (models ??= modelsKey(options));
    if (key === null) return await remove(image);
    const { height, width } = image, path = join(folder, `${await maskKey(image, key)}.json`);
    const kept = await readJson(path, schema, "mask").catch(() => null);
    if (kept !== null) {
      const { runs, ...rest } = kept;
      const mask = decodeKept(runs, height, width);
      if (mask) return { mask, ...rest };
    }
    const made = await remove(image);
    if (writes) {
      const { mask, doubt, sureness } = made, runs = runsToText(encodeRle(mask, height, width));
      await writeJsonAtomic(path, { runs, doubt, sureness });
    }
    return made;
  };
}

function decodeKept(runs: string, height: number, width: number): Uint8Array | null {
  try {
    return decodeRle(textToRuns(runs), height, width);
  } catch {
    return null;
  }
}

/** What the masks depend on beside the photographs; null where no model makes them. */
async function modelsKey(
  { model = "auto", ...settings }: MaskModelOptions = {},
): Promise<string | null> {
  if (model === "none") return null;
  const hashes = model === "auto"
    ? await Promise.all(
      VISION_MODELS.map(async (one) => await findVisionModel(one) === null ? [] : [one.sha256]),
    )
    : [[await hashFile(model)]];
  const { threads: _, ...others } = settings;
  return hashes.flat().length === 0 ? null : JSON.stringify([VERSION, hashes.flat(), others]);
}

async function maskKey({ data, height, width, channels }: ByteImage, models: string): Promise<string> {
  const head = new TextEncoder().encode(`${models} ${height} ${width} ${channels} `);
  const bytes = new Uint8Array(head.length + data.length);
  bytes.set(head);
  bytes.set(data, head.length);
  return (await sha256(bytes)).slice(0, 32);
}
