/**
 * Fine detail of generated textures from exemplars: each cell takes the detail of those exemplars whose broad colours, by
 * the principal components, are like the generated ones there and in all.
 *
 * Similarity is a squared distance under the components' Gram matrix, so its softmax needs one product of matrices.
 *
 * @module
 */
import type { FloatImage } from "../../core/arrays.ts";
import { enlargeImage, shrinkImage } from "../../core/shrink_image.ts";
import { type Tensor, type Tensor2D, type Tensor3D, type Tensor4D, tf } from "../../core/tensor.ts";
import { CELL_COLUMNS, CELL_ROWS, CELLS, type Exemplars } from "./exemplars.ts";
import { unitRows } from "./latent_transport.ts";

/** Broad colours that all objects have in common. */
export interface BroadColours {
  /** Rows, S; half a texture has S / 2 columns. */
  readonly side: number;
  /** Mean before tanh, `[S, S / 2, 3]`. */
  readonly mean: Float32Array;
  /** Principal components, P of them, each `[S, S / 2, 3]`. */
  readonly components: readonly Float32Array[];
}

/** How steeply the similarity of latent codes decides, and that of broad colours (mean squares before tanh). */
const CODE_SHARPNESS = 30, CELL_TEMPERATURE = 0.01;
/** Weight of the difference of whole objects beside that of the cells. */
const WHOLE_WEIGHT = 1;
/** How well cells that are not seen count as seen. */
const LEAST_SEEN = 0.02;
/** Weight of how well cells are seen beside similarity; that of whole objects alone is some hundreds. */
const SEEN_WEIGHT = 30;
/** Root mean square of truncated latent codes; shorter ones are nearer to the mean object. */
const LATENT_SCALE = 0.5397;
/** Largest colour, so that the inverse of tanh stays finite. */
const COLOUR_LIMIT = 0.97;

/** Mixes exemplars. */
export class ExemplarMixture {
  readonly #directions: Tensor2D; // [P, K]
  readonly #biases: Tensor; // [K]
  readonly #codes: Tensor2D; // [K, P]
  readonly #similarity: Tensor2D; // [P, C K]
  readonly #constant: Tensor; // [C K]
  readonly #count: number; // K
  /** By rows of the texture, S: details in blocks of s = S / 16 texels, `[17 · 9, K, s · s · 3]`, and weights of corners. */
  readonly #details: ReadonlyMap<number, { readonly blocks: Tensor3D; readonly corners: Tensor3D }>;

  /**
   * Prepares the mixture.
   *
   * @param exemplars Exemplars
   * @param broad Broad colours that generated textures have
   * @param sides Rows of the textures that will be made, each the exemplars' R or R / 2ⁿ
   */
  constructor(exemplars: Exemplars, broad: BroadColours, sides: readonly number[]) {
    const { codes, biases, seen } = exemplars, K = biases.length, P = broad.components.length;
    this.#count = K;
    const details = Array.from({ length: K }, (_, k) => detailOf(exemplars, broad, k));
    this.#details = new Map(sides.map((side) => [side, {
      blocks: detailBlocks(details.map((detail) => shrinkImage(detail, detail.height / side))),
      corners: cornerWeights(side / CELL_ROWS),
    }]));
    this.#directions = tf.tidy(() => tf.transpose(tf.tensor2d(unitRows(codes, P), [K, P])));
    this.#codes = tf.tensor2d(codes, [K, P]);
    this.#biases = tf.tensor1d(biases);
    const { similarity, constant } = cellSimilarity(codes, seen, broad, K);
    this.#similarity = tf.tensor2d(similarity, [P, CELLS * K]);
    this.#constant = tf.tensor1d(constant);
  }

  /**
   * Weights of the principal components that latent codes stand for: a mean of the exemplars whose directions are nearest.
   *
   * @param latent First entries of latent codes, `[B, P]`
   * @returns `[B, P]`
   */
  mixCodes(latent: Tensor2D): Tensor2D {
    return tf.tidy(() => {
      const length = tf.sqrt(tf.add(tf.sum(tf.square(latent), 1, true), 1e-8)); // [B, 1]
      const cosine = tf.matMul(tf.div(latent, length), this.#directions) as Tensor2D;
      const shares = tf.softmax(tf.mul(tf.add(cosine, this.#biases), CODE_SHARPNESS));
      const typical = LATENT_SCALE * Math.sqrt(latent.shape[1]);
      const scale = tf.minimum(tf.div(length, typical), 1);
      return tf.mul(tf.matMul(shares as Tensor2D, this.#codes), scale) as Tensor2D;
    });
  }

  /**
   * Detail to be added to broad colours before tanh.
   *
   * @param codes Weights of the principal components, `[B, P]`
   * @param side Rows of the texture, S
   * @returns The middle half of an even-reflected texture, `[B, S, S / 2, 3]`
   * @throws {RangeError} If the mixture was not prepared for textures of that size
   */
  details(codes: Tensor2D, side: number): Tensor4D {
    const prepared = this.#details.get(side), [B] = codes.shape, K = this.#count;
    if (!prepared) {
      throw new RangeError(
        `Cannot mix exemplars: rows must be ${
          [...this.#details.keys()].join(" or ")
        }, current value is ${side}`,
      );
    }
    const rows = CELL_ROWS + 1, columns = CELL_COLUMNS + 1, s = side / CELL_ROWS;
    return tf.tidy(() => {
      const similarity = tf.add(tf.matMul(codes, this.#similarity), this.#constant);
      const shares = tf.softmax(tf.reshape(similarity, [B, CELL_ROWS, CELL_COLUMNS, K])) as Tensor4D;
      const padded = padByOne(shares); // [B, rows + 1, columns + 1, K]
      const corners = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([i, j]) =>
        tf.slice(padded, [0, i, j, 0], [B, rows, columns, K])
      );
      const weights = tf.transpose(tf.stack(corners, 1), [2, 3, 0, 1, 4]); // [rows, columns, B, 4, K]
      const mixed = tf.matMul(tf.reshape(weights, [rows * columns, B * 4, K]), prepared.blocks);
      const blocks = tf.sum(
        tf.mul(tf.reshape(mixed, [rows * columns * B, 4, s * s, 3]), prepared.corners),
        1,
      );
      const laid = tf.transpose(tf.reshape(blocks, [rows, columns, B, s, s * 3]), [2, 0, 3, 1, 4]);
      const whole = tf.reshape(laid, [B, rows * s, columns * s, 3]) as Tensor4D;
      return tf.slice(whole, [0, s / 2, s / 2, 0], [B, side, side / 2, 3]) as Tensor4D;
    });
  }

  /** Frees its tensors. */
  dispose(): void {
    tf.dispose([this.#directions, this.#biases, this.#codes, this.#similarity, this.#constant]);
    for (const { blocks, corners } of this.#details.values()) tf.dispose([blocks, corners]);
  }
}

/** Texture of an exemplar before tanh less its broad colours, `[R, R / 2, 3]`. */
function detailOf({ resolution: R, colours, codes }: Exemplars, broad: BroadColours, k: number): FloatImage {
  const P = broad.components.length, length = R * R / 2 * 3, { side } = broad;
  const own = { data: broad.mean.slice(), height: side, width: side / 2, channels: 3 };
  broad.components.forEach((component, p) => {
    const weight = codes[k * P + p];
    for (let i = 0; i < component.length; i++) own.data[i] += weight * component[i];
  });
  const wide = enlargeImage(own, R / side);
  const data = Float32Array.from(colours.subarray(k * length, (k + 1) * length), (value, i) => {
    const colour = Math.max(-COLOUR_LIMIT, Math.min(COLOUR_LIMIT, value / 127.5 - 1));
    return Math.atanh(colour) - wide.data[i];
  });
  return { data, height: R, width: R / 2, channels: 3 };
}

/** Details of all exemplars, each `[S, S / 2, 3]`, in blocks between the centres of cells, `[17 · 9, K, s · s · 3]`. */
function detailBlocks(details: readonly FloatImage[]): Tensor3D {
  const K = details.length, side = details[0].height, s = side / CELL_ROWS;
  const rows = CELL_ROWS + 1, columns = CELL_COLUMNS + 1;
  const blocks = new Float32Array(rows * columns * K * s * s * 3);
  details.forEach(({ data }, k) => {
    for (let i = 0; i < rows * s; i++) {
      const row = clamp(i - s / 2, side), block = Math.floor(i / s) * columns;
      for (let j = 0; j < columns * s; j++) {
        const from = 3 * (row * side / 2 + clamp(j - s / 2, side / 2));
        const to = 3 * (((block + Math.floor(j / s)) * K + k) * s * s + (i % s) * s + j % s);
        for (let c = 0; c < 3; c++) blocks[to + c] = data[from + c];
      }
    }
  });
  return tf.tensor3d(blocks, [rows * columns, K, s * s * 3]);
}

/**
 * The similarity of codes z to exemplars in each cell, less what is the same for all: −|A (z − zₖ)|² / τ is linear in z.
 *
 * @returns Factors of z, `[P, C, K]`, and what is added, `[C, K]`
 */
function cellSimilarity(codes: Float32Array, seen: Float32Array, broad: BroadColours, K: number) {
  const P = broad.components.length,
    similarity = new Float32Array(P * CELLS * K),
    constant = new Float32Array(CELLS * K);
  for (let cell = 0; cell < CELLS; cell++) {
    const gram = cellGram(broad, cell); // [P, P]
    for (let p = 0; p < P; p++) gram[p * P + p] += WHOLE_WEIGHT / P;
    for (let k = 0; k < K; k++) {
      let square = 0;
      for (let p = 0; p < P; p++) {
        let product = 0;
        for (let q = 0; q < P; q++) product += gram[p * P + q] * codes[k * P + q];
        similarity[(p * CELLS + cell) * K + k] = 2 * product / CELL_TEMPERATURE;
        square += product * codes[k * P + p];
      }
      const quality = SEEN_WEIGHT * Math.log(seen[k * CELLS + cell] + LEAST_SEEN);
      constant[cell * K + k] = quality - square / CELL_TEMPERATURE;
    }
  }
  return { similarity, constant };
}

/** Mean products of the components' colours in a cell and those around it, `[P, P]`. */
function cellGram({ side, components }: BroadColours, cell: number): Float64Array {
  const P = components.length, gram = new Float64Array(P * P), s = side / CELL_ROWS;
  const row = Math.floor(cell / CELL_COLUMNS), column = cell % CELL_COLUMNS, values = new Float64Array(P);
  let count = 0;
  for (let i = Math.max(0, row - 1) * s; i < Math.min(CELL_ROWS, row + 2) * s; i++) {
    for (let j = Math.max(0, column - 1) * s; j < Math.min(CELL_COLUMNS, column + 2) * s; j++) {
      for (let c = 0; c < 3; c++, count++) {
        const at = 3 * (i * side / 2 + j) + c;
        for (let p = 0; p < P; p++) values[p] = components[p][at];
        for (let p = 0; p < P; p++) for (let q = 0; q <= p; q++) gram[p * P + q] += values[p] * values[q];
      }
    }
  }
  for (let p = 0; p < P; p++) {
    for (let q = 0; q <= p; q++) gram[q * P + p] = gram[p * P + q] /= count;
  }
  return gram;
}

/** Repeats the outer rows and columns, `[B, H, W, K]` → `[B, H + 2, W + 2, K]`. */
function padByOne(x: Tensor4D): Tensor4D {
  const [B, H, W, K] = x.shape;
  const tall = tf.concat([
    tf.slice(x, [0, 0, 0, 0], [B, 1, W, K]),
    x,
    tf.slice(x, [0, H - 1, 0, 0], [B, 1, W, K]),
  ], 1);
  const first = tf.slice(tall, [0, 0, 0, 0], [B, H + 2, 1, K]);
  return tf.concat([first, tall, tf.slice(tall, [0, 0, W - 1, 0], [B, H + 2, 1, K])], 2);
}

/** Bilinear weights of a block's four corners, `[4, s · s, 1]`. */
function cornerWeights(s: number): Tensor3D {
  const weights = new Float32Array(4 * s * s);
  for (let i = 0, texel = 0; i < s; i++) {
    for (let j = 0; j < s; j++, texel++) {
      const v = (i + 0.5) / s, u = (j + 0.5) / s;
      [(1 - v) * (1 - u), (1 - v) * u, v * (1 - u), v * u].forEach((weight, corner) => {
        weights[corner * s * s + texel] = weight;
      });
    }
  }
  return tf.tensor3d(weights, [4, s * s, 1]);
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index));
}
