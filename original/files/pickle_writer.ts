/**
 * Writing Python's pickles: protocol 2 or 3, which every Python 3 reads.
 *
 * @module
 */
import { concatBytes } from "../../lib/core/protocol_buffer.ts";
import { describeValue, PickleGlobal, PickleObject, PickleTuple, type PickleValue } from "./pickle_values.ts";

/** A call that the reading Python makes. */
export class PickleCall extends PickleObject {
  override readonly what = "a call";

  /**
   * @param target What is called
   * @param args Its arguments
   * @param state State that the result is given; undefined for none
   */
  constructor(
    readonly target: PickleGlobal,
    readonly args: readonly PickleValue[],
    readonly state?: PickleValue,
  ) {
    super();
  }
}

/** A float, also where its value is whole. */
export class PickleFloat extends PickleObject {
  override readonly what = "a float";

  /** @param value Its value */
  constructor(readonly value: number) {
    super();
  }
}

/** A persistent id. */
export class PicklePersistentId extends PickleObject {
  override readonly what = "a persistent id";

  /** @param id Its value */
  constructor(readonly id: PickleValue) {
    super();
  }
}

/** A function or class to be named. */
export function globalOf(module: string, name: string): PickleGlobal {
  return new PickleGlobal(module, name, null);
}

/**
 * Writes one pickle. Integers become `int`, others `float`.
 *
 * @param value What it holds; nothing may hold itself
 * @param options `protocol`: 2, or 3 (the default) where there are bytes; `replace`: turns objects of
 *   other kinds into what the pickle holds in their place
 * @returns Its bytes
 * @throws {TypeError} If a value cannot be written
 */
export function encodePickle(
  value: PickleValue,
  { protocol = 3, replace }: {
    readonly protocol?: 2 | 3;
    readonly replace?: (object: PickleObject) => PickleValue;
  } = {},
): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x80, protocol)];
  const put = (...bytes: number[]) => parts.push(Uint8Array.from(bytes));
  const putText = (text: string) => parts.push(new TextEncoder().encode(text));

  const write = (value: PickleValue): void => {
    if (value === null) put(0x4e);
    else if (typeof value === "boolean") put(value ? 0x88 : 0x89);
    else if (typeof value === "bigint" || Number.isSafeInteger(value)) {
      parts.push(encodeInteger(BigInt(value as number)));
    } else if (typeof value === "number") parts.push(encodeFloat(value));
    else if (typeof value === "string") {
      const text = new TextEncoder().encode(value);
      parts.push(withLength(0x58, text.length), text);
    } else if (value instanceof Uint8Array) {
      if (protocol < 3) throw new TypeError("Cannot write bytes as protocol must be 3: current value is 2");
      parts.push(withLength(0x42, value.length), value);
    } else if (Array.isArray(value)) writeItems(0x5d, 0x65, value);
    else if (value instanceof Map) writeItems(0x7d, 0x75, [...value].flat());
    else if (value instanceof PickleTuple) writeTuple(value.items);
    else if (value instanceof PickleObject) writeObject(value);
    else throw new TypeError(`Cannot write ${describeValue(value)} into a pickle`);
  };
  const writeItems = (empty: number, fill: number, items: readonly PickleValue[]): void => {
    put(empty);
    if (items.length === 0) return;
    put(0x28);
    items.forEach(write);
    put(fill);
  };
  const writeTuple = (items: readonly PickleValue[]): void => {
    if (items.length === 0) return void put(0x29);
    if (items.length > 3) put(0x28);
    items.forEach(write);
    put(items.length > 3 ? 0x74 : 0x84 + items.length);
  };
  const writeObject = (object: PickleObject): void => {
    if (object instanceof PickleGlobal) return void putText(`c${object.module}\n${object.name}\n`);
    if (object instanceof PickleFloat) return void parts.push(encodeFloat(object.value));
    if (object instanceof PicklePersistentId) {
      write(object.id);
      return void put(0x51);
    }
    if (!(object instanceof PickleCall)) {
      if (!replace) throw new TypeError(`Cannot write ${object.what} into a pickle`);
      return write(replace(object));
    }
    write(object.target);
    writeTuple(object.args);
    put(0x52);
    if (object.state === undefined) return;
    write(object.state);
    put(0x62);
  };

  write(value);
  put(0x2e);
  return concatBytes(parts);
}

function withLength(code: number, length: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = code;
  new DataView(bytes.buffer).setUint32(1, length, true);
  return bytes;
}

function encodeFloat(value: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = 0x47;
  new DataView(bytes.buffer).setFloat64(1, value, false);
  return bytes;
}

function encodeInteger(value: bigint): Uint8Array {
  if (value >= 0n && value < 256n) return Uint8Array.of(0x4b, Number(value));
  if (value >= -(2n ** 31n) && value < 2n ** 31n) {
    const bytes = withLength(0x4a, 0);
    new DataView(bytes.buffer).setInt32(1, Number(value), true);
    return bytes;
  }
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(Number(rest & 255n));
    rest >>= 8n;
  } while (!(rest === 0n && bytes.at(-1)! < 128) && !(rest === -1n && bytes.at(-1)! >= 128));
  return Uint8Array.of(0x8a, bytes.length, ...bytes);
}
