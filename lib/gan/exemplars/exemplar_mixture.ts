/**
 * Fine detail of generated textures: each cell takes the detail of those donors whose broad colours, by the principal
 * components, are like the generated ones there and in all, and whose photographs show it well.
 *
 * Similarity is a squared distance under the components' Gram matrix, so its softmax needs one product of matrices.
 *
 * @module
 */
import type { FloatImage } from "../../core/arrays.ts";
import { enlargeImage, shrinkImage } from "../../core/shrink_image.ts";
import { type Tensor, type Tensor2D, type Tensor3D, type Tensor4D, tf } from "../../core/tensor.ts";
import type { BroadColours } from "./broad_colours.ts";
import { cellSimilarity } from "./cell_similarity.ts";
import { CELL_COLUMNS, CELL_ROWS, CELLS, type Donors, type Exemplars } from "./exemplars.ts";
import { unitRows } from "./latent_transport.ts";

/** How steeply the similarity of latent codes decides. */
const CODE_SHARPNESS = 30;
/** Root mean square of truncated latent codes; shorter ones are nearer to the mean object. */
const LATENT_SCALE = 0.5397;
/** Largest colour, so that the inverse of tanh stays finite. */
const COLOUR_LIMIT = 0.97;

/** Mixes exemplars' codes, and donors' details. */
export class ExemplarMixture {
  readonly #directions: Tensor2D; // [P, K]
  readonly #biases: Tensor; // [K]
  readonly #codes: Tensor2D; // [K, P]
  readonly #factors: Tensor2D; // [P, C D]
  readonly #constants: Tensor; // [C D]
  readonly #donorCount: number; // D
  /** By rows of the texture, S: details in blocks of s = S / 16 texels, `[17 · 9, D, s · s · 3]`, and weights of corners. */
  readonly #details: ReadonlyMap<number, { readonly blocks: Tensor3D; readonly corners: Tensor3D }>;

  /**
   * Prepares the mixture.
   *
   * @param exemplars Exemplars and donors
   * @param broad Broad colours that generated textures have
   * @param sides Rows of the textures that will be made, each the donors' R or R / 2ⁿ
   */
  constructor(exemplars: Exemplars, broad: BroadColours, sides: readonly number[]) {
    const { codes, biases, donors } = exemplars, K = biases.length, P = broad.components.length;
    const D = this.#donorCount = donors.codes.length / P;
    const details = Array.from({ length: D }, (_, d) => detailOf(donors, broad, d));
    this.#details = new Map(sides.map((side) => [side, {
      blocks: detailBlocks(details.map((detail) => shrinkImage(detail, detail.height / side))),
      corners: cornerWeights(side / CELL_ROWS),
    }]));
    this.#directions = tf.tidy(() => tf.transpose(tf.tensor2d(unitRows(codes, P), [K, P])));
    this.#codes = tf.tensor2d(codes, [K, P]);
    this.#biases = tf.tensor1d(biases);
    const { factors, constants } = cellSimilarity(donors, broad, true);
    this.#factors = tf.tensor2d(factors, [P, CELLS * D]);
    this.#constants = tf.tensor1d(constants);
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
    const prepared = this.#details.get(side), [B] = codes.shape, D = this.#donorCount;
    if (!prepared) {
      throw new RangeError(
        `Cannot mix exemplars: rows must be ${
          [...this.#details.keys()].join(" or ")
        }, current value is ${side}`,
      );
    }
    const rows = CELL_ROWS + 1, columns = CELL_COLUMNS + 1, s = side / CELL_ROWS;
    return tf.tidy(() => {
      const similarity = tf.add(tf.matMul(codes, this.#factors), this.#constants);
      const shares = tf.softmax(tf.reshape(similarity, [B, CELL_ROWS, CELL_COLUMNS, D])) as Tensor4D;
      const padded = padByOne(shares); // [B, rows + 1, columns + 1, D]
      const corners = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([i, j]) =>
        tf.slice(padded, [0, i, j, 0], [B, rows, columns, D])
      );
      const weights = tf.transpose(tf.stack(corners, 1), [2, 3, 0, 1, 4]); // [rows, columns, B, 4, D]
      const mixed = tf.matMul(tf.reshape(weights, [rows * columns, B * 4, D]), prepared.blocks);
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
    tf.dispose([this.#directions, this.#biases, this.#codes, this.#factors, this.#constants]);
    for (const { blocks, corners } of this.#details.values()) tf.dispose([blocks, corners]);
  }
}

/** Texture of a donor before tanh less its broad colours, `[R, R / 2, 3]`. */
function detailOf({ resolution: R, colours, codes }: Donors, broad: BroadColours, d: number): FloatImage {
  const P = broad.components.length, length = R * R / 2 * 3, { side } = broad;
  const own = { data: broad.mean.slice(), height: side, width: side / 2, channels: 3 };
  broad.components.forEach((component, p) => {
    const weight = codes[d * P + p];
    for (let i = 0; i < component.length; i++) own.data[i] += weight * component[i];
  });
  const wide = enlargeImage(own, R / side);
  const data = Float32Array.from(colours.subarray(d * length, (d + 1) * length), (value, i) => {
    const colour = Math.max(-COLOUR_LIMIT, Math.min(COLOUR_LIMIT, value / 127.5 - 1));
    return Math.atanh(colour) - wide.data[i];
  });
  return { data, height: R, width: R / 2, channels: 3 };
}

/** Details of all donors, each `[S, S / 2, 3]`, in blocks between the centres of cells, `[17 · 9, D, s · s · 3]`. */
function detailBlocks(details: readonly FloatImage[]): Tensor3D {
  const D = details.length, side = details[0].height, s = side / CELL_ROWS;
  const rows = CELL_ROWS + 1, columns = CELL_COLUMNS + 1;
  const blocks = new Float32Array(rows * columns * D * s * s * 3);
  details.forEach(({ data }, d) => {
    for (let i = 0; i < rows * s; i++) {
      const row = clamp(i - s / 2, side), block = Math.floor(i / s) * columns;
      for (let j = 0; j < columns * s; j++) {
        const from = 3 * (row * side / 2 + clamp(j - s / 2, side / 2));
        const to = 3 * (((block + Math.floor(j / s)) * D + d) * s * s + (i % s) * s + j % s);
        for (let c = 0; c < 3; c++) blocks[to + c] = data[from + c];
      }
    }
  });
  return tf.tensor3d(blocks, [rows * columns, D, s * s * 3]);
}

/** Repeats the outer rows and columns, `[B, H, W, D]` → `[B, H + 2, W + 2, D]`. */
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
