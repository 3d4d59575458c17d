/**
 * The kernels in WebAssembly of one thread, and their memory: blocks in one growing memory, given back when their owner
 * is collected.
 *
 * The memory is of the shared kind because that can grow without taking the arrays over it away.
 *
 * @module
 */
import { KERNELS } from "./_wasm_kernels.ts";

/** Functions of wasm/silhouette.c; all take the address of one silhouette's fields. */
export interface WasmKernels {
  /** Marks covered and open pixels. */
  silhouette_cover(address: number): void;
  /** Visits faces from `first`; returns the face that needs more room for pairs, or F. */
  silhouette_visit(address: number, first: number): number;
  /** Writes the image. */
  silhouette_image(address: number): void;
  /** Compares with the image and sets the weights. */
  silhouette_compare(address: number, factor: number): number;
  /** Sets the weights from the image. */
  silhouette_weigh(address: number, factor: number): void;
  /** Sums up the gradient. */
  silhouette_scatter(address: number): void;
}

const PAGE = 1 << 16;
/** Blocks start at multiples of this. */
const ALIGNMENT = 64;
/** Most pages, and what is tried where a device reserves them all at once and has not as many. */
const MOST_PAGES = [0xffff, 0x4000, 0x1000] as const;

/** Kernels and memory of this thread. */
export class WasmHeap {
  /** The kernels. */
  readonly kernels: WasmKernels;
  readonly #memory: WebAssembly.Memory;
  readonly #free = new Map<number, number[]>(); // addresses by length
  readonly #owners = new FinalizationRegistry<WasmBlock>((block) => this.release(block));
  #top: number;

  private constructor() {
    this.#memory = takeMemory();
    const instance = new WebAssembly.Instance(compile(), { env: { memory: this.#memory } });
    this.kernels = instance.exports as unknown as WasmKernels;
    this.#top = (instance.exports.__heap_base as WebAssembly.Global).value;
  }

  static #own: WasmHeap | null | undefined;

  /** This thread's heap; null where WebAssembly lacks what the kernels need. */
  static own(): WasmHeap | null {
    if (WasmHeap.#own === undefined) {
      try {
        WasmHeap.#own = typeof WebAssembly === "undefined" ? null : new WasmHeap();
      } catch (error) {
        if (!(error instanceof WebAssembly.CompileError || error instanceof RangeError)) throw error;
        WasmHeap.#own = null; // a page's policy, an old browser, or no memory
      }
    }
    return WasmHeap.#own;
  }

  /**
   * Takes a block of zeros.
   *
   * @param owner Object after whose end the block is free again
   * @param byteLength Size
   * @throws {RangeError} If the memory is full
   */
  allocate(owner: object, byteLength: number): WasmBlock {
    const length = Math.ceil(byteLength / ALIGNMENT) * ALIGNMENT;
    const used = this.#free.get(length)?.pop();
    const address = used ?? Math.ceil(this.#top / ALIGNMENT) * ALIGNMENT;
    if (used === undefined) {
      const missing = address + length - this.#memory.buffer.byteLength;
      if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
      this.#top = address + length;
    }
    const block = new WasmBlock(this.#memory.buffer, address, length);
    if (used !== undefined) block.bytes(0, length).fill(0);
    this.#owners.register(owner, block, block);
    return block;
  }

  /** Gives a block back before its owner's end. */
  release(block: WasmBlock): void {
    this.#owners.unregister(block);
    this.#free.set(block.byteLength, [...this.#free.get(block.byteLength) ?? [], block.address]);
  }
}

/** A piece of a heap. */
export class WasmBlock {
  readonly #buffer: ArrayBufferLike;
  /** Place in the memory. */
  readonly address: number;
  /** Size. */
  readonly byteLength: number;

  /** Names a piece. */
  constructor(buffer: ArrayBufferLike, address: number, byteLength: number) {
    this.#buffer = buffer;
    this.address = address;
    this.byteLength = byteLength;
  }

  /** Bytes at `offset`, `[length]`. */
  bytes(offset: number, length: number): Uint8Array {
    return new Uint8Array(this.#buffer, this.address + offset, length);
  }

  /** Integers at `offset`, `[length]`. */
  integers(offset: number, length: number): Int32Array {
    return new Int32Array(this.#buffer, this.address + offset, length);
  }

  /** Float32 values at `offset`, `[length]`. */
  floats(offset: number, length: number): Float32Array {
    return new Float32Array(this.#buffer, this.address + offset, length);
  }

  /** Float64 values at `offset`, `[length]`. */
  doubles(offset: number, length: number): Float64Array {
    return new Float64Array(this.#buffer, this.address + offset, length);
  }
}

function takeMemory(): WebAssembly.Memory {
  const take = (maximum: number) => new WebAssembly.Memory({ initial: 16, maximum, shared: true });
  for (const maximum of MOST_PAGES.slice(0, -1)) {
    try {
      return take(maximum);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return take(MOST_PAGES.at(-1)!);
}

function compile(): WebAssembly.Module {
  return new WebAssembly.Module(Uint8Array.from(atob(KERNELS), (letter) => letter.charCodeAt(0)));
}
