/**
 * PNG without an image library, so that browsers write the same pixels: they may change those of their own canvases.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { ByteImage } from "./byte_image.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Number of PNG's colour type by number of channels. */
const COLOUR_TYPES: Readonly<Record<number, number>> = { 1: 0, 3: 2, 4: 6 };
/** Row filter "sub": each byte minus that of the pixel to its left. */
const SUB = 1;

/**
 * Encodes an image as PNG with 8 bits a channel. Values are rounded; those outside of [0, 1] are cut off there.
 *
 * @param image `[H, W, C]` in [0, 1], C = 1 (grey), 3 (RGB) or 4 (RGB and alpha)
 * @returns Bytes of the file
 * @throws {TypeError} If the number of channels is another one or the values do not fill the shape
 */
export function encodePlainPng(image: FloatImage): Promise<Uint8Array> {
  const data = Uint8Array.from(image.data, (value) => Math.min(255, Math.max(0, Math.round(value * 255))));
  return encodePlainBytesPng({ ...image, data });
}

/**
 * Encodes 8-bit values as PNG, without a change.
 *
 * @param image `[H, W, C]`, C = 1 (grey), 3 (RGB) or 4 (RGB and alpha)
 * @returns Bytes of the file
 * @throws {TypeError} If the number of channels is another one or the values do not fill the shape
 */
export async function encodePlainBytesPng(
  { data, height, width, channels }: ByteImage,
): Promise<Uint8Array> {
  const colourType = COLOUR_TYPES[channels];
  if (colourType === undefined || data.length !== height * width * channels || data.length === 0) {
    throw new TypeError(
      `Cannot encode a PNG as it must have 1, 3 or 4 channels and a value for each: current value is ` +
        `${height} x ${width} x ${channels} with ${data.length} values`,
    );
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colourType], 8);
  const chunks = [
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", await deflate(filteredRows(data, height, width * channels, channels))),
    chunk("IEND", new Uint8Array(0)),
  ];
  const bytes = new Uint8Array(chunks.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of chunks) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Rows of bytes, each behind the number of its filter, `[H, 1 + W C]`. */
function filteredRows(
  bytes: Uint8Array,
  height: number,
  rowLength: number,
  channels: number,
): Uint8Array<ArrayBuffer> {
  const rows = new Uint8Array(height * (rowLength + 1));
  for (let row = 0, at = 0, from = 0; row < height; row++) {
    rows[at++] = SUB;
    for (let i = 0; i < rowLength; i++, from++) {
      rows[at++] = bytes[from] - (i < channels ? 0 : bytes[from - channels]);
    }
  }
  return rows;
}

/** Compresses in zlib's format. */
async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Length, name, content and checksum. */
function chunk(name: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

let table: Uint32Array | undefined;

/** The checksum of PNG: CRC-32 with the polynomial 0xedb88320. */
export function crc32(bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, value) => {
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]) & 0xff];
  return ~crc >>> 0;
}
