/**
 * Which convolutions are worth cutting into tiles, and into which.
 *
 * @module
 */
import { filterMatrices } from "./matrices.ts";
import { blockChannels, type Tiling } from "./transforms.ts";
import type { Shape4D } from "../convolution_passes.ts";

/** Outputs of a tile along an axis, of which the best is taken. Larger ones save little more, and cost precision. */
const TILES = [2, 3, 4];
/** Products that take as long as what is done for one value of a transformed kernel: measured. */
const PRODUCTS_PER_WEIGHT = 40;
/** Rows below which a product of matrices is no faster: its time goes to reading the other matrix. */
const MIN_ROWS = 64;
/** Convolutions of fewer products gain less in some hundred steps than compiling their transforms takes. */
const MIN_PRODUCTS = 1e9;

/** What depends on the type of the matrices. */
export interface TilingLimits {
  /** Most products along an axis of a tile, which is what rounding errors grow with. */
  readonly products: number;
  /** Products that take as long as what is done for one value of a transformed map: measured. */
  readonly productsPerValue: number;
}

/**
 * The tiling with the least work, or null where the convolution as it is has less.
 *
 * @param input Shape of the maps, `[B, H, W, I]`
 * @param kernel Shape of the kernel, `[kh, kw, I, O]`
 * @param stride Step in both directions
 * @param limits See {@linkcode TilingLimits}
 */
export function chooseTiling(
  [batch, H, W, inChannels]: Shape4D,
  [kh, kw, , outChannels]: Shape4D,
  stride: number,
  limits: TilingLimits,
): Tiling | null {
  const taps = kh / stride, blocks = [H / stride, W / stride] as const;
  if (kh !== kw || taps < 2 || ![taps, ...blocks].every(Number.isInteger)) return null;
  const outputs = blocks.map((length) => length - taps + 1), channels = stride * stride * inChannels;
  const direct = batch * outputs[0] * outputs[1] * taps * taps * channels * outChannels;
  if (direct < MIN_PRODUCTS) return null;
  const tilings = TILES.filter((tile) => tile + taps - 1 <= limits.products).map((tile): Tiling => ({
    matrices: filterMatrices(tile, taps),
    stride,
    batch,
    blocks,
    tiles: [Math.ceil(outputs[0] / tile), Math.ceil(outputs[1] / tile)],
    inChannels,
    outChannels,
  }));
  const works = tilings.map((tiling) => workOf(tiling, limits.productsPerValue));
  const least = Math.min(direct, ...works);
  return tilings[works.indexOf(least)] ?? null;
}

/** Products, and what takes as long. */
function workOf(tiling: Tiling, productsPerValue: number): number {
  const { batch, tiles: [Ty, Tx], outChannels } = tiling, channels = blockChannels(tiling);
  const rows = batch * Ty * Tx, weights = channels * outChannels;
  return tiling.matrices.input.length ** 2 *
    ((Math.max(rows, MIN_ROWS) + PRODUCTS_PER_WEIGHT) * weights +
      productsPerValue * rows * (channels + outChannels));
}
