/**
 * The linear maps of a Winograd convolution between maps and tiles, and their transposes.
 *
 * Each is done along one axis after the other. A list of n² matrices stands for the n × n products of a tile, by rows; rows
 * of a matrix are the tiles of all samples, `P = B Ty Tx`.
 *
 * @module
 */
import { type Tensor, type Tensor2D, type Tensor4D, tf } from "../../../core/tensor.ts";
import { type FilterMatrices, type Matrix, transpose } from "./matrices.ts";

/** How maps are cut into tiles. */
export interface Tiling {
  /** Outputs of a tile along an axis, taps, and the matrices for them. */
  readonly matrices: FilterMatrices;
  /** Step of the convolution, s: blocks of s × s inputs are taken as channels, so that the step becomes 1. */
  readonly stride: number;
  /** Samples, B. */
  readonly batch: number;
  /** Blocks of the input along both axes, `[h, w]`. */
  readonly blocks: readonly [number, number];
  /** Tiles along both axes, `[Ty, Tx]`; the last ones may reach beyond the map. */
  readonly tiles: readonly [number, number];
  /** Channels in, I. */
  readonly inChannels: number;
  /** Channels out, O. */
  readonly outChannels: number;
}

/** Channels of a block, `s² I`. */
export function blockChannels({ stride, inChannels }: Tiling): number {
  return stride * stride * inChannels;
}

/** Outputs along both axes. */
export function outputSize({ blocks: [h, w], matrices: { taps } }: Tiling): [number, number] {
  return [h - taps + 1, w - taps + 1];
}

/** Blocks of s × s values as channels: `[B, s h, s w, I]` → `[B, h, w, s² I]`. */
export function takeBlocks(maps: Tensor4D, tiling: Tiling): Tensor4D {
  const { stride, batch, blocks: [h, w] } = tiling, K = blockChannels(tiling);
  if (stride === 1) return maps;
  const ordered = tf.transpose(tf.reshape(maps, [batch, h, stride, w, K / stride]), [0, 1, 3, 2, 4]);
  return tf.reshape(ordered, [batch, h, w, K]);
}

/** Tiles of blocks: `[B, h, w, s² I]` → n² times `[P, s² I]`. */
export function tileBlocks(blocks: Tensor4D, tiling: Tiling): Tensor2D[] {
  const { matrices: { input, tile, taps }, blocks: [h, w], tiles: [Ty, Tx] } = tiling;
  const beyond = (tiles: number, length: number) => tiles * tile + taps - 1 - length;
  const padded = padEnd(padEnd(blocks, 1, beyond(Ty, h)), 2, beyond(Tx, w));
  const places = input.map((_, i) => {
    const row = everyNth(padded, 1, i, Ty, tile);
    return input.map((_, j) => everyNth(row, 2, j, Tx, tile));
  });
  return input.flatMap((row) =>
    input.map((column) => {
      const rows = places.map((all, i) => row[i] === 0 ? all[0] : combine(column, all)); // a 0 is not read
      return asMatrix(combine(row, rows));
    })
  );
}

/** Outputs along the second axis: n² times `[P, O]` → n times `[B Ty, w - r + 1, O]`. */
export function joinColumns(products: readonly Tensor[], tiling: Tiling): Tensor[] {
  const { matrices: { output }, batch, tiles: [Ty, Tx], outChannels: O } = tiling;
  const n = output[0].length, [, width] = outputSize(tiling);
  return Array.from({ length: n }, (_, qy) => {
    const row = products.slice(qy * n, (qy + 1) * n).map((one) => tf.reshape(one, [batch * Ty, Tx, O]));
    return interleave(output.map((column) => combine(column, row)), width);
  });
}

/** Outputs along the first axis: n times `[B Ty, w - r + 1, O]` → `[B, h - r + 1, w - r + 1, O]`. */
export function joinRows(columns: readonly Tensor[], tiling: Tiling): Tensor4D {
  const { matrices: { output }, batch, tiles: [Ty], outChannels: O } = tiling;
  const [height, width] = outputSize(tiling);
  const tiles = columns.map((one) => tf.reshape(one, [batch, Ty, width, O]));
  return interleave(output.map((row) => combine(row, tiles)), height) as Tensor4D;
}

/** Transpose of {@linkcode joinRows}: `[B, h - r + 1, w - r + 1, O]` → n times `[B Ty, m Tx, O]`. */
export function untileRows(dy: Tensor4D, tiling: Tiling): Tensor[] {
  const { matrices: { output, tile }, batch, tiles: [Ty, Tx], outChannels: O } = tiling;
  const [height, width] = outputSize(tiling);
  const padded = padEnd(padEnd(dy, 1, Ty * tile - height), 2, Tx * tile - width);
  const rows = tf.reshape(padded, [batch * Ty, tile, Tx * tile, O]) as Tensor4D;
  const steps = output.map((_, i) => at(rows, 1, i));
  return transpose(output).map((row) => combine(row, steps));
}

/** Transpose of {@linkcode joinColumns}: n times `[B Ty, m Tx, O]` → n² times `[P, O]`. */
export function untileColumns(rows: readonly Tensor[], tiling: Tiling): Tensor2D[] {
  const { matrices: { output, tile }, batch, tiles: [Ty, Tx], outChannels: O } = tiling;
  return rows.flatMap((one) => {
    const tiles = tf.reshape(one, [batch * Ty, Tx, tile, O]) as Tensor4D;
    const steps = output.map((_, j) => at(tiles, 2, j));
    return transpose(output).map((column) => asMatrix(combine(column, steps)));
  });
}

/** Transpose of {@linkcode tileBlocks} along the second axis: n² times `[P, s² I]` → n times `[B Ty, w, s² I]`. */
export function unfoldColumns(products: readonly Tensor[], tiling: Tiling): Tensor[] {
  const { matrices, batch, tiles: [Ty, Tx], blocks: [, w] } = tiling, n = matrices.input.length;
  return Array.from({ length: n }, (_, qy) => {
    const row = products.slice(qy * n, (qy + 1) * n)
      .map((one) => tf.reshape(one, [batch * Ty, Tx, blockChannels(tiling)]));
    return overlap(transpose(matrices.input).map((column) => combine(column, row)), matrices.tile, w);
  });
}

/**
 * Transpose of {@linkcode takeBlocks} and of {@linkcode tileBlocks} along the first axis: n times `[B Ty, w, s² I]` →
 * `[B, s h, s w, I]`.
 */
export function unfoldRows(rows: readonly Tensor[], tiling: Tiling): Tensor4D {
  const { matrices: { input, tile }, stride: s, batch, tiles: [Ty], blocks: [h, w], inChannels: I } = tiling;
  const tiles = rows.map((one) => tf.reshape(one, [batch, Ty, w, blockChannels(tiling)]));
  const blocks = overlap(transpose(input).map((row) => combine(row, tiles)), tile, h); // [B, h, w, s² I]
  const ordered = tf.transpose(tf.reshape(blocks, [batch, h, w, s, s * I]), [0, 1, 3, 2, 4]);
  return tf.reshape(ordered, [batch, h * s, w * s, I]) as Tensor4D;
}

/** The sum of tensors with coefficients; those with 0 are not read. */
function combine(coefficients: Matrix[number], tensors: readonly Tensor[]): Tensor {
  return tf.tidy(() => {
    const terms = tensors.flatMap((one, i) => {
      const coefficient = coefficients[i];
      if (coefficient === 0) return [];
      return [coefficient === 1 ? one : tf.mul(one, coefficient)];
    });
    return terms.reduce((sum, term) => tf.add(sum, term));
  });
}

/** Values `start`, `start + step`, … of an axis, `count` of them. */
function everyNth(x: Tensor, axis: number, start: number, count: number, step: number): Tensor {
  const begin = x.shape.map((_, i) => i === axis ? start : 0);
  const end = x.shape.map((length, i) => i === axis ? start + (count - 1) * step + 1 : length);
  return tf.stridedSlice(x, begin, end, x.shape.map((_, i) => i === axis ? step : 1));
}

/** One value of an axis; the axis is dropped. */
function at(x: Tensor, axis: number, index: number): Tensor {
  const size = x.shape.map((length, i) => i === axis ? 1 : length);
  return tf.squeeze(tf.slice(x, x.shape.map((_, i) => i === axis ? index : 0), size), [axis]);
}

/**
 * Puts tiles back where they overlap by all but `tile` values: value i of tile t is added to place `tile t + i`. Axis 1 of
 * each entry runs over the tiles, and over `length` places afterwards.
 */
function overlap(values: readonly Tensor[], tile: number, length: number): Tensor {
  const meeting = Math.ceil(values.length / tile); // tiles that meet in a place
  const inTile = values.slice(0, tile).map((_, i) => {
    const ofTiles = values.filter((_, k) => k % tile === i);
    return ofTiles.map((one, k) => padStart(padEnd(one, 1, meeting - 1 - k), 1, k)).reduce((a, b) =>
      tf.add(a, b)
    );
  });
  return interleave(inTile, length);
}

/** Value i of tile t goes to place t m + i; axis 1 runs over the tiles in each entry, and over `length` places afterwards. */
function interleave(values: readonly Tensor[], length: number): Tensor {
  const [first, tiles, ...rest] = values[0].shape;
  const places = tf.reshape(tf.stack([...values], 2), [first, tiles * values.length, ...rest]);
  return tf.slice(places, places.shape.map(() => 0), [first, length, ...rest]);
}

function padEnd<T extends Tensor>(x: T, axis: number, count: number): T {
  return count === 0 ? x : tf.pad(x, x.shape.map((_, i) => [0, i === axis ? count : 0])) as T;
}

function padStart<T extends Tensor>(x: T, axis: number, count: number): T {
  return count === 0 ? x : tf.pad(x, x.shape.map((_, i) => [i === axis ? count : 0, 0])) as T;
}

function asMatrix(x: Tensor): Tensor2D {
  return tf.reshape(x, [-1, x.shape[x.rank - 1]]) as Tensor2D;
}
