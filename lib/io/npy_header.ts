/**
 * The header of NumPy's array file: type, order and shape as a Python literal, which is matched, never evaluated.
 *
 * @module
 */
import { RefusedFileError } from "./refused_file_error.ts";

/** Bytes that a file starts with: "\x93NUMPY". */
export const NPY_MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

const HEADER =
  /^\s*\{\s*'descr':\s*'([^']*)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/;
/** Longest header that is looked at, in bytes. */
const LONGEST_HEADER = 65536;
/** Most axes of an array. */
const MOST_AXES = 64;

/** What a header says. */
export interface NpyHeader {
  /** Type of the values, such as `<f4` or `|O`. */
  readonly description: string;
  /** Whether the first axis runs fastest. */
  readonly fortranOrder: boolean;
  /** Lengths of the axes. */
  readonly shape: readonly number[];
  /** Where the values start. */
  readonly dataStart: number;
}

/**
 * Reads the header.
 *
 * @param bytes The whole file
 * @param place Where the bytes are from, for messages
 * @throws {SyntaxError} If it is damaged
 * @throws {RangeError} If a length is beyond 2⁵³
 * @throws {RefusedFileError} If it holds an expression
 */
export function parseNpyHeader(bytes: Uint8Array, place: string): NpyHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || NPY_MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new SyntaxError('it does not start with the signature "\\x93NUMPY"');
  }
  const wide = bytes[6] >= 2;
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const dataStart = start + length;
  if (dataStart > bytes.length || length > LONGEST_HEADER) {
    throw new SyntaxError(
      `its header must end within its ${bytes.length} bytes: current value is ${dataStart}`,
    );
  }
  const header = new TextDecoder().decode(bytes.subarray(start, dataStart));
  const match = HEADER.exec(header);
  if (!match) {
    if (/\w\s*\(/.test(header.replaceAll(/'[^']*'/g, ""))) {
      throw new RefusedFileError(place, "an expression in its header");
    }
    throw new SyntaxError(
      `its header must be that of a plain array: current value is ${header.trim().slice(0, 80)}`,
    );
  }
  const [, description, order, axes] = match;
  const shape = axes.split(",").map((axis) => axis.trim()).filter((axis) => axis !== "").map(Number);
  if (shape.length > MOST_AXES || !shape.every(Number.isSafeInteger)) {
    throw new RangeError(
      `the shape must have ${MOST_AXES} axes or fewer: current value is (${axes.slice(0, 80)})`,
    );
  }
  return { description, fortranOrder: order === "True", shape, dataStart };
}
