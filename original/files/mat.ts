/**
 * MATLAB's files (`.mat`) of version 5 (saved by `-v6` or `-v7`): numbers, texts, cells and structs.
 *
 * @module
 */
import { refuseForeign } from "../../lib/io/foreign_content.ts";
import { sizeOf } from "../../lib/core/arrays.ts";
import { messageOf, UserError } from "../../lib/core/errors.ts";
import { ByteBudget } from "../../lib/io/byte_budget.ts";
import { InflatingInput, type MatInput, PlainInput } from "./mat_input.ts";

/** Numbers or truth values, column by column. */
export interface MatNumbers {
  /** Kind of value. */
  readonly kind: "numbers";
  /** Values, first axis fastest; imaginary parts are left out. */
  readonly data: Float64Array;
  /** Length of each axis. */
  readonly shape: readonly number[];
}

/** A text; rows of several follow one another. */
export interface MatText {
  /** Kind of value. */
  readonly kind: "text";
  /** Its characters. */
  readonly text: string;
}

/** Cells, column by column. */
export interface MatCells {
  /** Kind of value. */
  readonly kind: "cells";
  /** The values. */
  readonly values: readonly MatValue[];
  /** Length of each axis. */
  readonly shape: readonly number[];
}

/** An array of structs, column by column. */
export interface MatStructs {
  /** Kind of value. */
  readonly kind: "structs";
  /** Each with its fields by name. */
  readonly records: readonly Readonly<Record<string, MatValue>>[];
  /** Length of each axis. */
  readonly shape: readonly number[];
}

/** A value of a file. */
export type MatValue = MatNumbers | MatText | MatCells | MatStructs;

const HEADER_BYTES = 128;
const DEEPEST = 32;
const [MATRIX, COMPRESSED] = [14, 15];
const CLASSES = { cell: 1, struct: 2, text: 4, firstNumber: 6, lastNumber: 15 } as const;

/** How numbers of a type are stored: bytes, and how one is read. */
const NUMBERS: Readonly<Record<number, [number, (view: DataView, at: number, little: boolean) => number]>> = {
  1: [1, (view, at) => view.getInt8(at)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at, little) => view.getInt16(at, little)],
  4: [2, (view, at, little) => view.getUint16(at, little)],
  5: [4, (view, at, little) => view.getInt32(at, little)],
  6: [4, (view, at, little) => view.getUint32(at, little)],
  7: [4, (view, at, little) => view.getFloat32(at, little)],
  9: [8, (view, at, little) => view.getFloat64(at, little)],
  12: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  13: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
};
const TEXT_ENCODINGS: Readonly<Record<number, string>> = { 16: "utf-8", 17: "utf-16le" };

/**
 * Reads a file.
 *
 * @param path File
 * @param options `fields`: fields of structs that are read; null (the default) for all. Others are passed over, which saves
 *   memory
 * @returns Variables by name
 * @throws {UserError} If it is missing, damaged or of another version
 */
export async function readMat(
  path: string,
  options: { readonly fields?: readonly string[] | null } = {},
): Promise<Record<string, MatValue>> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : messageOf(error);
    throw new UserError(`Cannot read ${path}: ${reason}`, { cause: error });
  }
  return decodeMat(bytes, path, options);
}

/**
 * Reads the bytes of a file.
 *
 * @param bytes The whole file
 * @param place Where the bytes are from, for messages
 * @param options What is read of it
 * @returns Variables by name
 * @throws {UserError} If it is damaged or of another version
 */
export function decodeMat(
  bytes: Uint8Array,
  place = "a .mat file",
  { fields = null }: { readonly fields?: readonly string[] | null } = {},
): Record<string, MatValue> {
  refuseForeign(bytes, place);
  try {
    const title = new TextDecoder("latin1").decode(bytes.subarray(0, 116));
    if (title.startsWith("MATLAB 7.3")) {
      throw new SyntaxError("it was saved as version 7.3; load it in MATLAB and save it with -v7");
    }
    const mark = String.fromCharCode(...bytes.subarray(126, 128));
    if (bytes.length < HEADER_BYTES || (mark !== "IM" && mark !== "MI")) {
      throw new SyntaxError("it does not start like a MAT file of version 5");
    }
    const reader = new Reader(mark === "IM", fields && new Set(fields), new ByteBudget(bytes.length));
    return Object.fromEntries(reader.variables(new PlainInput(bytes.subarray(HEADER_BYTES))));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`Cannot read ${place} as a MAT file: ${messageOf(error)}`, { cause: error });
  }
}

interface Tag {
  readonly type: number;
  readonly length: number;
  /** Content of a small element, which stands in the tag itself. */
  readonly inside: Uint8Array | null;
}

class Reader {
  readonly #little: boolean;
  readonly #fields: ReadonlySet<string> | null;
  readonly #budget: ByteBudget;

  constructor(little: boolean, fields: ReadonlySet<string> | null, budget: ByteBudget) {
    this.#little = little;
    this.#fields = fields;
    this.#budget = budget;
  }

  *variables(input: MatInput): Generator<[string, MatValue]> {
    while (input.hasMore()) {
      const { type, length } = this.#tag(input);
      if (type === COMPRESSED) yield* this.variables(new InflatingInput(input.take(length)));
      else if (type === MATRIX) {
        const found = this.#matrix(input, length, 0);
        if (found) yield [found.name, found.value];
      } else input.skip(padded(length));
    }
  }

  /** A matrix of `length` bytes; null of a kind that holds no data. */
  #matrix(input: MatInput, length: number, depth: number): { name: string; value: MatValue } | null {
    if (depth > DEEPEST) throw new RangeError(`values stand in values more than ${DEEPEST} deep`);
    this.#budget.takeContainer();
    if (length === 0) return { name: "", value: numbers(new Float64Array(0), [0, 0]) };
    const end = input.place + length;
    const [flags] = this.#numbers(input, end);
    const shape = [...this.#numbers(input, end)];
    const name = this.#text(input, end);
    if (shape.length > 32 || !shape.every((axis) => axis >= 0) || !Number.isSafeInteger(sizeOf(shape))) {
      throw new RangeError(`an array has the shape [${shape.slice(0, 40)}]`);
    }
    const value = this.#content(flags & 255, shape, input, end, depth);
    input.skip(end - input.place); // imaginary parts, and padding
    return value && { name, value };
  }

  #content(
    kind: number,
    shape: readonly number[],
    input: MatInput,
    end: number,
    depth: number,
  ): MatValue | null {
    const size = sizeOf(shape);
    if (kind === CLASSES.cell) {
      return { kind: "cells", values: this.#several(size, input, end, depth), shape };
    }
    if (kind === CLASSES.struct) return this.#structs(shape, size, input, end, depth);
    if (kind === CLASSES.text) return { kind: "text", text: this.#text(input, end) };
    if (kind < CLASSES.firstNumber || kind > CLASSES.lastNumber) return null;
    const data = this.#numbers(input, end);
    if (data.length !== size) {
      throw new RangeError(`an array of [${shape}] needs ${size} values: current value has ${data.length}`);
    }
    return numbers(data, shape);
  }

  #several(count: number, input: MatInput, end: number, depth: number): MatValue[] {
    checkCount(count, input, end);
    return Array.from({ length: count }, () => this.#member(input, end, depth));
  }

  #structs(shape: readonly number[], size: number, input: MatInput, end: number, depth: number): MatStructs {
    const [nameLength] = this.#numbers(input, end);
    const names = this.#element(input, end).bytes;
    if (!(nameLength >= 1 && names.length % nameLength === 0)) {
      throw new RangeError(`names of ${nameLength} characters in ${names.length}`);
    }
    const fields = Array.from(
      { length: names.length / nameLength },
      (_, i) =>
        new TextDecoder("latin1").decode(names.subarray(i * nameLength, (i + 1) * nameLength)).replace(
          /\0.*$/s,
          "",
        ),
    );
    checkCount(size * Math.max(1, fields.length), input, end);
    const records = Array.from({ length: size }, () => {
      const entries: [string, MatValue][] = [];
      for (const field of fields) {
        if (this.#fields && !this.#fields.has(field)) this.#pass(input, end);
        else entries.push([field, this.#member(input, end, depth)]);
      }
      return Object.fromEntries(entries);
    });
    return { kind: "structs", records, shape };
  }

  /** A matrix inside of another one. */
  #member(input: MatInput, end: number, depth: number): MatValue {
    const { type, length } = this.#tag(input, end);
    if (type !== MATRIX) throw new TypeError(`a cell or field is of type ${type}`);
    return this.#matrix(input, length, depth + 1)?.value ?? numbers(new Float64Array(0), [0, 0]);
  }

  #pass(input: MatInput, end: number): void {
    const { length, inside } = this.#tag(input, end);
    if (!inside) input.skip(padded(length));
  }

  #numbers(input: MatInput, end: number): Float64Array {
    const { type, bytes } = this.#element(input, end);
    const known = NUMBERS[type];
    if (!known) throw new TypeError(`numbers are of type ${type}`);
    const [itemBytes, read] = known;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = Math.floor(bytes.length / itemBytes);
    this.#budget.take(8 * count, "an array");
    return Float64Array.from({ length: count }, (_, i) => read(view, i * itemBytes, this.#little));
  }

  #text(input: MatInput, end: number): string {
    const { type, bytes } = this.#element(input, end);
    this.#budget.take(2 * bytes.length, "a text");
    const encoding = TEXT_ENCODINGS[type];
    if (encoding && (type !== 17 || this.#little)) return new TextDecoder(encoding).decode(bytes);
    const known = NUMBERS[type === 17 ? 4 : type === 18 ? 6 : type];
    if (!known) throw new TypeError(`a text is of type ${type}`);
    const [itemBytes, read] = known;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let text = "";
    for (let at = 0; at + itemBytes <= bytes.length; at += itemBytes) {
      const code = read(view, at, this.#little) & (itemBytes === 1 ? 255 : 0x1fffff);
      if (code > 0x10ffff) {
        throw new RangeError(`a character must be below 1114112: current value is ${code}`);
      }
      text += String.fromCodePoint(code);
    }
    return text;
  }

  #element(input: MatInput, end: number): { type: number; bytes: Uint8Array } {
    const { type, length, inside } = this.#tag(input, end);
    if (inside) return { type, bytes: inside };
    const bytes = input.take(length);
    input.skip(Math.min(padded(length) - length, end - input.place));
    return { type, bytes };
  }

  #tag(input: MatInput, end = Infinity): Tag {
    if (input.place + 8 > end) throw new RangeError("an element begins beyond the end of what holds it");
    const bytes = input.take(8);
    const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
    const first = view.getUint32(0, this.#little);
    const small = first >>> 16;
    if (small > 0) {
      if (small > 4) throw new RangeError(`a small element has ${small} bytes`);
      return { type: first & 65535, length: small, inside: bytes.subarray(4, 4 + small) };
    }
    const length = view.getUint32(4, this.#little);
    if (input.place + length > end) {
      throw new RangeError(`an element of ${length} bytes ends beyond what holds it`);
    }
    return { type: first, length, inside: null };
  }
}

/** Every member takes at least the 8 bytes of its tag. */
function checkCount(count: number, input: MatInput, end: number): void {
  if (count * 8 > end - input.place) {
    throw new RangeError(`${count} values cannot stand in ${end - input.place} bytes`);
  }
}

function numbers(data: Float64Array, shape: readonly number[]): MatNumbers {
  return { kind: "numbers", data, shape };
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}
