/**
 * The soft silhouette's kernel in WebAssembly: drives wasm/silhouette.c. `PlainSilhouette` is its reference.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import {
  type PixelBox,
  placeVertices,
  type SilhouetteKernel,
  type SilhouetteShape,
} from "./_silhouette_kernel.ts";
import type { WasmBlock, WasmHeap } from "./_wasm_memory.ts";

/** Integers at the start of the fields; `double margin, sharpness` and the addresses follow. */
const BOX = 8, PAIR_CAPACITY = 12, PAIR_COUNT = 13, DOUBLES = 7, ADDRESSES = 18, FIELD_BYTES = 144;
/** Bytes of one group of four pairs: its pixel apart from its four vectors. */
const PIXEL_BYTES = 4, GROUP_BYTES = 64;
/** Position of these two arrays among the addresses. */
const PAIR_PIXELS = 13, PAIRS = 14;

/** Largest image side that this kernel takes. */
export const LARGEST_WASM_SIZE = 2048;

/** One silhouette after another, in WebAssembly. */
export class WasmSilhouette implements SilhouetteKernel {
  readonly #heap: WasmHeap;
  readonly #shape: SilhouetteShape;
  readonly #address: number;
  readonly #integers: Int32Array; // fields
  readonly #sharpness: Float64Array; // [1]
  readonly #positions: Float64Array; // [V, 2]
  readonly #image: Float32Array; // [S, S]
  readonly #gradient: Float32Array; // [V, 2]
  readonly #box: PixelBox = { columnStart: 0, columnEnd: -1, rowStart: 0, rowEnd: -1 };
  #pairs: WasmBlock;

  /** Takes the memory. */
  constructor(heap: WasmHeap, shape: SilhouetteShape) {
    const { faces, edges, vertexCount: V, size, margin, maxFaces } = shape;
    const F = faces.length / 3, E = edges.faces.length / 2;
    const stride = (size + 15) & ~15, pixels = size * stride + 16;
    const bitStride = (stride >> 3) + 16, blockStride = (stride >> 6) + 16;
    const lengths = [
      FIELD_BYTES,
      16 * V, // positions
      4 * faces.length,
      8 * E, // edge vertices
      8 * E, // edge faces
      F + 1, // fronts
      4 * pixels, // crossings
      pixels, // counts
      size * bitStride, // open bits
      ((size + 7) >> 3) * blockStride, // block bits
      4 * pixels, // transparency
      4 * pixels, // weights
      4 * (size * size + 16), // image
      4 * (F + 1), // face starts
      8 * V, // gradient
    ];
    const places: number[] = [];
    let total = 0;
    for (const length of lengths) {
      places.push(total);
      total += (length + 63) & ~63;
    }
    const block = heap.allocate(this, total);
    this.#heap = heap;
    this.#shape = { ...shape };
    this.#address = block.address;
    this.#integers = block.integers(0, FIELD_BYTES / 4);
    this.#integers.set([size, stride, F, E, V, maxFaces, bitStride, blockStride]);
    const doubles = block.doubles(8 * DOUBLES, 2);
    doubles[0] = margin;
    this.#sharpness = doubles.subarray(1);
    const [positions, facesAt, edgeVertices, edgeFaces] = places.slice(1);
    this.#positions = block.doubles(positions, 2 * V);
    block.integers(facesAt, faces.length).set(faces);
    block.integers(edgeVertices, 2 * E).set(edges.vertices);
    block.integers(edgeFaces, 2 * E).set(edges.faces);
    this.#image = block.floats(places[12], size * size);
    this.#gradient = block.floats(places[14], 2 * V);
    const addresses = places.slice(1).map((place) => block.address + place);
    this.#integers.set([...addresses.slice(0, 13), 0, 0, addresses[13]], ADDRESSES);
    this.#pairs = this.#takePairs(1 << 12);
  }

  forward(vertices: FloatArray, offset: number, sharpness: number): void {
    const { kernels } = this.#heap, address = this.#address, integers = this.#integers, box = this.#box;
    placeVertices(this.#shape, vertices, offset, this.#positions, box);
    integers[BOX] = box.columnStart;
    integers[BOX + 1] = box.columnEnd;
    integers[BOX + 2] = box.rowStart;
    integers[BOX + 3] = box.rowEnd;
    this.#sharpness[0] = sharpness;
    kernels.silhouette_cover(address);
    const F = this.#shape.faces.length / 3;
    for (let f = kernels.silhouette_visit(address, 0); f < F; f = kernels.silhouette_visit(address, f)) {
      this.#growPairs();
    }
  }

  image(image: Float32Array): void {
    this.#heap.kernels.silhouette_image(this.#address);
    image.set(this.#image);
  }

  compare(target: Float32Array, factor: number): number {
    this.#setImage(target);
    return this.#heap.kernels.silhouette_compare(this.#address, factor);
  }

  weigh(gradientImage: FloatArray, factor: number): void {
    this.#setImage(gradientImage);
    this.#heap.kernels.silhouette_weigh(this.#address, factor);
  }

  scatter(gradient: Float32Array): void {
    this.#heap.kernels.silhouette_scatter(this.#address);
    gradient.set(this.#gradient);
  }

  /** Copies the rows of the object's box. */
  #setImage(image: FloatArray): void {
    const { rowStart, rowEnd } = this.#box, size = this.#shape.size;
    const start = rowStart * size;
    if (rowEnd >= rowStart) this.#image.set(image.subarray(start, (rowEnd + 1) * size), start);
  }

  #takePairs(groups: number): WasmBlock {
    const block = this.#heap.allocate(this, groups * (PIXEL_BYTES + GROUP_BYTES));
    this.#integers[PAIR_CAPACITY] = groups;
    this.#integers[ADDRESSES + PAIRS] = block.address;
    this.#integers[ADDRESSES + PAIR_PIXELS] = block.address + groups * GROUP_BYTES;
    return block;
  }

  #growPairs(): void {
    const old = this.#pairs, capacity = this.#integers[PAIR_CAPACITY], count = this.#integers[PAIR_COUNT];
    this.#pairs = this.#takePairs(2 * capacity);
    this.#pairs.bytes(0, count * GROUP_BYTES).set(old.bytes(0, count * GROUP_BYTES));
    const pixels = old.integers(capacity * GROUP_BYTES, count);
    this.#pairs.integers(2 * capacity * GROUP_BYTES, count).set(pixels);
    this.#heap.release(old);
  }
}
