/**
 * Photographs whose masks are painted in the viewer: list, read, save.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { cutOut } from "../datasets/cut_out/cut_out.ts";
import { findPictures, isFolder } from "../datasets/find_pictures.ts";
import { writeFileAtomic } from "../io/atomic_file.ts";
import {
  type ByteImage,
  decodeByteImage,
  encodeBytesPng,
  readByteImage,
  readPictureFile,
} from "../io/image_file.ts";
import { isInside } from "./is_inside.ts";

/** A photograph as the page lists it. */
export interface ViewerPicture {
  /** Its path in the folder. */
  readonly name: string;
  /** File that its mask is saved to: a mask in `masks/`, or the cut-out itself. */
  readonly target: string;
  /** Whether it has a mask: a file in `masks/`, or an alpha channel. */
  readonly hasMask: boolean;
}

const MASKS = "masks";
/** Bytes of a PNG up to its colour type, and the types with alpha: grey and RGB. */
const PNG_HEAD = 26, ALPHA_TYPES = [4, 6];

/**
 * Lists the photographs of a folder in the layouts that an import understands.
 *
 * @param folder Folder
 * @throws {UserError} If there is no such folder
 */
export async function viewerPictures(folder: string): Promise<ViewerPicture[]> {
  if (!await isFolder(folder)) {
    throw new UserError(`Cannot read photographs from ${folder}: there is no such folder`);
  }
  const prefix = await isFolder(join(folder, "images")) ? "images/" : "";
  const names = await findPictures(join(folder, prefix), [MASKS, "parts"]);
  const hasMasks = await isFolder(join(folder, MASKS)), masks = await findPictures(join(folder, MASKS));
  const maskOf = new Map(masks.map((name) => [stemOf(name), `${MASKS}/${name}`]));
  return await Promise.all(names.map(async (name): Promise<ViewerPicture> => {
    const path = prefix + name, mask = maskOf.get(stemOf(name));
    const isCutOut = !hasMasks && await hasAlpha(join(folder, path));
    return {
      name: path,
      target: isCutOut ? path : `${MASKS}/${stemOf(name)}.png`,
      hasMask: mask !== undefined || isCutOut,
    };
  }));
}

/** Formats that browsers open, and that have no alpha channel which would hide colours. */
const OPEN_IN_BROWSERS: Readonly<Record<string, string>> = { jpg: "image/jpeg", jpeg: "image/jpeg" };

/**
 * A photograph for a browser: the file's bytes, or a PNG with all its colours, also those that its alpha channel hides.
 *
 * @throws {UserError} If the folder has no photograph of this name, or it cannot be read
 */
export async function readPicture(
  folder: string,
  name: string,
): Promise<{ bytes: Uint8Array; type: string }> {
  await listed(folder, name);
  const path = join(folder, name), type = OPEN_IN_BROWSERS[/[^.]*$/.exec(name)![0].toLowerCase()];
  if (type !== undefined) return { bytes: await readPictureFile(path), type };
  const picture = await readByteImage(path), { height, width, channels } = picture;
  const rgba = withAlpha(picture, new Uint8Array(height * width));
  const data = Uint8Array.from(
    { length: height * width * 3 },
    (_, i) => rgba.data[4 * Math.floor(i / 3) + i % 3],
  );
  const opaque = channels === 3 ? picture : { data, height, width, channels: 3 };
  return { bytes: await encodeBytesPng(opaque), type: "image/png" };
}

/**
 * The mask of a photograph as a grey PNG, 255 = object.
 *
 * @throws {UserError} If the folder has no photograph of this name, or the photograph no mask
 */
export async function readPictureMask(folder: string, name: string): Promise<Uint8Array> {
  const { target, hasMask } = await listed(folder, name);
  if (!hasMask) throw new UserError(`Cannot read the mask of ${name}: it has none`);
  const stem = stemOf(target);
  const inMasks = target === name ? undefined : (await findPictures(join(folder, MASKS)))
    .map((mask) => `${MASKS}/${mask}`).find((mask) => stemOf(mask) === stem);
  const picture = await readByteImage(join(folder, inMasks ?? name));
  const { height, width, channels } = picture;
  // A mask picture is grey or as good as grey; of a cut-out the last channel counts.
  const channel = inMasks === undefined ? channels - 1 : 0;
  const data = Uint8Array.from(
    { length: height * width },
    (_, i) => picture.data[i * channels + channel] > 127 ? 255 : 0,
  );
  return await encodeBytesPng({ data, height, width, channels: 1 });
}

/**
 * A mask of a photograph without one: what `--masks auto` would cut out.
 *
 * @returns The mask as a grey PNG, 255 = object, and why it is not to be trusted, or null
 * @throws {UserError} If the folder has no photograph of this name, or it cannot be read
 */
export async function guessPictureMask(
  folder: string,
  name: string,
): Promise<{ bytes: Uint8Array; doubt: string | null }> {
  await listed(folder, name);
  const picture = await readByteImage(join(folder, name)), { height, width } = picture;
  const { mask, doubt } = await cutOut(picture);
  const data = mask.map((value) => 255 * value);
  return { bytes: await encodeBytesPng({ data, height, width, channels: 1 }), doubt };
}

/**
 * Saves a painted mask: to `masks/`, or into the alpha channel of a PNG cut-out. The file is replaced as a whole.
 *
 * @param folder Folder of the photographs
 * @param name A photograph of the folder
 * @param png The mask as PNG, light = object, of the photograph's size
 * @returns The file that was written, relative to the folder
 * @throws {UserError} If there is no such photograph, or the mask is no picture of its size
 */
export async function saveMask(folder: string, name: string, png: Uint8Array): Promise<string> {
  const { target } = await listed(folder, name);
  const picture = await readByteImage(join(folder, name));
  const mask = await decodeByteImage(png, `that is the mask of ${name}`);
  const { height, width } = picture;
  if (mask.height !== height || mask.width !== width) {
    throw new UserError(
      `Cannot save the mask of ${name}: it is ${mask.width} x ${mask.height}, the picture ${width} x ${height}`,
    );
  }
  const alpha = Uint8Array.from(
    { length: height * width },
    (_, i) => mask.data[i * mask.channels] > 127 ? 255 : 0,
  );
  if (!await isInside(folder, join(folder, target))) {
    throw new UserError(`Cannot write ${target}: a link leads out of the folder of photographs`);
  }
  if (target !== name) await keepCutOuts(folder);
  await writeFileAtomic(
    join(folder, target),
    await encodeBytesPng(
      target === name ? withAlpha(picture, alpha) : { data: alpha, height, width, channels: 1 },
    ),
  );
  return target;
}

/**
 * Writes the alpha channels of cut-outs to `masks/` before that folder is made: once it is there, an import takes all
 * masks from it.
 */
async function keepCutOuts(folder: string): Promise<void> {
  const cutOuts = (await viewerPictures(folder)).filter(({ name, target }) => target === name);
  const masks: [string, Uint8Array][] = [];
  for (const { name } of cutOuts) { // all are read before the folder is there
    const mask = `${MASKS}/${stemOf(name).replace(/^images\//, "")}.png`;
    masks.push([join(folder, mask), await readPictureMask(folder, name)]);
  }
  for (const [path, bytes] of masks) await writeFileAtomic(path, bytes);
}

/** The entry of a photograph; only listed names ever reach the disk. */
async function listed(folder: string, name: string): Promise<ViewerPicture> {
  const found = (await viewerPictures(folder)).find((picture) => picture.name === name);
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

/** Whether a PNG stores an alpha channel; other formats count as photographs. */
async function hasAlpha(path: string): Promise<boolean> {
  if (!/\.png$/i.test(path)) return false;
  const file = await Deno.open(path);
  try {
    const head = new Uint8Array(PNG_HEAD);
    return await file.read(head) === PNG_HEAD && ALPHA_TYPES.includes(head[PNG_HEAD - 1]);
  } finally {
    file.close();
  }
}

function stemOf(path: string): string {
  return path.replace(/\.[^./]*$/, "");
}
