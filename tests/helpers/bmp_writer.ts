/**
 * BMP files of every kind of storage, written byte by byte.
 *
 * @module
 */

/** How a BMP file is stored. */
export interface BmpKind {
  /** Bits of a pixel. */
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  /** 0 plain, 1 and 2 runs of 8 and 4 bits, 3 bit fields. */
  readonly compression?: 0 | 1 | 2 | 3;
  /** Bits of red, green and blue. */
  readonly fields?: readonly number[];
  /** Whether row 0 comes first. */
  readonly isTopDown?: boolean;
  /** Whether the header is the short one of OS/2. */
  readonly isOs2?: boolean;
}

/**
 * Writes a BMP file.
 *
 * @param values Value of each pixel as it is stored, `[H, W]`
 * @param size Rows and columns
 * @param kind How it is stored
 * @param palette Colours, RGB, of up to 8 bits
 */
export function bmpBytes(
  values: ArrayLike<number>,
  [height, width]: readonly [number, number],
  { bits, compression = 0, fields = [], isTopDown = false, isOs2 = false }: BmpKind,
  palette: readonly (readonly number[])[] = [],
): Uint8Array {
  const rows = Array.from(
    { length: height },
    (_, i) => Array.from({ length: width }, (_, j) => values[(isTopDown ? i : height - 1 - i) * width + j]),
  );
  const pixels = compression === 1 || compression === 2
    ? [...rows.flatMap((row) => runsOf(row, bits)), 0, 1]
    : rows.flatMap((row) => packedRow(row, bits));
  const colours = palette.flatMap(([r, g, b]) => isOs2 ? [b, g, r] : [b, g, r, 0]);
  const header = isOs2 ? 26 : 54, start = header + 4 * fields.length + colours.length;
  const bytes = new Uint8Array(start + pixels.length), view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  [bytes.length, 0, start, isOs2 ? 12 : 40].forEach((value, k) => view.setUint32(2 + 4 * k, value, true));
  if (isOs2) [width, height, 1, bits].forEach((value, k) => view.setUint16(18 + 2 * k, value, true));
  else {
    [width, isTopDown ? -height : height].forEach((value, k) => view.setInt32(18 + 4 * k, value, true));
    [1, bits].forEach((value, k) => view.setUint16(26 + 2 * k, value, true));
    [compression, pixels.length, 2835, 2835, palette.length].forEach((value, k) =>
      view.setUint32(30 + 4 * k, value, true)
    );
  }
  fields.forEach((field, k) => view.setUint32(header + 4 * k, field, true));
  bytes.set(colours, header + 4 * fields.length);
  bytes.set(pixels, start);
  return bytes;
}

/** A row as bytes, filled up to words of four. */
function packedRow(row: readonly number[], bits: number): number[] {
  const bytes = bits < 8
    ? Array.from(
      { length: Math.ceil(row.length * bits / 8) },
      (_, k) =>
        Array.from({ length: 8 / bits }, (_, n) => row[k * 8 / bits + n] ?? 0)
          .reduce((byte, value) => byte << bits | value, 0),
    )
    : row.flatMap((value) => Array.from({ length: bits / 8 }, (_, k) => Math.floor(value / 256 ** k) % 256));
  while (bytes.length % 4 !== 0) bytes.push(0);
  return bytes;
}

/** A row as runs of at most 255 equal values, the first three pixels of a row one by one. */
function runsOf(row: readonly number[], bits: number): number[] {
  const literal = bits === 8 ? [0, 3, row[0], row[1], row[2], 0] : [0, 3, row[0] << 4 | row[1], row[2] << 4];
  const runs: number[] = [];
  for (let at = 3; at < row.length;) {
    let end = at;
    while (end < row.length && row[end] === row[at] && end - at < 255) end++;
    runs.push(end - at, bits === 8 ? row[at] : row[at] << 4 | row[at]);
    at = end;
  }
  return [...literal, ...runs, 0, 0];
}
