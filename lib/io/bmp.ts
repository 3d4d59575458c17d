/**
 * BMP pictures, which sharp does not read.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { decode } from "bmp-ts";
import type { ByteImage } from "./image_file.ts";

/** Bytes of the two headers up to the compression. */
const HEADER_BYTES = 34;
/** Compressions that are read: none, and colours by bit fields. */
const READ_COMPRESSIONS = [0, 3];

/** Whether a file begins like a BMP picture. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes.length > HEADER_BYTES && bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/**
 * Decodes a BMP picture: grey where all of its colours are, RGB, or RGB and alpha where its alpha is used.
 *
 * @param bytes The file
 * @param checkSize Refuses sizes before memory is taken
 * @returns Values, `[H, W, 1 | 3 | 4]`
 * @throws {Error} If it is damaged or of a kind that is not read
 */
export function decodeBmp(
  bytes: Uint8Array,
  checkSize: (rows: number, columns: number) => void,
): ByteImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const columns = view.getInt32(18, true), rows = Math.abs(view.getInt32(22, true));
  const bits = view.getUint16(28, true), compression = view.getUint32(30, true);
  if (columns < 1 || rows < 1) throw new RangeError(`it says that it has ${columns} x ${rows} pixels`);
  checkSize(rows, columns);
  if (!READ_COMPRESSIONS.includes(compression)) {
    throw new RangeError("compressed BMP is not read: save it as PNG");
  }
  const needed = view.getUint32(10, true) + rows * 4 * Math.ceil(columns * bits / 32);
  if (needed > bytes.length) {
    throw new RangeError(`it needs ${needed} bytes and has ${bytes.length}: it is cut off`);
  }
  const { data, width, height } = decode(Buffer.from(bytes), { toRGBA: true });
  const pixels = Math.abs(height) * width;
  let isGrey = true, seesThrough = false, isVisible = false;
  for (let k = 0; k < 4 * pixels; k += 4) {
    if (data[k] !== data[k + 1] || data[k] !== data[k + 2]) isGrey = false;
    if (data[k + 3] !== 255) seesThrough = true;
    if (data[k + 3] !== 0) isVisible = true;
  }
  const channels = bits === 32 && seesThrough && isVisible ? 4 : isGrey ? 1 : 3; // alpha 0 everywhere is not set
  const values = new Uint8Array(pixels * channels); // [H, W, C]
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < channels; c++) values[p * channels + c] = data[4 * p + c];
  }
  return { data: values, height: Math.abs(height), width, channels };
}
