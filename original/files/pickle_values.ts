/**
 * What Python's pickles hold, as values that have no behaviour of their own.
 *
 * @module
 */
import type { TypedArray } from "../../lib/core/arrays.ts";

/**
 * A value of a pickle. `None` is null, integers beyond 2⁵³ are `bigint`, `bytes` is `Uint8Array`, a list an array,
 * a dict a `Map`, a set a `Set`. A value that the file refers to twice is one object here.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | PickleTuple
  | PickleObject;

/** A tuple. */
export class PickleTuple {
  /** @param items Its items */
  constructor(readonly items: readonly PickleValue[]) {}
}

/** Values that readers of one library make: arrays, tensors, types. */
export abstract class PickleObject {
  /** What it is, for messages. */
  abstract readonly what: string;

  /** Fills it with the state that follows it in the file; refused unless a kind understands one. */
  setState(_state: PickleValue): void {
    throw new TypeError(`${this.what} takes no state`);
  }
}

/** A function or class that a pickle names and that is on the reader's list. */
export class PickleGlobal extends PickleObject {
  /**
   * @param module Module, such as `collections`
   * @param name Name in the module
   * @param call What a call of it means here; null if it may only be named
   */
  constructor(
    readonly module: string,
    readonly name: string,
    readonly call: ((args: readonly PickleValue[]) => PickleValue) | null,
  ) {
    super();
  }

  override get what(): string {
    return `${this.module}.${this.name}`;
  }
}

/** An array of NumPy: numbers, or Python objects. */
export class NumpyArray extends PickleObject {
  override readonly what = "a NumPy array";
  /** Values, row-major. */
  data: TypedArray | readonly PickleValue[] = [];
  /** Length of each axis. */
  shape: readonly number[] = [0];
  /** Type of the values, such as `<f4` or `|O`. */
  description = "|O";
}

/** A value in a few words, for messages. */
export function describeValue(value: PickleValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "None";
  if (value instanceof PickleObject) return value.what;
  if (value instanceof PickleTuple) return `a tuple of ${value.items.length}`;
  if (value instanceof Map) return `a dict of ${value.size}`;
  if (value instanceof Set) return `a set of ${value.size}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : String(value).slice(0, 60);
}

/** Items of a tuple or list. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | null {
  if (value instanceof PickleTuple) return value.items;
  return Array.isArray(value) ? value : null;
}

/** The items of a call's argument list or tuple, or an error that names the argument. */
export function itemsArgument(value: PickleValue | undefined, what: string): readonly PickleValue[] {
  const items = itemsOf(value);
  if (!items) {
    throw new TypeError(`${what} must be a tuple or list: current value is ${describeValue(value)}`);
  }
  return items;
}
