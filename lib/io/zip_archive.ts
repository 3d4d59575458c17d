/**
 * Members of zip archives, with every size checked before memory is taken.
 *
 * @module
 */
import { inflateSync } from "fflate";
import { ByteBudget } from "./byte_budget.ts";
import { crc32 } from "./plain_png.ts";

const END_RECORD = 0x06054b50;
const END_RECORD_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const MEMBER = 0x04034b50;
/** Most bytes that a deflated byte can stand for. */
const MOST_INFLATION = 1032;

/** One member. */
interface Entry {
  readonly method: number;
  readonly sum: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** An archive whose members are unpacked when they are asked for. */
export class ZipArchive {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #budget: ByteBudget;

  /**
   * @param bytes The whole archive
   * @param budget Memory that unpacking may take
   * @throws {SyntaxError} If the list of members is missing or damaged
   */
  constructor(bytes: Uint8Array, budget: ByteBudget = new ByteBudget(20 * bytes.length)) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#budget = budget;
    try {
      this.#entries = this.#readEntries();
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
      throw new SyntaxError("the zip archive's list of members is damaged", { cause: error });
    }
  }

  /** Names of the members, in their order. */
  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /**
   * Bytes of a member: a view of the archive if it is not compressed.
   *
   * @param name Name of the member
   * @param checked Whether its check sum must be right
   * @throws {SyntaxError} If it is missing or damaged
   */
  member(name: string, checked = true): Uint8Array {
    const entry = this.#entries.get(name);
    if (!entry) throw new SyntaxError(`the zip archive has no member ${name}`);
    const { method, packed, size, offset, sum } = entry;
    if (offset + 30 > this.#bytes.length || this.#view.getUint32(offset, true) !== MEMBER) {
      throw new SyntaxError(`the zip archive's member ${name} is damaged`);
    }
    const start = offset + 30 + this.#view.getUint16(offset + 26, true) +
      this.#view.getUint16(offset + 28, true);
    if (start + packed > this.#bytes.length) {
      throw new SyntaxError(`the zip archive's member ${name} is cut short`);
    }
    const content = this.#unpack(name, method, this.#bytes.subarray(start, start + packed), size);
    if (checked && crc32(content) !== sum) {
      throw new SyntaxError(`the zip archive's member ${name} is damaged: its check sum is wrong`);
    }
    return content;
  }

  #unpack(name: string, method: number, packed: Uint8Array, size: number): Uint8Array {
    if (method === 0) {
      if (packed.length !== size) throw new SyntaxError(`the zip archive's member ${name} has two sizes`);
      return packed;
    }
    if (method !== 8) {
      throw new SyntaxError(`the zip archive's member ${name} is packed in an unknown way (${method})`);
    }
    if (size > MOST_INFLATION * packed.length + 64) {
      throw new SyntaxError(`the zip archive's member ${name} claims ${size} bytes, more than it can hold`);
    }
    this.#budget.take(size, `the zip archive's member ${name}`);
    try {
      const content = inflateSync(packed, { out: new Uint8Array(size) });
      if (content.length === size) return content;
    } catch { // told below
    }
    throw new SyntaxError(`the zip archive's member ${name} is damaged`);
  }

  #readEntries(): Map<string, Entry> {
    const view = this.#view;
    const end = this.#findEnd();
    let count = view.getUint16(end + 10, true);
    let place = view.getUint32(end + 16, true);
    if (end >= 20 && view.getUint32(end - 20, true) === LOCATOR_64) {
      const record = Number(view.getBigUint64(end - 12, true));
      if (view.getUint32(record, true) !== END_RECORD_64) throw new SyntaxError("the zip archive is damaged");
      count = Number(view.getBigUint64(record + 32, true));
      place = Number(view.getBigUint64(record + 48, true));
    }
    const entries = new Map<string, Entry>();
    for (let i = 0; i < count; i++) {
      if (view.getUint32(place, true) !== ENTRY) {
        throw new SyntaxError("the zip archive's list of members is damaged");
      }
      const nameLength = view.getUint16(place + 28, true);
      const extraLength = view.getUint16(place + 30, true);
      const name = new TextDecoder().decode(this.#bytes.subarray(place + 46, place + 46 + nameLength));
      if (entries.has(name)) throw new SyntaxError(`the zip archive has two members ${name}`);
      entries.set(name, this.#readEntry(place, place + 46 + nameLength, extraLength));
      place += 46 + nameLength + extraLength + view.getUint16(place + 32, true);
    }
    return entries;
  }

  #readEntry(place: number, extra: number, extraLength: number): Entry {
    const view = this.#view;
    let size = view.getUint32(place + 24, true);
    let packed = view.getUint32(place + 20, true);
    let offset = view.getUint32(place + 42, true);
    for (let at = extra; at + 4 <= extra + extraLength;) {
      const kind = view.getUint16(at, true);
      let field = at + 4;
      at = field + view.getUint16(at + 2, true);
      if (kind !== 1) continue;
      const next = () => Number(view.getBigUint64((field += 8) - 8, true));
      if (size === 0xffffffff) size = next();
      if (packed === 0xffffffff) packed = next();
      if (offset === 0xffffffff) offset = next();
    }
    return {
      method: view.getUint16(place + 10, true),
      sum: view.getUint32(place + 16, true),
      packed,
      size,
      offset,
    };
  }

  /** The record at the end, behind which a comment of up to 65535 bytes may stand. */
  #findEnd(): number {
    for (let at = this.#bytes.length - 22; at >= Math.max(0, this.#bytes.length - 22 - 65535); at--) {
      if (this.#view.getUint32(at, true) === END_RECORD) return at;
    }
    throw new SyntaxError("it is not a zip archive, or its end is missing");
  }
}
