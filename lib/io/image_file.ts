/**
 * Images in files, read and written with sharp.
 *
 * @module
 */
import sharp, { type Sharp } from "sharp";
import type { FloatImage } from "../core/arrays.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { writeFileAtomic } from "./atomic_file.ts";
import { decodeBmp, isBmp } from "./bmp.ts";
import { foreignContent, unreadImage } from "./foreign_content.ts";
import { withoutPalette } from "./png_numbers.ts";
import type { ByteImage, DeepImage } from "./byte_image.ts";

/**
 * Reads an image as 8-bit values: the rotation that the camera noted (EXIF) is applied; palettes, CMYK and 16-bit
 * values become 8-bit grey or sRGB.
 *
 * @throws {UserError} If the file is missing or not a readable image, a truncated one included
 */
export async function readByteImage(path: string): Promise<ByteImage> {
  return await decodeByteImage(await readImageFile(path), path);
}

/**
 * Reads a mask or labels with the values that the file holds: 16 bits stay 16 bits.
 *
 * @throws {UserError} If the file is missing or not a readable image, a truncated one included
 */
export async function readDeepImage(path: string): Promise<DeepImage> {
  return await decodeDeepImage(await readImageFile(path), path);
}

/**
 * Reads an image of labels with the numbers that its file holds: those of a palette, and those of 1, 2 or 4 bits.
 *
 * @throws {UserError} If the file is missing or not a readable image, a truncated one included
 */
export async function readLabelImage(path: string): Promise<DeepImage> {
  return await decodeLabelImage(await readImageFile(path), path);
}

/**
 * Decodes the bytes of an image of labels like {@link readLabelImage}.
 *
 * @param bytes The file
 * @param path Its path, for the message
 * @throws {UserError} If it is not a readable image, a truncated one included
 */
export async function decodeLabelImage(bytes: Uint8Array, path: string): Promise<DeepImage> {
  const { bytes: plain, stretch } = withoutPalette(bytes);
  const image = await decodeDeepImage(plain, path);
  return stretch === 1 ? image : { ...image, data: image.data.map((value) => value / stretch) };
}

/**
 * Reads the bytes of an image file.
 *
 * @throws {UserError} If the file is missing or may not be read
 */
export async function readImageFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : messageOf(error);
    throw new UserError(`Cannot read the image ${path}: ${reason}`, { cause: error });
  }
}

/**
 * Decodes the bytes of an image file like {@link readByteImage}.
 *
 * @param bytes The file
 * @param path Its path, for the message
 * @throws {UserError} If it is not a readable image, a truncated one included
 */
export async function decodeByteImage(bytes: Uint8Array, path: string): Promise<ByteImage> {
  return await decodeWith(bytes, path, async ({ pipeline, isGrey, hasAlpha, orientation }) => {
    const space = isGrey && !hasAlpha ? "b-w" : "srgb"; // grey with alpha loses it as "b-w"
    const { data, info } = await pipeline.autoOrient().toColourspace(space).raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const { height, width, channels } = info;
    const values = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return { data: values, height, width, channels, ...(orientation > 1 ? { orientation } : {}) };
  });
}

/**
 * Decodes the bytes of an image file with the values that it holds: 16 bits stay 16 bits.
 *
 * @param bytes The file
 * @param path Its path, for the message
 * @throws {UserError} If it is not a readable image, a truncated one included
 */
export async function decodeDeepImage(bytes: Uint8Array, path: string): Promise<DeepImage> {
  return await decodeWith(
    bytes,
    path,
    async ({ pipeline, isGrey, isDeep, isWide, isLossy, hasAlpha, orientation }) => {
      const space = isGrey && (isDeep || !hasAlpha) ? (isDeep ? "grey16" : "b-w") : isDeep ? "rgb16" : "srgb";
      const { data, info } = await pipeline.autoOrient().toColourspace(space)
        .raw({ depth: isWide ? "float" : isDeep ? "ushort" : "uchar" }).toBuffer({ resolveWithObject: true });
      const { height, width, channels } = info;
      const values = isWide
        ? narrowed(new Float32Array(data.buffer, data.byteOffset, data.length / 4))
        : isDeep
        ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
        : new Uint8Array(data.buffer, data.byteOffset, data.length);
      return { data: values, height, width, channels, isLossy, ...(orientation > 1 ? { orientation } : {}) };
    },
  );
}

/** Values of 32 bits and more as 16 bits: shares from 0 to 1 are stretched, others cut off at both ends. */
function narrowed(values: Float32Array): Uint16Array {
  const isShare = values.every((value) => !(value > 1)) &&
    !values.every((value) => value === Math.round(value));
  const scale = isShare ? 65535 : 1;
  return Uint16Array.from(values, (value) => Math.min(65535, Math.max(0, Math.round(scale * value) || 0)));
}

/** An image file that is opened, before its pixels are read. */
interface OpenedImage {
  readonly pipeline: Sharp;
  readonly isGrey: boolean;
  /** Whether values have 16 bits. */
  readonly isDeep: boolean;
  /** Whether values have other bits than 8 or 16 unsigned ones: signed, 32 or 64, whole or floating. */
  readonly isWide: boolean;
  readonly isLossy: boolean;
  readonly hasAlpha: boolean;
  readonly orientation: number;
}

async function decodeWith<T>(
  bytes: Uint8Array,
  path: string,
  decode: (opened: OpenedImage) => Promise<T>,
): Promise<T> {
  const foreign = foreignContent(bytes) ?? unreadImage(bytes);
  if (foreign !== null) throw new UserError(`Cannot read the image ${path}: ${foreign}`);
  try {
    return await decode(await openImage(bytes));
  } catch (error) {
    const reason = messageOf(error).split("\n")[0];
    throw new UserError(`Cannot read the image ${path}: it is damaged or not an image (${reason})`, {
      cause: error,
    });
  }
}

async function openImage(bytes: Uint8Array): Promise<OpenedImage> {
  if (isBmp(bytes)) {
    const { data, height, width, channels } = decodeBmp(
      bytes,
      (rows, columns) => checkPixels(rows, columns, bytes.length),
    );
    return {
      pipeline: pipelineOf({ data, height, width, channels }, "BMP"),
      ...{ isGrey: channels === 1, isDeep: false, isWide: false, isLossy: false, hasAlpha: channels === 4 },
      orientation: 1,
    };
  }
  const pipeline = sharp(bytes, { failOn: "truncated" });
  const { space, height, width, depth, format, hasAlpha, orientation = 1 } = await pipeline.metadata();
  checkPixels(height, width, bytes.length);
  return {
    pipeline,
    isGrey: space === "b-w" || space === "grey16",
    isDeep: depth === "ushort" && (space === "grey16" || space === "rgb16"),
    isWide: depth !== "uchar" && depth !== "ushort",
    isLossy: format === "webp" ? !isLosslessWebp(bytes) : format === "jpeg" || format === "heif",
    hasAlpha: hasAlpha ?? false,
    orientation,
  };
}

/** Whether the first image of a WebP file is stored without loss. */
function isLosslessWebp(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = view.getUint32(at), size = view.getUint32(at + 4, true);
    if (name === 0x5650384c || name === 0x56503820) return name === 0x5650384c; // "VP8L", "VP8 "
    at += 8 + size + size % 2;
  }
  return false;
}

/** Pixels that any file may hold. */
const SAFE_PIXELS = 40e6;
/** Pixels that a file may hold beyond that for each of its bytes. */
const PIXELS_A_BYTE = 1000;
/** Pixels that no file may exceed. */
const MOST_PIXELS = 250e6;

/** Refuses sizes that a header claims but so few bytes can hardly hold, before memory is taken. */
function checkPixels(rows: number, columns: number, bytes: number): void {
  const most = Math.min(MOST_PIXELS, Math.max(SAFE_PIXELS, PIXELS_A_BYTE * bytes));
  if (rows * columns <= most) return;
  throw new RangeError(
    `it claims ${columns} x ${rows} pixels in ${bytes} bytes, up to ${
      Math.floor(most / 1e6)
    } million are read`,
  );
}

/** Whether an image file has an alpha channel; false as well if it cannot be read. */
export async function hasAlpha(path: string): Promise<boolean> {
  if (/\.(bmp|dib)$/i.test(path)) { // whose alpha counts only where it is used
    return await readByteImage(path).then(({ channels }) => channels === 4, () => false);
  }
  const read = sharp(path).metadata().then((metadata) => metadata.hasAlpha ?? false);
  return await read.catch(() => false);
}

/**
 * Reads an image as floats in [0, 1], with 1 to 4 channels as in the file (grey, grey and alpha, RGB, RGB and alpha).
 *
 * @throws {UserError} If the file is missing or not a readable image
 */
export async function readImage(path: string): Promise<FloatImage> {
  const { data, height, width, channels } = await readByteImage(path);
  return { data: Float32Array.from(data, (value) => value / 255), height, width, channels };
}

/**
 * Encodes an image as PNG with 8 bits a channel. Values are rounded; those outside of [0, 1] are cut off there.
 *
 * @param image `[H, W, C]` in [0, 1], C = 1 (grey), 3 (RGB) or 4 (RGB and alpha)
 * @returns Bytes of the file
 * @throws {TypeError} If the number of channels is another one or the values do not fill the shape
 */
export function encodePng(image: FloatImage): Promise<Uint8Array> {
  return encodeBytesPng({ ...image, data: roundToBytes(image.data) });
}

/**
 * Encodes 8-bit values as PNG, without a change.
 *
 * @param image `[H, W, C]`, C = 1 (grey), 3 (RGB) or 4 (RGB and alpha)
 * @returns Bytes of the file
 * @throws {TypeError} If the number of channels is another one or the values do not fill the shape
 */
export async function encodeBytesPng(image: ByteImage): Promise<Uint8Array> {
  return new Uint8Array(await pipelineOf(image, "PNG").png().toBuffer());
}

/**
 * Encodes an image as lossy WebP with 8 bits a channel. Values are rounded; those outside of [0, 1] are cut off there.
 *
 * @param image `[H, W, C]` in [0, 1], C = 1 (grey), 3 (RGB) or 4 (RGB and alpha)
 * @param options `quality`: 1 (small) to 100 (near the original), 80 by default
 * @returns Bytes of the file
 * @throws {TypeError} If the number of channels is another one or the values do not fill the shape
 * @throws {RangeError} If the quality is out of range
 */
export async function encodeWebp(
  image: FloatImage,
  { quality = 80 }: { readonly quality?: number } = {},
): Promise<Uint8Array> {
  if (!(Number.isInteger(quality) && quality >= 1 && quality <= 100)) {
    throw new RangeError(
      `Cannot encode a WebP as quality must be an integer from 1 to 100: current value is ${quality}`,
    );
  }
  const pipeline = pipelineOf({ ...image, data: roundToBytes(image.data) }, "WebP");
  return new Uint8Array(await pipeline.webp({ quality, effort: 4 }).toBuffer());
}

/**
 * Writes an image as PNG, atomically.
 *
 * @param path Target file
 * @param image `[H, W, C]` in [0, 1], C = 1, 3 or 4
 * @throws {UserError} If the file cannot be written
 */
export async function writePng(path: string, image: FloatImage): Promise<void> {
  await writeFileAtomic(path, await encodePng(image));
}

/** Checks 8-bit values and hands them to sharp. */
function pipelineOf({ data, height, width, channels }: ByteImage, format: string): Sharp {
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new TypeError(
      `Cannot encode a ${format} as it must have 1, 3 or 4 channels: current value is ${channels}`,
    );
  }
  if (data.length !== height * width * channels || data.length === 0) {
    throw new TypeError(
      `Cannot encode a ${format} of ${height} x ${width} x ${channels}: current value has ${data.length} values`,
    );
  }
  const pipeline = sharp(data, { raw: { width, height, channels } });
  return channels === 1 ? pipeline.toColourspace("b-w") : pipeline;
}

function roundToBytes(values: FloatImage["data"]): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.min(255, Math.max(0, Math.round(values[i] * 255)));
  return bytes;
}
