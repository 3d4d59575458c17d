/**
 * Python's pickles, read as data: a small stack machine that executes nothing. A file may name only the functions on the
 * caller's list, and a call of one of them means what this project says it means.
 *
 * @module
 */
import type { ByteBudget } from "../../lib/io/byte_budget.ts";
import { integerOfText, PickleInput } from "./pickle_input.ts";
import { PICKLE_OPCODES } from "./pickle_opcodes.ts";
import { floatOfText, rawUnicode, unquote } from "./pickle_text.ts";
import { describeValue, PickleGlobal, PickleObject, PickleTuple, type PickleValue } from "./pickle_values.ts";
import { RefusedFileError } from "../../lib/io/refused_file_error.ts";

/** How a pickle is read. */
export interface UnpickleOptions {
  /** Where the bytes are from, for messages. */
  readonly place: string;
  /** Functions and classes that it may name. */
  readonly globals: readonly PickleGlobal[];
  /** Memory that it may ask for. */
  readonly budget: ByteBudget;
  /** Where it starts. */
  readonly start?: number;
  /** Gives what a persistent id stands for; without it they are refused. */
  readonly persistentLoad?: (id: PickleValue) => PickleValue;
}

/** Instructions that would make objects of foreign classes or take them from outside. */
const NEVER = new Set([
  "INST",
  "OBJ",
  "NEWOBJ",
  "NEWOBJ_EX",
  "EXT1",
  "EXT2",
  "EXT4",
  "NEXT_BUFFER",
  "READONLY_BUFFER",
]);

/**
 * Reads one pickle.
 *
 * @param bytes Bytes that hold it
 * @param options What it may name
 * @returns The value and where the pickle ends
 * @throws {RefusedFileError} If it names or calls anything that is not on the list
 * @throws {Error} If it is damaged (`SyntaxError`, `TypeError` or `RangeError` with the reason)
 */
export function unpickle(bytes: Uint8Array, options: UnpickleOptions): { value: PickleValue; end: number } {
  return new Machine(bytes, options).run();
}

class Machine {
  readonly #input: PickleInput;
  readonly #options: UnpickleOptions;
  readonly #globals: ReadonlyMap<string, PickleGlobal>;
  readonly #memo = new Map<number, PickleValue>();
  readonly #stack: PickleValue[] = [];
  /** Heights of the stack at the marks. */
  readonly #marks: number[] = [];

  constructor(bytes: Uint8Array, options: UnpickleOptions) {
    this.#options = options;
    this.#input = new PickleInput(bytes, options.start ?? 0);
    this.#globals = new Map(options.globals.map((entry) => [keyOf(entry.module, entry.name), entry]));
  }

  run(): { value: PickleValue; end: number } {
    for (;;) {
      if (this.#input.left === 0) throw new SyntaxError("the pickle has no end (STOP)");
      const code = this.#input.byte();
      const name = PICKLE_OPCODES.get(code);
      if (name === "STOP") return { value: this.#pop(), end: this.#input.place };
      if (name === undefined) throw new SyntaxError(`there is no instruction 0x${code.toString(16)}`);
      if (NEVER.has(name)) throw this.#refused(this.#nameOfNever(name));
      this.#step(name);
    }
  }

  #step(name: string): void {
    const input = this.#input, stack = this.#stack;
    switch (name) {
      case "PROTO": {
        const protocol = input.byte();
        if (protocol > 5) throw new RangeError(`protocol must be 0 to 5: current value is ${protocol}`);
        return;
      }
      case "FRAME": {
        const length = input.uint64();
        if (length > input.left) throw new RangeError(`a frame of ${length} bytes has only ${input.left}`);
        return;
      }
      case "MARK":
        this.#marks.push(stack.length);
        return;
      case "POP":
        if (this.#marks.at(-1) === stack.length) this.#marks.pop();
        else this.#pop();
        return;
      case "POP_MARK":
        this.#popMark();
        return;
      case "DUP":
        stack.push(this.#top());
        return;
      case "NONE":
        stack.push(null);
        return;
      case "NEWTRUE":
      case "NEWFALSE":
        stack.push(name === "NEWTRUE");
        return;
      case "EMPTY_LIST":
      case "EMPTY_DICT":
      case "EMPTY_SET":
      case "EMPTY_TUPLE":
        return this.#pushContainer(
          name === "EMPTY_LIST"
            ? []
            : name === "EMPTY_DICT"
            ? new Map()
            : name === "EMPTY_SET"
            ? new Set()
            : new PickleTuple([]),
        );
      case "TUPLE1":
      case "TUPLE2":
      case "TUPLE3":
        return this.#pushContainer(new PickleTuple(this.#popSeveral(Number(name[5]))));
      case "TUPLE":
        return this.#pushContainer(new PickleTuple(this.#popMark()));
      case "LIST":
        return this.#pushContainer(this.#popMark());
      case "FROZENSET":
        return this.#pushContainer(new Set(this.#popMark().map(keyValue)));
      case "DICT": {
        const items = this.#popMark();
        this.#pushContainer(new Map());
        return this.#setItems(items);
      }
      case "APPEND":
        return this.#append([this.#pop()]);
      case "APPENDS":
        return this.#append(this.#popMark());
      case "SETITEM":
        return this.#setItems(this.#popSeveral(2));
      case "SETITEMS":
        return this.#setItems(this.#popMark());
      case "ADDITEMS":
        return this.#addItems(this.#popMark());
      case "GLOBAL":
        return this.#pushGlobal(input.line(), input.line());
      case "STACK_GLOBAL": {
        const [module, global] = this.#popSeveral(2);
        if (typeof module !== "string" || typeof global !== "string") {
          throw new TypeError("a global must be named by two texts");
        }
        return this.#pushGlobal(module, global);
      }
      case "REDUCE":
        return this.#reduce();
      case "BUILD":
        return this.#build();
      case "PERSID":
        stack.push(this.#persistent(input.line()));
        return;
      case "BINPERSID":
        stack.push(this.#persistent(this.#pop()));
        return;
      default:
        if (!this.#memoStep(name)) stack.push(this.#literal(name));
    }
  }

  /** Instructions that keep and fetch values. */
  #memoStep(name: string): boolean {
    const input = this.#input;
    switch (name) {
      case "PUT":
        this.#memo.set(Number(integerOfText(input.line())), this.#top());
        return true;
      case "BINPUT":
        this.#memo.set(input.byte(), this.#top());
        return true;
      case "LONG_BINPUT":
        this.#memo.set(input.uint32(), this.#top());
        return true;
      case "MEMOIZE":
        this.#memo.set(this.#memo.size, this.#top());
        return true;
      case "GET":
        this.#get(Number(integerOfText(input.line())));
        return true;
      case "BINGET":
        this.#get(input.byte());
        return true;
      case "LONG_BINGET":
        this.#get(input.uint32());
        return true;
      default:
        return false;
    }
  }

  /** Numbers, texts and bytes. */
  #literal(name: string): PickleValue {
    const input = this.#input;
    switch (name) {
      case "INT": {
        const line = input.line();
        return line === "01" ? true : line === "00" ? false : integerOfText(line);
      }
      case "LONG":
        return integerOfText(input.line());
      case "BININT":
        return input.int32();
      case "BININT1":
        return input.byte();
      case "BININT2":
        return input.uint16();
      case "LONG1":
        return input.integer(input.byte());
      case "LONG4":
        return input.integer(input.int32());
      case "FLOAT":
        return floatOfText(input.line());
      case "BINFLOAT":
        return input.float64();
      case "STRING":
        return unquote(input.line());
      case "BINSTRING":
        return input.latin1(input.int32());
      case "SHORT_BINSTRING":
        return input.latin1(input.byte());
      case "UNICODE":
        return rawUnicode(input.line());
      case "BINUNICODE":
        return input.utf8(input.uint32());
      case "SHORT_BINUNICODE":
        return input.utf8(input.byte());
      case "BINUNICODE8":
        return input.utf8(input.uint64());
      case "BINBYTES":
        return input.bytes(input.uint32());
      case "SHORT_BINBYTES":
        return input.bytes(input.byte());
      default: // BINBYTES8, BYTEARRAY8
        return input.bytes(input.uint64());
    }
  }

  #pushGlobal(module: string, name: string): void {
    const found = this.#globals.get(keyOf(module, name));
    if (!found) throw this.#refused(`${module}.${name}`);
    this.#stack.push(found);
  }

  #reduce(): void {
    const [target, args] = this.#popSeveral(2);
    if (!(target instanceof PickleGlobal) || target.call === null) {
      throw this.#refused(`a call of ${describeValue(target)}`);
    }
    if (!(args instanceof PickleTuple)) throw new TypeError("the arguments of a call must be a tuple");
    this.#pushContainer(target.call(args.items));
  }

  #build(): void {
    const state = this.#pop();
    const target = this.#top();
    if (target instanceof Map) {
      if (!(state instanceof Map)) throw this.#refused("a dict with a state of its own");
      return; // attributes of a dict, such as the versions of a state dict's modules
    }
    if (!(target instanceof PickleObject)) throw this.#refused(`a state for ${describeValue(target)}`);
    target.setState(state);
  }

  #persistent(id: PickleValue): PickleValue {
    const { persistentLoad } = this.#options;
    if (!persistentLoad) throw this.#refused(`the persistent id ${describeValue(id)}`);
    return persistentLoad(id);
  }

  #append(items: readonly PickleValue[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw new TypeError(`items are put into ${describeValue(list)}`);
    for (const item of items) list.push(item);
  }

  #setItems(items: readonly PickleValue[]): void {
    const dict = this.#top();
    if (!(dict instanceof Map) || items.length % 2 !== 0) {
      throw new TypeError(`${items.length} keys and values are put into ${describeValue(dict)}`);
    }
    for (let i = 0; i < items.length; i += 2) dict.set(keyValue(items[i]), items[i + 1]);
  }

  #addItems(items: readonly PickleValue[]): void {
    const set = this.#top();
    if (!(set instanceof Set)) throw new TypeError(`items are put into ${describeValue(set)}`);
    for (const item of items) set.add(keyValue(item));
  }

  #get(slot: number): void {
    const value = this.#memo.get(slot);
    if (value === undefined) throw new RangeError(`it refers to the value ${slot}, which was not kept`);
    this.#stack.push(value);
  }

  #pushContainer(value: PickleValue): void {
    this.#options.budget.takeContainer();
    this.#stack.push(value);
  }

  #top(): PickleValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw new RangeError("its stack is empty");
    return this.#stack[this.#stack.length - 1];
  }

  #pop(): PickleValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popSeveral(count: number): PickleValue[] {
    if (this.#stack.length - (this.#marks.at(-1) ?? 0) < count) throw new RangeError("its stack is empty");
    return this.#stack.splice(this.#stack.length - count);
  }

  #popMark(): PickleValue[] {
    const height = this.#marks.pop();
    if (height === undefined) throw new RangeError("it goes back to a mark that was not set");
    return this.#stack.splice(height);
  }

  /** A name for an instruction that is always refused, with what it would make. */
  #nameOfNever(name: string): string {
    if (name === "INST") return `${this.#input.line()}.${this.#input.line()} (instruction INST)`;
    return `the instruction ${name}`;
  }

  #refused(what: string): RefusedFileError {
    return new RefusedFileError(this.#options.place, what);
  }
}

function keyOf(module: string, name: string): string {
  return `${module}\n${name}`;
}

/** A key of a dict or item of a set: what Python could hash. */
function keyValue(value: PickleValue): PickleValue {
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) {
    throw new TypeError(`a key must not be ${describeValue(value)}`);
  }
  return value;
}
