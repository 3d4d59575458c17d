/**
 * Pixels of BMP images that are stored as runs.
 *
 * @module
 */

/** What the second byte says where the first one is 0: the row ends, the image ends, pixels are left out. */
const ROW_ENDS = 0, IMAGE_ENDS = 1, MOVES = 2;

/**
 * Reads runs of 8 or 4 bits.
 *
 * @param bytes The runs, the last row first
 * @param indices Takes the numbers of the colours, in the order of the runs, `[H, W]`
 * @param width Columns, W
 * @param bits Bits of a number, 8 or 4
 * @throws {RangeError} If they end before the image does
 */
export function readBmpRuns(bytes: Uint8Array, indices: Uint8Array, width: number, bits: number): void {
  let at = 0, row = 0, column = 0;
  const put = (value: number) => {
    const p = row * width + column++;
    if (column <= width && p < indices.length) indices[p] = value;
  };
  const numberIn = (byte: number, k: number) => bits === 8 ? byte : k % 2 === 0 ? byte >> 4 : byte & 15;
  while (at + 2 <= bytes.length) {
    const count = bytes[at++], what = bytes[at++];
    if (count > 0) { for (let k = 0; k < count; k++) put(numberIn(what, k)); }
    else if (what === ROW_ENDS) {
      row++;
      column = 0;
    } else if (what === IMAGE_ENDS) return;
    else if (what === MOVES) {
      column += bytes[at++] ?? 0;
      row += bytes[at++] ?? 0;
    } else {
      const used = Math.ceil(what * bits / 8);
      for (let k = 0; k < what; k++) put(numberIn(bytes[at + (bits === 8 ? k : k >> 1)] ?? 0, k));
      at += used + used % 2; // words of two bytes
    }
  }
  throw new RangeError(`its runs end in row ${row}, before its image does: it is cut off`);
}
