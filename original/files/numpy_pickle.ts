/**
 * What NumPy's arrays and numbers look like in pickles, and the few other names that data needs.
 *
 * @module
 */
import { sizeOf, type TypedArray } from "../../lib/core/arrays.ts";
import type { ByteBudget } from "../../lib/io/byte_budget.ts";
import { decodeNumbers, fromFortranOrder, numberType } from "../../lib/io/numpy_numbers.ts";
import { bytesOfLatin1, latin1OfBytes } from "./pickle_input.ts";
import {
  describeValue,
  itemsArgument,
  NumpyArray,
  PickleGlobal,
  PickleObject,
  type PickleValue,
} from "./pickle_values.ts";

/** A type of NumPy: numbers, texts (`U`), bytes (`S`) or Python objects (`O`). */
class NumpyType extends PickleObject {
  override readonly what = "a NumPy type";
  #order = "<";

  constructor(readonly code: string) {
    super();
  }

  /** With the sign of the byte order, such as `<f4`. */
  get description(): string {
    return `${this.#order}${this.code}`;
  }

  /** Bytes of one value; 0 of Python objects. */
  get itemBytes(): number {
    if (this.code === "O") return 0;
    if (/^[US]\d/.test(this.code)) return Number(this.code.slice(1)) * (this.code[0] === "U" ? 4 : 1);
    return numberType(this.description).itemBytes;
  }

  override setState(state: PickleValue): void {
    const [, order, ...rest] = itemsArgument(state, "the state of a NumPy type");
    if (typeof order !== "string" || !"<>|=".includes(order) || order.length !== 1) {
      throw new TypeError(
        `the byte order must be one of <, >, |, =: current value is ${describeValue(order)}`,
      );
    }
    if (rest.slice(0, 3).some((part) => part !== null)) {
      throw new TypeError(
        `a NumPy type must have no fields: current value is ${
          rest.slice(0, 3).map(describeValue).join(", ")
        }`,
      );
    }
    this.#order = order === "|" || order === "=" ? "<" : order;
  }
}

/** An array that is filled by the state after it. */
class PendingArray extends NumpyArray {
  readonly #budget: ByteBudget;

  constructor(budget: ByteBudget) {
    super();
    this.#budget = budget;
  }

  override setState(state: PickleValue): void {
    const items = itemsArgument(state, "the state of a NumPy array");
    const [axes, type, fortranOrder, raw] = items.slice(-4);
    if (items.length < 4 || !(type instanceof NumpyType)) {
      throw new TypeError(`the type of a NumPy array is ${describeValue(type)}`);
    }
    const shape = itemsArgument(axes, "the shape of a NumPy array").map((axis) => {
      if (typeof axis === "number" && Number.isInteger(axis) && axis >= 0) return axis;
      throw new RangeError(`an axis must be an integer: current value is ${describeValue(axis)}`);
    });
    if (shape.length > 64) {
      throw new RangeError(`an array must have 64 axes or fewer: current value is ${shape.length}`);
    }
    const size = sizeOf(shape);
    this.shape = shape;
    this.description = type.description;
    this.data = type.code === "O"
      ? objectsOf(raw, size)
      : valuesOf(type, raw, size, fortranOrder === true || fortranOrder === 1, shape, this.#budget);
  }
}

function objectsOf(raw: PickleValue, size: number): readonly PickleValue[] {
  if (!Array.isArray(raw) || raw.length !== size) {
    throw new RangeError(`an array of ${size} objects holds ${describeValue(raw)}`);
  }
  return raw;
}

function valuesOf(
  type: NumpyType,
  raw: PickleValue,
  size: number,
  fortranOrder: boolean,
  shape: readonly number[],
  budget: ByteBudget,
): TypedArray | readonly PickleValue[] {
  const bytes = typeof raw === "string" ? bytesOfLatin1(raw) : raw;
  if (!(bytes instanceof Uint8Array) || bytes.length !== size * type.itemBytes) {
    throw new RangeError(`an array of ${size} × ${type.itemBytes} bytes holds ${describeValue(bytes)}`);
  }
  if (/^[US]/.test(type.code)) return textsOf(type.description, bytes, size, budget);
  budget.take(2 * size * 4 + bytes.length, "an array");
  const data = decodeNumbers(numberType(type.description), bytes);
  return fortranOrder ? fromFortranOrder(data, shape) : data;
}

/**
 * Texts of a NumPy array of texts (`U`, four bytes a character) or bytes (`S`, as Latin-1); zeros at the end are left
 * out.
 *
 * @param description Type, such as `<U12` or `|S3`
 * @param bytes All texts
 * @param size Number of texts
 * @param budget Memory that may be taken
 */
export function textsOf(
  description: string,
  bytes: Uint8Array,
  size: number,
  budget: ByteBudget,
): readonly string[] {
  budget.take(16 * size + bytes.length, "an array of texts");
  const itemBytes = size > 0 ? bytes.length / size : 0;
  const wide = description.includes("U");
  const little = !description.startsWith(">");
  return Array.from({ length: size }, (_, i) => {
    const item = bytes.subarray(i * itemBytes, (i + 1) * itemBytes);
    if (!wide) return latin1OfBytes(item).replace(/\0+$/, "");
    const view = new DataView(item.buffer, item.byteOffset, item.byteLength);
    let text = "";
    for (let at = 0; at < itemBytes; at += 4) {
      const code = view.getUint32(at, little);
      if (code > 0x10ffff) {
        throw new RangeError(`a character must be below 1114112: current value is ${code}`);
      }
      text += String.fromCodePoint(code);
    }
    return text.replace(/\0+$/, "");
  });
}

function typeOf(description: PickleValue | undefined): NumpyType {
  if (typeof description !== "string" || !/^([biuf]\d|[US]\d{1,6}|O\d?)$/.test(description)) {
    throw new TypeError(
      `a NumPy type must be numbers, texts or objects: current value is ${describeValue(description)}`,
    );
  }
  return new NumpyType(description.startsWith("O") ? "O" : description);
}

function scalar(args: readonly PickleValue[], budget: ByteBudget): PickleValue {
  const [type, raw] = args;
  const bytes = typeof raw === "string" ? bytesOfLatin1(raw) : raw;
  if (!(type instanceof NumpyType) || type.code === "O") {
    throw new TypeError(`a NumPy number of the type ${describeValue(type)}`);
  }
  const [value] = valuesOf(type, bytes, 1, false, [], budget);
  if (type.code === "b1") return value !== 0;
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
  return value;
}

/** A dict from scratch, or from a list of keys and values. */
function orderedDict(args: readonly PickleValue[]): PickleValue {
  if (args.length === 0) return new Map();
  const pairs = itemsArgument(args[0], "the content of an OrderedDict").map((pair) => {
    const [key, value] = itemsArgument(pair, "a key with its value");
    if (
      key instanceof Map || key instanceof Set || Array.isArray(key) || key === undefined ||
      value === undefined
    ) {
      throw new TypeError(`a key with its value is ${describeValue(pair)}`);
    }
    return [key, value] as const;
  });
  return new Map(pairs);
}

/** Bytes that Python 3 wrote as text for protocol 2. */
function encode(args: readonly PickleValue[], budget: ByteBudget): PickleValue {
  const [text, encoding] = args;
  if (typeof text !== "string" || typeof encoding !== "string" || !/^latin-?1$/i.test(encoding)) {
    throw new TypeError(`text must be encoded as latin1: current value is ${describeValue(encoding)}`);
  }
  budget.take(text.length, "bytes");
  return bytesOfLatin1(text);
}

/**
 * Names that pickles of NumPy's arrays and plain data may use.
 *
 * @param budget Memory that the file may take
 */
export function numpyGlobals(budget: ByteBudget): PickleGlobal[] {
  const reconstruct = () => new PendingArray(budget);
  const number = (args: readonly PickleValue[]) => scalar(args, budget);
  const modules = ["numpy.core.multiarray", "numpy._core.multiarray"];
  return [
    ...modules.map((module) => new PickleGlobal(module, "_reconstruct", reconstruct)),
    ...modules.map((module) => new PickleGlobal(module, "scalar", number)),
    new PickleGlobal("numpy", "ndarray", null),
    new PickleGlobal("numpy", "dtype", (args) => typeOf(args[0])),
    new PickleGlobal("collections", "OrderedDict", orderedDict),
    new PickleGlobal("_codecs", "encode", (args) => encode(args, budget)),
  ];
}
