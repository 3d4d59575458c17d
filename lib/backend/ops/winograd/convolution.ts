/**
 * Convolutions with fewer products, by Winograd's minimal filtering over tiles.
 *
 * @module
 */
import { type Tensor, type Tensor2D, type Tensor4D, tf } from "../../../core/tensor.ts";
import { DATA_TYPES } from "../../native/data_types.ts";
import { runFused } from "../../native/fused_function.ts";
import type { NativeBackend } from "../../native/kernel_layer.ts";
import type { Precision } from "../../native/step_settings.ts";
import { boolAttribute, runOperation, typeAttribute } from "../native_operation.ts";
import type { Matrix } from "./matrices.ts";
import {
  blockChannels,
  joinColumns,
  joinRows,
  takeBlocks,
  tileBlocks,
  type Tiling,
  unfoldColumns,
  unfoldRows,
  untileColumns,
  untileRows,
} from "./transforms.ts";

/**
 * A `valid` convolution. Maps are cut into tiles that overlap, tiles and kernel are transformed, and what is left are n²
 * products of matrices, [tiles, channels in] by [channels in, channels out], for both gradients too (A. Lavin and S. Gray,
 * Fast Algorithms for Convolutional Neural Networks, 2016).
 *
 * @param backend The active backend; it must be able to compile the transforms
 * @param x Maps, `[B, H, W, I]`
 * @param kernel Kernel, `[k, k, I, O]`
 * @param tiling How the maps are cut
 * @param precision Type of the matrices and their products, which are summed in float32
 * @returns Maps, `[B, (H - k) / stride + 1, (W - k) / stride + 1, O]`
 */
export function winogradConvolution(
  backend: NativeBackend,
  x: Tensor4D,
  kernel: Tensor4D,
  tiling: Tiling,
  precision: Precision,
): Tensor4D {
  const passes = new Passes(backend, tiling, precision);
  const operation = tf.customGrad((...inputs) => {
    const [maps, weights, save] = inputs as unknown as [Tensor4D, Tensor4D, (tensors: Tensor[]) => void];
    const tiles = passes.tile(maps), filters = passes.transformKernel(weights), count = tiles.length;
    save([...tiles, ...filters]);
    return {
      value: tf.tidy(() => passes.join(tiles.map((tile, q) => passes.product(tile, filters[q], "plain")))),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const errors = passes.untile(dy as Tensor4D);
        const ofTile = (error: Tensor, q: number) =>
          passes.product(error, saved[count + q], "transpose second");
        const ofFilter = (error: Tensor, q: number) => passes.product(saved[q], error, "transpose first");
        const ofKernel = tf.tidy(() => passes.kernelGradient(errors.map(ofFilter))); // first, to free the tiles
        const ofMaps = tf.tidy(() => passes.unfold(errors.map(ofTile)));
        tf.dispose(errors);
        return [ofMaps, ofKernel];
      },
    };
  });
  return operation(x, kernel) as Tensor4D;
}

/** Transforms, each compiled to loops of its own, and products, for one tiling. */
class Passes {
  readonly #backend: NativeBackend;
  readonly #tiling: Tiling;
  readonly #type: number;
  readonly #name: string;

  constructor(backend: NativeBackend, tiling: Tiling, precision: Precision) {
    this.#backend = backend;
    this.#tiling = tiling;
    this.#type = precision === "bf16" ? DATA_TYPES.bfloat16 : DATA_TYPES.float32;
    const { matrices: { tile, taps }, stride, batch, blocks, tiles, inChannels, outChannels } = tiling;
    this.#name = [precision, tile, taps, stride, batch, blocks, tiles, inChannels, outChannels].join(",");
  }

  /** `[B, H, W, I]` → n² times `[P, s² I]`. */
  tile(maps: Tensor4D): Tensor[] {
    return tf.tidy(() => {
      const blocks = takeBlocks(maps, this.#tiling);
      return this.#run("tiles", (all) => this.#round(tileBlocks(all as Tensor4D, this.#tiling)), [blocks]);
    });
  }

  /** n² times `[P, O]` → `[B, H', W', O]`. */
  join(products: Tensor[]): Tensor4D {
    const columns = this.#run(
      "join columns",
      (...all) => joinColumns(this.#widen(all), this.#tiling),
      products,
    );
    return this.#run("join rows", (...all) => [joinRows(all, this.#tiling)], columns)[0] as Tensor4D;
  }

  /** `[B, H', W', O]` → n² times `[P, O]`, transposed to `join`. */
  untile(dy: Tensor4D): Tensor[] {
    return tf.tidy(() => {
      const rows = this.#run("untile rows", (x) => untileRows(x as Tensor4D, this.#tiling), [dy]);
      return this.#run("untile columns", (...all) => this.#round(untileColumns(all, this.#tiling)), rows);
    });
  }

  /** n² times `[P, s² I]` → `[B, H, W, I]`, transposed to `tile`. */
  unfold(products: Tensor[]): Tensor4D {
    const columns = this.#run(
      "unfold columns",
      (...all) => unfoldColumns(this.#widen(all), this.#tiling),
      products,
    );
    return this.#run("unfold rows", (...all) => [unfoldRows(all, this.#tiling)], columns)[0] as Tensor4D;
  }

  /** `[k, k, I, O]` → n² times `[s² I, O]`. */
  transformKernel(kernel: Tensor4D): Tensor[] {
    const { matrices: { taps }, stride: s, outChannels: O } = this.#tiling, K = blockChannels(this.#tiling);
    const places = tf.transpose(tf.reshape(kernel, [taps, s, taps, s, -1]), [0, 2, 1, 3, 4]);
    const filters = tf.matMul(this.#pairs(), tf.reshape(places, [taps * taps, K * O]) as Tensor2D);
    return this.#round(tf.split(filters, filters.shape[0]).map((one) => tf.reshape(one, [K, O])));
  }

  /** n² times `[s² I, O]` → `[k, k, I, O]`, transposed to `transformKernel`. */
  kernelGradient(filters: Tensor[]): Tensor4D {
    const { matrices: { taps }, stride: s, inChannels: I, outChannels: O } = this.#tiling;
    const stacked = tf.reshape(tf.stack(this.#widen(filters)), [filters.length, -1]) as Tensor2D;
    const places = tf.matMul(this.#pairs(), stacked, true);
    const ordered = tf.transpose(tf.reshape(places, [taps, taps, s, s, I * O]), [0, 2, 1, 3, 4]);
    return tf.reshape(ordered, [taps * s, taps * s, I, O]);
  }

  /** A product of matrices. */
  product(a: Tensor, b: Tensor, form: "plain" | "transpose first" | "transpose second"): Tensor {
    const attributes = [
      typeAttribute("T", this.#type),
      boolAttribute("transpose_a", form === "transpose first"),
      boolAttribute("transpose_b", form === "transpose second"),
    ];
    return runOperation(this.#backend, "MatMul", attributes, [a, b], 1)[0];
  }

  /** G ⊗ G, `[n², r²]`. */
  #pairs(): Tensor2D {
    return tf.tensor2d(kronecker(this.#tiling.matrices.filter));
  }

  #run(part: string, compute: (...inputs: Tensor[]) => Tensor[], inputs: Tensor[]): Tensor[] {
    return runFused(this.#backend, `Winograd ${part} ${this.#name}`, compute, inputs);
  }

  /** To the type of the matrices. */
  #round(tensors: readonly Tensor[]): Tensor[] {
    return this.#convert(tensors, DATA_TYPES.float32, this.#type);
  }

  /** From the type of the matrices. */
  #widen(tensors: readonly Tensor[]): Tensor[] {
    return this.#convert(tensors, this.#type, DATA_TYPES.float32);
  }

  #convert(tensors: readonly Tensor[], from: number, to: number): Tensor[] {
    if (from === to) return [...tensors];
    const attributes = [
      typeAttribute("SrcT", from),
      typeAttribute("DstT", to),
      boolAttribute("Truncate", false),
    ];
    return tensors.map((one) => runOperation(this.#backend, "Cast", attributes, [one], 1)[0]);
  }
}

/** The matrix for both axes from that for one. */
function kronecker(matrix: Matrix): number[][] {
  return matrix.flatMap((one) => matrix.map((other) => one.flatMap((a) => other.map((b) => a * b))));
}
