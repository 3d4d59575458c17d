/**
 * The soft silhouette's kernel in plain TypeScript: the reference of the one in WebAssembly, and its stand-in.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { placeVertices, type SilhouetteKernel, type SilhouetteShape } from "./_silhouette_kernel.ts";
import {
  COVERED,
  coverPixels,
  createSilhouetteBuffers,
  findFronts,
  markCrossings,
  scatterGradient,
  type SilhouetteBuffers,
  visitFaces,
} from "./_soft_silhouette_kernel.ts";

/** One silhouette after another, in plain TypeScript. */
export class PlainSilhouette implements SilhouetteKernel {
  readonly #buffers: SilhouetteBuffers;
  readonly #padded: Float32Array | null; // [S, stride], of sizes that are no multiple of 4

  /** Takes the memory. */
  constructor(shape: SilhouetteShape) {
    this.#buffers = createSilhouetteBuffers(shape);
    this.#padded = shape.size % 4 ? new Float32Array(shape.size * this.#buffers.stride) : null; // [S, stride]
  }

  forward(vertices: FloatArray, offset: number, sharpness: number): void {
    const buffers = this.#buffers;
    placeVertices(buffers, vertices, offset, buffers.positions, buffers.box);
    findFronts(buffers);
    markCrossings(buffers);
    coverPixels(buffers);
    visitFaces(buffers, sharpness);
  }

  image(image: Float32Array): void {
    const { counts, transparency, size, stride, box } = this.#buffers;
    image.fill(0);
    for (let y = box.rowStart; y <= box.rowEnd; y++) {
      const shift = y * (stride - size);
      for (let o = y * stride + box.columnStart; o <= y * stride + box.columnEnd; o++) {
        const count = counts[o];
        image[o - shift] = count === COVERED ? 1 : count === 0 ? 0 : 1 - transparency[o];
      }
    }
  }

  compare(target: Float32Array, factor: number): number {
    const { counts, words, transparency, weights, touched, touchedCount, stride, box } = this.#buffers;
    const mask = this.#pad(target);
    const wordStart = box.columnStart >> 2, wordEnd = box.columnEnd >> 2, rowWords = stride >> 2;
    let sum = 0;
    for (let y = box.rowStart; y <= box.rowEnd; y++) {
      for (let w = y * rowWords + wordStart; w <= y * rowWords + wordEnd; w++) {
        if (words[w] === 0) continue;
        const o = w << 2;
        if (words[w] === -1) sum += 4 - 2 * (mask[o] + mask[o + 1] + mask[o + 2] + mask[o + 3]);
        else for (let j = o; j < o + 4; j++) if (counts[j] === COVERED) sum += 1 - 2 * mask[j];
      }
    }
    for (let i = 0; i < touchedCount; i++) {
      const o = touched[i], open = transparency[o], value = 1 - open;
      sum += value * (value - 2 * mask[o]);
      weights[o] = factor * (value - mask[o]) * open;
    }
    return sum;
  }

  weigh(gradientImage: FloatArray, factor: number): void {
    const { transparency, weights, touched, touchedCount } = this.#buffers;
    const gradient = this.#pad(gradientImage);
    for (let i = 0; i < touchedCount; i++) {
      const o = touched[i];
      weights[o] = factor * gradient[o] * transparency[o];
    }
  }

  scatter(gradient: Float32Array): void {
    scatterGradient(this.#buffers, gradient);
  }

  /** The image with rows as long as the buffers' rows, `[S, stride]`. */
  #pad(image: FloatArray): FloatArray {
    if (this.#padded === null) return image;
    const { size, stride } = this.#buffers;
    for (let y = 0, o = 0; y < size; y++) {
      for (let p = y * stride, x = 0; x < size; x++) this.#padded[p++] = image[o++];
    }
    return this.#padded;
  }
}
