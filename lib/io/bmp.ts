/**
 * BMP images, which sharp does not read: palettes of 1 to 8 bits, 16, 24 and 32 bits, bit fields, runs, and OS/2's header.
 *
 * @module
 */
import { readBmpRuns } from "./bmp_runs.ts";
import type { ByteImage } from "./byte_image.ts";

/** Bytes before the second header, least bytes of both, and bytes of the second one of OS/2. */
const FILE_HEADER = 14, LEAST_BYTES = 26, OS2_HEADER = 12;
/** Kinds of storage: none is compressed, runs of 8 or 4 bits, bit fields without and with alpha. */
const PLAIN = 0, RUNS_8 = 1, RUNS_4 = 2, FIELDS = 3, ALPHA_FIELDS = 6;
/** Bits of red, green, blue and alpha where the file does not say. */
const FIELDS_OF_16 = [0x7c00, 0x3e0, 0x1f, 0], FIELDS_OF_32 = [0xff0000, 0xff00, 0xff, 0xff000000];

/** What the headers say. */
interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Whether row 0 comes first; else the last one does. */
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the pixels begin. */
  readonly start: number;
  /** Colours, RGB one after another. */
  readonly palette: Uint8Array;
  /** Bits of red, green, blue and alpha. */
  readonly fields: readonly number[];
}

/** Whether a file begins like a BMP image. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes.length >= LEAST_BYTES && bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/**
 * Decodes a BMP image: grey where all of its colours are, RGB, or RGB and alpha where its alpha is used.
 *
 * @param bytes The file
 * @param checkSize Refuses sizes before memory is taken
 * @returns Values, `[H, W, 1 | 3 | 4]`
 * @throws {RangeError} If it is damaged or of a kind that is not read
 */
export function decodeBmp(
  bytes: Uint8Array,
  checkSize: (rows: number, columns: number) => void,
): ByteImage {
  const header = readHeader(bytes, checkSize);
  const colours = header.bits <= 8 ? paletteColours(bytes, header) : fieldColours(bytes, header);
  return leastChannels(colours, header);
}

function readHeader(bytes: Uint8Array, checkSize: (rows: number, columns: number) => void): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(FILE_HEADER, true), isOs2 = size === OS2_HEADER;
  if (FILE_HEADER + size > bytes.length || !isOs2 && size < 16) {
    throw new RangeError(`its header says that it has ${size} bytes: it is cut off or damaged`);
  }
  const entry = (at: number) => at + 4 <= FILE_HEADER + size ? view.getUint32(at, true) : 0;
  const width = isOs2 ? view.getUint16(18, true) : view.getInt32(18, true);
  const rows = isOs2 ? view.getUint16(20, true) : view.getInt32(22, true), height = Math.abs(rows);
  const bits = view.getUint16(isOs2 ? 24 : 28, true), compression = isOs2 ? PLAIN : entry(30);
  if (width < 1 || height < 1) throw new RangeError(`it says that it has ${width} x ${height} pixels`);
  checkSize(height, width);
  const isKnown = compression === PLAIN
    ? [1, 2, 4, 8, 16, 24, 32].includes(bits)
    : compression === RUNS_8 && bits === 8 || compression === RUNS_4 && bits === 4 ||
      [FIELDS, ALPHA_FIELDS].includes(compression) && (bits === 16 || bits === 32);
  if (!isKnown) {
    throw new RangeError(`BMP of ${bits} bits with compression ${compression} is not read: save it as PNG`);
  }
  const behind = FILE_HEADER + size, hasFields = compression === FIELDS || compression === ALPHA_FIELDS;
  const fieldsAt = FILE_HEADER + 40, fieldsEnd = fieldsAt + (compression === ALPHA_FIELDS ? 16 : 12);
  if (hasFields && fieldsEnd > bytes.length) throw new RangeError("it is cut off in its header");
  const field = (k: number) =>
    k < 3 || compression === ALPHA_FIELDS || size >= 56 ? view.getUint32(fieldsAt + 4 * k, true) : 0;
  return {
    ...{ width, height, isTopDown: !isOs2 && rows < 0, bits, compression },
    start: view.getUint32(10, true),
    palette: readPalette(bytes, behind, isOs2 ? 3 : 4, bits, isOs2 ? 0 : entry(46)),
    fields: hasFields ? [0, 1, 2, 3].map(field) : bits === 16 ? FIELDS_OF_16 : FIELDS_OF_32,
  };
}

/** Colours from `at` on, stored as blue, green, red and perhaps a byte of no use. */
function readPalette(
  bytes: Uint8Array,
  at: number,
  stride: number,
  bits: number,
  stated: number,
): Uint8Array {
  if (bits > 8) return new Uint8Array(0);
  const count = Math.min(stated || 1 << bits, 1 << bits), palette = new Uint8Array(3 << bits);
  for (let k = 0; k < count; k++) {
    for (let c = 0; c < 3; c++) palette[3 * k + c] = bytes[at + stride * k + 2 - c] ?? 0;
  }
  return palette;
}

/** Where each row begins that is stored plainly. */
function rowStarts(bytes: Uint8Array, { width, height, bits, start, isTopDown }: BmpHeader): number[] {
  const rowBytes = 4 * Math.ceil(width * bits / 32), needed = start + height * rowBytes;
  if (needed > bytes.length) {
    throw new RangeError(`it needs ${needed} bytes and has ${bytes.length}: it is cut off`);
  }
  return Array.from({ length: height }, (_, i) => start + rowBytes * (isTopDown ? i : height - 1 - i));
}

/** Colours by their numbers in the palette, `[H, W, 4]`. */
function paletteColours(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const { width, height, bits, compression, palette } = header;
  const indices = new Uint8Array(height * width); // [H, W]
  if (compression === PLAIN) {
    rowStarts(bytes, header).forEach((row, i) => {
      for (let j = 0; j < width; j++) {
        const at = j * bits, shift = 8 - bits - at % 8;
        indices[i * width + j] = bytes[row + (at >> 3)] >> shift & (1 << bits) - 1;
      }
    });
  } else {
    readBmpRuns(bytes.subarray(header.start), indices, width, bits);
    if (!header.isTopDown) turnUpsideDown(indices, height, width);
  }
  const colours = new Uint8Array(4 * indices.length).fill(255); // [H, W, 4]
  indices.forEach((index, p) => colours.set(palette.subarray(3 * index, 3 * index + 3), 4 * p));
  return colours;
}

function turnUpsideDown(values: Uint8Array, height: number, width: number): void {
  const rows = values.slice();
  for (let i = 0; i < height; i++) {
    values.set(rows.subarray((height - 1 - i) * width, (height - i) * width), i * width);
  }
}

/** Colours of 16, 24 or 32 bits, `[H, W, 4]`. */
function fieldColours(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const { width, height, bits, fields } = header, bytesEach = bits / 8;
  const scales = fields.map((field) => {
    const shift = field === 0 ? 0 : 31 - Math.clz32(field & -field);
    return { field, shift, most: field >>> shift };
  });
  const colours = new Uint8Array(4 * height * width); // [H, W, 4]
  rowStarts(bytes, header).forEach((row, i) => {
    for (let j = 0; j < width; j++) {
      const at = row + j * bytesEach, p = 4 * (i * width + j);
      let value = 0;
      for (let k = 0; k < bytesEach; k++) value = (value | bytes[at + k] << 8 * k) >>> 0;
      scales.forEach(({ field, shift, most }, c) => {
        const part = (value & field) >>> shift;
        colours[p + c] = most === 0 ? 255 : Math.round(255 * part / most);
      });
      if (bits === 24) colours[p + 3] = 255;
    }
  });
  return colours;
}

/** One channel where all colours are grey, four where alpha hides some pixels and shows others, else three. */
function leastChannels(colours: Uint8Array, { width, height, bits }: BmpHeader): ByteImage {
  let isGrey = true, seesThrough = false, isVisible = false;
  for (let k = 0; k < colours.length; k += 4) {
    if (colours[k] !== colours[k + 1] || colours[k] !== colours[k + 2]) isGrey = false;
    if (colours[k + 3] !== 255) seesThrough = true;
    if (colours[k + 3] !== 0) isVisible = true;
  }
  const channels = bits >= 16 && seesThrough && isVisible ? 4 : isGrey ? 1 : 3; // alpha 0 everywhere is not set
  const data = new Uint8Array(height * width * channels); // [H, W, C]
  for (let p = 0; p < height * width; p++) {
    for (let c = 0; c < channels; c++) data[p * channels + c] = colours[4 * p + c];
  }
  return { data, height, width, channels };
}
