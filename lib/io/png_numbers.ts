/**
 * Numbers that PNG files of labels hold, which image libraries turn into colours.
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
 * @param bytes Any image file
 * @returns The file, itself if it is none of these, and how many times its numbers its grey values are when it is read
 */
export function withoutPalette(bytes: Uint8Array): { bytes: Uint8Array; stretch: number } {
  const isPng = bytes.length > HEADER_END + 4 && SIGNATURE.every((value, k) => bytes[k] === value);
  const type = bytes[COLOUR_TYPE], bits = bytes[BITS];
  if (!isPng || type !== GREY && type !== PALETTE) return { bytes, stretch: 1 };
  const stretch = bits < 8 ? 255 / (2 ** bits - 1) : 1;
  if (type === GREY) return { bytes, stretch };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const grey = new Uint8Array(bytes.length), greyView = new DataView(grey.buffer);
  grey.set(bytes.subarray(0, 8));
  let end = 8;
  for (let at = 8; at + 12 <= bytes.length;) {
    const chunk = bytes.subarray(at, at + 12 + view.getUint32(at));
    if (KEPT.includes(new TextDecoder("latin1").decode(chunk.subarray(4, 8)))) {
      grey.set(chunk, end); // what a file that is cut off has of it
      end += chunk.length;
    }
    at += chunk.length;
  }
  grey[COLOUR_TYPE] = GREY;
  greyView.setUint32(HEADER_END, crc32(grey.subarray(HEADER - 4, HEADER_END)));
  return { bytes: grey.subarray(0, end), stretch };
}
