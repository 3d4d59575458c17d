/**
 * Masks as COCO run lengths: alternating runs of 0 and 1, column by column, starting with the (maybe empty) run of 0;
 * as a list of counts or as COCO's compressed text.
 *
 * @module
 */

/**
 * Run lengths of a mask.
 *
 * @param mask Non-zero = object, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @returns Runs of 0, 1, 0, …, column by column; their sum is H · W
 */
export function encodeRle(mask: Uint8Array, height: number, width: number): number[] {
  if (mask.length !== height * width) {
    throw new TypeError(
      `Cannot encode a mask of ${height} x ${width}: current value has ${mask.length} values`,
    );
  }
  const runs: number[] = [];
  let current = false;
  let length = 0;
  for (let column = 0; column < width; column++) {
    for (let row = 0; row < height; row++) {
      if ((mask[row * width + column] !== 0) !== current) {
        runs.push(length);
        current = !current;
        length = 0;
      }
      length++;
    }
  }
  runs.push(length);
  return runs;
}

/**
 * Mask of run lengths.
 *
 * @param runs Runs of 0, 1, 0, …, column by column
 * @param height Rows, H
 * @param width Columns, W
 * @returns 0 or 1, `[H, W]`
 * @throws {RangeError} If a run is not an integer ≥ 0, or the sum of the runs is not H · W
 */
export function decodeRle(runs: readonly number[], height: number, width: number): Uint8Array {
  const size = height * width;
  let sum = 0;
  for (const run of runs) {
    if (!Number.isInteger(run) || run < 0) {
      throw new RangeError(
        `Cannot decode run lengths as each must be an integer: current value is ${run}`,
      );
    }
    sum += run;
  }
  if (sum !== size) {
    throw new RangeError(
      `Cannot decode run lengths as they must fill ${height} x ${width} = ${size} pixels: current value is ${sum}`,
    );
  }
  const mask = new Uint8Array(size); // [H, W]
  let place = 0; // column by column
  for (const [i, run] of runs.entries()) {
    const end = place + run;
    if (i % 2 === 0) place = end;
    for (; place < end; place++) mask[(place % height) * width + Math.floor(place / height)] = 1;
  }
  return mask;
}

/**
 * COCO's compressed text of run lengths.
 *
 * From the fourth run on the difference to the run two places before is stored; each number goes out in groups of five
 * bits, lowest first, as the character 48 + group (+ 32 if more follow).
 */
export function runsToText(runs: readonly number[]): string {
  let text = "";
  for (const [i, run] of runs.entries()) {
    let rest = i > 2 ? run - runs[i - 2] : run;
    for (let more = true; more;) {
      const group = rest & 31;
      rest >>= 5;
      more = !(rest === 0 && (group & 16) === 0 || rest === -1 && (group & 16) !== 0);
      text += String.fromCharCode(48 + group + (more ? 32 : 0));
    }
  }
  return text;
}

/**
 * Run lengths of COCO's compressed text.
 *
 * @throws {SyntaxError} If the text has other characters, ends inside a number or holds a number beyond 32 bits
 */
export function textToRuns(text: string): number[] {
  const runs: number[] = [];
  for (let place = 0; place < text.length;) {
    let value = 0;
    for (let shift = 0, more = true; more; shift += 5) {
      const code = text.charCodeAt(place) - 48; // NaN after the end
      if (!(code >= 0 && code < 64) || shift > 30) {
        const found = place < text.length ? JSON.stringify(text[place]) : "the end";
        throw new SyntaxError(
          `Cannot read compressed run lengths at character ${place}: current value is ${found}`,
        );
      }
      place++;
      value |= (code & 31) << shift;
      more = (code & 32) !== 0;
      if (!more && (code & 16) !== 0 && shift < 27) value |= -1 << (shift + 5);
    }
    runs.push(runs.length > 2 ? value + runs[runs.length - 2] : value);
  }
  return runs;
}
