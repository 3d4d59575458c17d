/**
 * Photographs of the mask page: files that people open, or those of the folder that the server was started with.
 *
 * @module
 */
import { UserError } from "../lib/core/errors.ts";
import type { ViewerImage } from "./server/images.ts";
import { DOUBT_HEADER } from "./server/manifest.ts";
import { addressOf } from "./manifest.ts";

/** A photograph, opened. */
export interface OpenedPhotograph {
  /** Name without folder and ending. */
  readonly stem: string;
  /** The image, upright. */
  readonly image: ImageBitmap;
  /** Its mask so far, 0 or 1, `[H, W]`; null if it has none. */
  readonly mask: Uint8Array | null;
}

/** Lists the photographs of the server's folder. */
export async function listPhotographs(): Promise<ViewerImage[]> {
  return await (await ask("api/images")).json();
}

/** Opens a photograph of the server's folder, with its mask. */
export async function openListed({ name, hasMask }: ViewerImage): Promise<OpenedPhotograph> {
  const image = await decode(await (await ask(`api/images/${addressOf(name)}`)).blob(), name);
  const mask = hasMask ? await decode(await (await ask(`api/masks/${addressOf(name)}`)).blob(), name) : null;
  return { stem: stemOf(name), image, mask: mask && maskValues(mask, image) };
}

/** Opens a file, upright as its camera noted. */
export async function openFile(file: File): Promise<OpenedPhotograph> {
  return { stem: stemOf(file.name), image: await decode(file, file.name), mask: null };
}

/**
 * A photograph whose longer side is at most so many pixels.
 *
 * @param image The photograph, which is closed if it is larger
 * @param longest Pixels
 */
export async function scalePhotograph(image: ImageBitmap, longest: number): Promise<ImageBitmap> {
  const scale = longest / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const scaled = await createImageBitmap(image, {
    resizeWidth: Math.max(1, Math.round(image.width * scale)),
    resizeHeight: Math.max(1, Math.round(image.height * scale)),
    resizeQuality: "high",
    premultiplyAlpha: "none",
  });
  image.close();
  return scaled;
}

/**
 * The mask that `--masks auto` would make of a photograph.
 *
 * @returns The mask, 0 or 1, `[H, W]`, and why it is not to be trusted, or an empty text
 */
export async function guessListed(
  { name }: ViewerImage,
  size: { readonly width: number; readonly height: number },
): Promise<{ mask: Uint8Array; doubt: string }> {
  const response = await ask(`api/guesses/${addressOf(name)}`);
  const doubt = decodeURIComponent(response.headers.get(DOUBT_HEADER) ?? "");
  const mask = maskValues(await decode(await response.blob(), name), size);
  if (mask === null) throw new UserError(`Cannot cut ${name} out: the mask is of another size`);
  return { mask, doubt };
}

/**
 * Saves a mask beside its photograph.
 *
 * @returns The file that was written, relative to the folder
 */
export async function saveListed({ name }: ViewerImage, png: Uint8Array): Promise<string> {
  const response = await ask(`api/masks/${addressOf(name)}`, {
    method: "PUT",
    headers: { "content-type": "image/png" },
    body: png as Uint8Array<ArrayBuffer>,
  });
  return (await response.json()).saved;
}

async function ask(address: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(address, init);
  if (!response.ok) throw new UserError(await response.text());
  return response;
}

async function decode(blob: Blob, name: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, {
      ...{ premultiplyAlpha: "none", colorSpaceConversion: "default", imageOrientation: "from-image" },
    });
  } catch (error) {
    throw new UserError(`Cannot open ${name}: this browser cannot read its format`, { cause: error });
  }
}

/** Light pixels of a mask image; null if it is of another size than the photograph. */
function maskValues(
  mask: ImageBitmap,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array | null {
  if (mask.width !== width || mask.height !== height) return null;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  if (context === null) return null;
  context.drawImage(mask, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return Uint8Array.from({ length: width * height }, (_, i) => data[4 * i] > 127 ? 1 : 0);
}

function stemOf(name: string): string {
  return (name.split("/").at(-1) ?? name).replace(/\.[^.]*$/, "");
}
