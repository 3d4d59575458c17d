/**
 * Photographs whose masks are painted in the viewer: list, read, save.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { removeBackground } from "../../lib/datasets/background_removal/remove_background.ts";
import type { RemoveBackground } from "../../lib/datasets/background_removal/background_remover.ts";
import { isFolder } from "../../lib/datasets/find_images.ts";
import { readFolderLayout } from "../../lib/datasets/folder_layout.ts";
import type { PhotoSource } from "../../lib/datasets/photo_source.ts";
import { ImageReader } from "../../lib/datasets/image_reader.ts";
import { maskOfAlpha } from "../../lib/datasets/mask_image.ts";
import { nameOf, stemOf } from "../../lib/datasets/image_names.ts";
import { readMask } from "../../lib/datasets/read_mask.ts";
import { writeFileAtomic } from "../../lib/io/atomic_file.ts";
import {
  decodeByteImage,
  encodeBytesPng,
  hasAlpha,
  readByteImage,
  readImageFile,
} from "../../lib/io/image_file.ts";
import type { ByteImage } from "../../lib/io/byte_image.ts";
import { isInside } from "./is_inside.ts";

/** A photograph as the page lists it. */
export interface ViewerImage {
  /** Its path in the folder. */
  readonly name: string;
  /** File that its mask is saved to: a mask in `masks/`, or the RGBA image itself. */
  readonly target: string;
  /** Whether it has a mask: a file in `masks/`, or an alpha channel. */
  readonly hasMask: boolean;
}

const MASKS = "masks";

/**
 * Lists the photographs of a folder as an import of it does.
 *
 * @param folder Folder
 * @throws {UserError} If there is no such folder
 */
export async function viewerImages(folder: string): Promise<ViewerImage[]> {
  return (await listAll(folder)).map(({ name, target, hasMask }) => ({ name, target, hasMask }));
}

/** A photograph with the place of its mask. */
interface ListedImage extends ViewerImage {
  readonly source: PhotoSource;
}

async function listAll(folder: string): Promise<ListedImage[]> {
  if (!await isFolder(folder)) {
    throw new UserError(`Cannot read photographs from ${folder}: there is no such folder`);
  }
  const { sources } = await readFolderLayout(folder);
  const hasMasks = sources.some(({ mask }) => mask?.kind === "file") ||
    await isFolder(join(folder, MASKS));
  return await Promise.all(sources.map(async (source): Promise<ListedImage> => {
    const { image: name, mask } = source;
    if (mask?.kind === "file") return { name, target: `${stemOf(mask.path)}.png`, hasMask: true, source };
    const isRgba = await hasAlpha(join(folder, name));
    const isOwnTarget = isRgba && !hasMasks && /\.png$/i.test(name);
    return { name, target: isOwnTarget ? name : maskFile(name), hasMask: isRgba, source };
  }));
}

/** Where the mask of a photograph without a mask image is saved. */
function maskFile(name: string): string {
  return `${MASKS}/${nameOf(name).key}.png`;
}

/** Formats that browsers open, and that have no alpha channel which would hide colours. */
const OPEN_IN_BROWSERS: Readonly<Record<string, string>> = { jpg: "image/jpeg", jpeg: "image/jpeg" };

/**
 * A photograph for a browser: the file's bytes, or a PNG with all its colours, also those that its alpha channel hides.
 *
 * @throws {UserError} If the folder has no photograph of this name, or it cannot be read
 */
export async function readImage(
  folder: string,
  name: string,
): Promise<{ bytes: Uint8Array; type: string }> {
  await listed(folder, name);
  const path = join(folder, name), type = OPEN_IN_BROWSERS[/[^.]*$/.exec(name)![0].toLowerCase()];
  if (type !== undefined) return { bytes: await readImageFile(path), type };
  const image = await readByteImage(path), { height, width, channels } = image;
  const rgba = withAlpha(image, new Uint8Array(height * width));
  const data = Uint8Array.from(
    { length: height * width * 3 },
    (_, i) => rgba.data[4 * Math.floor(i / 3) + i % 3],
  );
  const opaque = channels === 3 ? image : { data, height, width, channels: 3 };
  return { bytes: await encodeBytesPng(opaque), type: "image/png" };
}

/**
 * The mask of a photograph as a grey PNG, 255 = object, as an import reads it.
 *
 * @throws {UserError} If the folder has no photograph of this name, or the photograph no mask
 */
export async function readImageMask(folder: string, name: string): Promise<Uint8Array> {
  const { source } = await listed(folder, name);
  const image = await readByteImage(join(folder, name)), { height, width } = image;
  const read = await readMask(folder, source, image, new ImageReader());
  if ("kind" in read) throw new UserError(`Cannot read the mask of ${name}: ${read.value}; ${read.advice}`);
  return await encodeBytesPng({ data: read.mask.map((value) => 255 * value), height, width, channels: 1 });
}

/**
 * A mask of a photograph without one: the one that `--masks auto` would make.
 *
 * @param folder Folder of the photographs
 * @param name A photograph of the folder
 * @param remove What removes its background
 * @returns The mask as a grey PNG, 255 = object, and why it is not to be trusted, or null
 * @throws {UserError} If the folder has no photograph of this name, or it cannot be read
 */
export async function guessImageMask(
  folder: string,
  name: string,
  remove: RemoveBackground = removeBackground,
): Promise<{ bytes: Uint8Array; doubt: string | null }> {
  await listed(folder, name);
  const image = await readByteImage(join(folder, name)), { height, width } = image;
  const { mask, doubt } = await remove(image);
  const data = mask.map((value) => 255 * value);
  return { bytes: await encodeBytesPng({ data, height, width, channels: 1 }), doubt };
}

/**
 * Saves a painted mask: to `masks/`, or into the alpha channel of an RGBA image (PNG). The file is replaced as a whole.
 *
 * @param folder Folder of the photographs
 * @param name A photograph of the folder
 * @param png The mask as PNG, light = object, of the photograph's size
 * @returns The file that was written, relative to the folder
 * @throws {UserError} If there is no such photograph, or the mask is no image of its size
 */
export async function saveMask(folder: string, name: string, png: Uint8Array): Promise<string> {
  const { target } = await listed(folder, name);
  const image = await readByteImage(join(folder, name));
  const mask = await decodeByteImage(png, `that is the mask of ${name}`);
  const { height, width } = image;
  if (mask.height !== height || mask.width !== width) {
    throw new UserError(
      `Cannot save the mask of ${name}: it is ${mask.width} x ${mask.height}, the image ${width} x ${height}`,
    );
  }
  const alpha = Uint8Array.from(
    { length: height * width },
    (_, i) => mask.data[i * mask.channels] > 127 ? 255 : 0,
  );
  if (!await isInside(folder, join(folder, target))) {
    throw new UserError(`Cannot write ${target}: a link leads out of the folder of photographs`);
  }
  if (target === maskFile(name)) await keepRgbaImages(folder);
  await writeFileAtomic(
    join(folder, target),
    await encodeBytesPng(
      target === name ? withAlpha(image, alpha) : { data: alpha, height, width, channels: 1 },
    ),
  );
  return target;
}

/**
 * Writes the alpha channels of RGBA images to `masks/` before that folder is made, so that all masks lie in one place.
 */
async function keepRgbaImages(folder: string): Promise<void> {
  const masks: [string, Uint8Array][] = [];
  for (const { name, source } of await listAll(folder)) { // all are read before the folder is there
    if (source.mask?.kind !== "alpha") continue;
    const image = await readByteImage(join(folder, name)).catch(() => null),
      mask = image && maskOfAlpha(image);
    if (mask) masks.push([maskFile(name), await readImageMask(folder, name)]);
  }
  for (const [path, bytes] of masks) await writeFileAtomic(join(folder, path), bytes);
}

/** The entry of a photograph; only listed names ever reach the disk. */
async function listed(folder: string, name: string): Promise<ListedImage> {
  const found = (await listAll(folder)).find((image) => image.name === name);
  if (!found) throw new UserError(`There is no photograph ${name} in this folder`);
  return found;
}

/** Colours with a new alpha channel, `[H, W, 4]`. */
function withAlpha({ data, height, width, channels }: ByteImage, alpha: Uint8Array): ByteImage {
  const out = new Uint8Array(height * width * 4);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) out[4 * i + c] = data[i * channels + (channels > 2 ? c : 0)];
    out[4 * i + 3] = alpha[i];
  }
  return { data: out, height, width, channels: 4 };
}
