/**
 * Numbers that PNG files of labels hold, which picture libraries turn into colours.
 *
 * @module
 */
import { crc32 } from "./plain_png.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47];
/** Where the header's content stands, and within it bits and colour type. */
const HEADER = 16, BITS = HEADER + 8, COLOUR_TYPE = HEADER + 9, HEADER_END = HEADER + 13;
/** Colour types that hold one number a pixel. */
const GREY = 0, PALETTE = 3;
/** Chunks that are kept: the others give numbers colours, transparency or meaning, or tell of the file. */
const KEPT = ["IHDR", "IDAT", "IEND", "eXIf"];

/**
 * A PNG file of palette colours as one of grey values, which are the palette's numbers.
 *
 * @param bytes Any picture file
 * @returns The file, itself if it is none of these, and how many times its numbers its grey values are when it is read
 */
export function withoutPalette(bytes: Uint8Array): { bytes: Uint8Array; stretch: number } {
  const isPng = bytes.length > HEADER_END + 4 && SIGNATURE.every((value, k) => bytes[k] === value);
  const type = bytes[COLOUR_TYPE], bits = bytes[BITS];
  if (!isPng || type !== GREY && type !== PALETTE) return { bytes, stretch: 1 };
  const stretch = bits < 8 ? 255 / (2 ** bits - 1) : 1;
  if (type === GREY) return { bytes, stretch };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), kept = [bytes.slice(0, 8)];
  for (let at = 8; at + 12 <= bytes.length;) {
    const size = view.getUint32(at), end = at + 12 + size;
    const name = new TextDecoder("latin1").decode(bytes.subarray(at + 4, at + 8));
    if (KEPT.includes(name)) kept.push(bytes.slice(at, end)); // what a file that is cut off has of it
    at = end;
  }
  const header = kept[1];
  header[COLOUR_TYPE - 8] = GREY;
  new DataView(header.buffer).setUint32(HEADER_END - 8, crc32(header.subarray(4, HEADER_END - 8)));
  return { bytes: Uint8Array.from(kept.flatMap((part) => [...part])), stretch };
}
