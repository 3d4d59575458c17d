/**
 * One photograph of a person's own with its mask, as pixels.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { readByteImage } from "../io/image_file.ts";
import type { ByteImage } from "../io/byte_image.ts";
import { removeBackground } from "./background_removal/remove_background.ts";
import type { RemoveBackground } from "./background_removal/background_remover.ts";
import { ImageReader } from "./image_reader.ts";
import { readMask } from "./read_mask.ts";

/** Where the mask of a photograph comes from. */
export interface PhotoMask {
  /** Image of the mask; null for the alpha channel. */
  readonly mask: string | null;
  /** What is done with a photograph without a mask: it is refused (`given`), or its background is removed (`auto`). */
  readonly masks: "given" | "auto";
}

/** A photograph with its mask. */
export interface MaskedPhoto {
  /** The photograph, upright, `[H, W, C]`. */
  readonly image: ByteImage;
  /** 1 where the object is, else 0, `[H, W]`. */
  readonly mask: Uint8Array;
  /** Why a mask is not to be trusted, or what was done to it; null if nothing was noticed. */
  readonly doubt: string | null;
}

/**
 * Reads a photograph and its mask.
 *
 * @param path The photograph
 * @param source Where its mask comes from
 * @param remove What removes the background where there is no mask
 * @throws {UserError} If an image is missing or damaged, or there is no mask
 */
export async function readPhoto(
  path: string,
  { mask: maskPath, masks }: PhotoMask,
  remove: RemoveBackground = removeBackground,
): Promise<MaskedPhoto> {
  const image = await readByteImage(path);
  const mask = maskPath === null ? { kind: "alpha" as const } : { kind: "file" as const, path: maskPath };
  const found = await readMask("", { image: path, mask }, image, new ImageReader());
  if ("mask" in found) {
    const doubt = found.notes.map(({ value, advice }) =>
      `${value}; ${advice.replace(" in the image grid", "")}`
    ).join("; ");
    return { image, mask: found.mask, doubt: doubt || null };
  }
  if (masks === "auto" && maskPath === null) {
    const { mask, doubt } = await remove(image);
    return { image, mask, doubt };
  }
  if (found.kind === "no_mask") {
    throw new UserError(
      `Cannot use ${path}: it has no transparent background to serve as a mask; save it as an RGBA image (PNG), give 'mask: FILE', ` +
        `or 'masks: auto' to have the background removed.`,
    );
  }
  throw new UserError(
    `Cannot use ${path}: ${found.file === path ? "" : `${found.file}: `}${found.value}; ${found.advice}.`,
  );
}
