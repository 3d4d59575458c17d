/**
 * The soft silhouette, fast: covered pixels are 1, a pixel beside the object is 1 − Π(1 − exp(−sharpness·d²)) over the
 * first faces (by index, front and back) whose grown box holds it. `soft_silhouette_reference.ts` is the plain form.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { checkFaces } from "./check_faces.ts";
import { contourEdges } from "./_contour_edges.ts";
import { PlainSilhouette } from "./_plain_silhouette.ts";
import type { SilhouetteKernel } from "./_silhouette_kernel.ts";
import { WasmHeap } from "./_wasm_memory.ts";
import { LARGEST_WASM_SIZE, WasmSilhouette } from "./_wasm_silhouette.ts";

/** Options of a soft silhouette. */
export interface SilhouetteOptions {
  /** Exponent factor δ of squared distances in NDC; larger is sharper. Greater than 0. */
  sharpness?: number;
  /** Growth of each face's box on every side, NDC. 0 or more. */
  boxMargin?: number;
  /** Faces that a pixel remembers, 1 to 254. */
  maxFaces?: number;
  /** Which code does it: WebAssembly where it is there and the size is at most 2048, or plain TypeScript. */
  kernel?: "auto" | "typescript";
}

/** Defaults of `SilhouetteOptions`: the original's. */
export const SILHOUETTE_DEFAULTS = {
  sharpness: 7000,
  boxMargin: 0.02,
  maxFaces: 30,
  kernel: "auto",
} as const satisfies Required<SilhouetteOptions>;

/**
 * A square soft silhouette of meshes that share their faces, with its gradient. All memory is taken once; results are
 * overwritten by the next call.
 *
 * Gradients flow from uncovered pixels only. Faces with a vertex that is not finite are left out.
 *
 * @example
 * ```ts
 * const silhouette = new SoftSilhouette(topology.faces, 962, 128);
 * silhouette.forward(projectVertices(vertices, pose));
 * const loss = silhouette.meanSquaredError(mask, maskSquares);
 * const gradient = silhouette.backwardMeanSquaredError(); // [V, 2]
 * ```
 */
export class SoftSilhouette {
  /** Rows and columns of the image. */
  readonly size: number;
  /** Growth of face boxes, NDC. */
  readonly boxMargin: number;
  /** Faces that a pixel remembers. */
  readonly maxFaces: number;
  readonly #vertexCount: number;
  readonly #kernel: SilhouetteKernel;
  readonly #image: Float32Array; // [S, S]
  readonly #gradient: Float32Array; // [V, 2]
  #sharpness: number;
  #sharpnessUsed: number;

  /**
   * Takes the memory for one mesh topology and image size.
   *
   * @param faces Vertex indices, `[F, 3]`
   * @param vertexCount Number of vertices, V
   * @param size Rows and columns, S
   * @param options Sharpness, margin and number of faces
   * @throws {TypeError} If `faces` is no list of triples
   * @throws {RangeError} If an option, the size or a face is out of range
   */
  constructor(faces: Int32Array, vertexCount: number, size: number, options: SilhouetteOptions = {}) {
    const {
      sharpness = SILHOUETTE_DEFAULTS.sharpness,
      boxMargin = SILHOUETTE_DEFAULTS.boxMargin,
      maxFaces = SILHOUETTE_DEFAULTS.maxFaces,
      kernel = SILHOUETTE_DEFAULTS.kernel,
    } = options;
    const action = "make a soft silhouette";
    checkFaces(action, faces, vertexCount);
    checkWhole(action, "size", size, 1, 1 << 14);
    checkWhole(action, "maxFaces", maxFaces, 1, 254);
    if (kernel !== "auto" && kernel !== "typescript") {
      throw new RangeError(
        `Cannot ${action}: kernel must be "auto" or "typescript", current value is ${JSON.stringify(kernel)}`,
      );
    }
    if (!(boxMargin >= 0 && boxMargin < Infinity)) {
      throw new RangeError(`Cannot ${action}: boxMargin must be 0 or more, current value is ${boxMargin}`);
    }
    this.size = size;
    this.boxMargin = boxMargin;
    this.maxFaces = maxFaces;
    this.sharpness = this.#sharpness = this.#sharpnessUsed = sharpness;
    this.#vertexCount = vertexCount;
    this.#image = new Float32Array(size * size); // [S, S]
    this.#gradient = new Float32Array(2 * vertexCount); // [V, 2]
    const margin = boxMargin * size / 2;
    const shape = { faces: faces.slice(), edges: contourEdges(faces), vertexCount, size, margin, maxFaces };
    const heap = kernel === "auto" && size <= LARGEST_WASM_SIZE ? WasmHeap.own() : null;
    this.#kernel = heap ? new WasmSilhouette(heap, shape) : new PlainSilhouette(shape);
  }

  /** Exponent factor δ; may be changed between calls of `forward`. */
  get sharpness(): number {
    return this.#sharpness;
  }

  set sharpness(sharpness: number) {
    if (!(sharpness > 0 && sharpness < Infinity)) {
      throw new RangeError(
        `Cannot set a silhouette's sharpness: it must be greater than 0, current value is ${sharpness}`,
      );
    }
    this.#sharpness = sharpness;
  }

  /**
   * Renders the silhouette of one mesh.
   *
   * @param vertices Screen positions, `[V, 3]` at `offset`
   * @param offset Index of the first value, for one mesh of a batch
   * @throws {RangeError} If fewer than V vertices lie behind `offset`
   */
  forward(vertices: FloatArray, offset = 0): void {
    const needed = 3 * this.#vertexCount;
    if (!(offset >= 0 && offset + needed <= vertices.length)) {
      throw new RangeError(
        `Cannot render a silhouette from ${vertices.length} values: it reads ${needed}, current offset is ${offset}`,
      );
    }
    this.#sharpnessUsed = this.#sharpness;
    this.#kernel.forward(vertices, offset, this.#sharpness / (this.size / 2) ** 2);
  }

  /**
   * The silhouette of the last `forward`.
   *
   * @param out Where to write, `[S, S]`; by default an array that this object owns and overwrites by the next call
   * @returns Coverage in [0, 1], `[S, S]`
   * @throws {TypeError} If `out` has another size
   */
  image(out: Float32Array = this.#image): Float32Array {
    if (out !== this.#image) checkShapes("write a silhouette", { out: [out, [this.size, this.size]] });
    this.#kernel.image(out);
    return out;
  }

  /**
   * Mean over the pixels of (silhouette − target)², and what `backwardMeanSquaredError` needs.
   *
   * @param target Observed mask, `[S, S]`
   * @param targetSquares Sum of the target's squares; constant, so computed once by the caller
   * @returns Mean squared error
   * @throws {TypeError} If the target has another size
   */
  meanSquaredError(target: Float32Array, targetSquares: number): number {
    checkShapes("compare silhouettes", { target: [target, [this.size, this.size]] });
    const pixels = this.size * this.size;
    return (targetSquares + this.#kernel.compare(target, this.#gradientFactor() * 2 / pixels)) / pixels;
  }

  /**
   * Gradient of the last `meanSquaredError`.
   *
   * @returns dL/dx and dL/dy of the screen positions, `[V, 2]`; owned by this object and overwritten by the next call
   */
  backwardMeanSquaredError(): Float32Array {
    this.#kernel.scatter(this.#gradient);
    return this.#gradient;
  }

  /**
   * Gradient of the last `forward` for any loss.
   *
   * @param gradientImage dL/d(silhouette), `[S, S]`
   * @returns dL/dx and dL/dy of the screen positions, `[V, 2]`; owned by this object and overwritten by the next call
   * @throws {TypeError} If the gradient has another size
   */
  backward(gradientImage: FloatArray): Float32Array {
    checkShapes("propagate silhouette gradients", { gradientImage: [gradientImage, [this.size, this.size]] });
    this.#kernel.weigh(gradientImage, this.#gradientFactor());
    return this.backwardMeanSquaredError();
  }

  /** From d(d² in NDC) to the vertices in NDC, for residues in pixels: 2·sharpness·(2 / S). */
  #gradientFactor(): number {
    return 4 * this.#sharpnessUsed / this.size;
  }
}

function checkWhole(action: string, name: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high)) {
    throw new RangeError(
      `Cannot ${action}: ${name} must be an integer from ${low} to ${high}, current value is ${value}`,
    );
  }
}
