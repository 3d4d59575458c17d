/**
 * Batches of UV maps: order, mirroring and reading ahead, all functions of seed and position.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { Prng } from "../core/prng.ts";
import { azimuthDegrees } from "../metrics/azimuth_error.ts";
import type { PoseMetadata, UvSample } from "../pseudogt/files.ts";
import { batchShare } from "../training/batch_share.ts";
import { DISPLACEMENT_RESOLUTION } from "./generator_options.ts";
import { PART_MAP_SIDE, sharpenParts } from "./part_maps.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Options of {@linkcode UvBatches}. */
export interface UvBatchesOptions {
  /** Samples in a batch, B. */
  batchSize: number;
  /** Seed of order and mirroring. */
  seed: number;
  /** What is drawn equally often, with replacement: classes, and viewing directions of 45 degrees of azimuth. */
  balanced: { readonly classes: boolean; readonly directions: boolean };
  /** Channels of the part maps that batches bring; 0 for none. */
  parts?: number;
  /** Most bytes of samples that are kept in memory. */
  cacheBytes?: number;
}

/** A batch in the networks' layout; of several processes each has its share of the B samples. */
export interface UvBatch {
  /** Rows of the data set, B, those of other processes too. */
  readonly indices: readonly number[];
  /** Premultiplied colours, `[B, R, R, 3]`. */
  readonly texture: Float32Array;
  /** Where they are known, `[B, R, R, 1]`. */
  readonly alpha: Float32Array;
  /** Displacement maps, `[B, 32, 32, 3]`. */
  readonly map: Float32Array;
  /** Part maps, `[B, 128, 128, P]`, or null. */
  readonly parts: Float32Array | null;
  /** Classes, B. */
  readonly classIndices: readonly number[];
}

/** Viewing directions around an object. */
const DIRECTIONS = 8;
/** Default of {@linkcode UvBatchesOptions.cacheBytes}. */
const CACHE_BYTES = 2 ** 30;

/** The batches of a data set, epoch by epoch. */
export class UvBatches {
  /** Batches in an epoch; an incomplete one is dropped. */
  readonly perEpoch: number;
  readonly #dataset: UvDataset;
  readonly #options: Required<UvBatchesOptions>;
  readonly #cache = new Map<number, UvSample>();
  readonly #cacheCapacity: number;
  #order: { epoch: number; rows: readonly number[] } | null = null;

  /**
   * Prepares the batches of a data set.
   *
   * @param dataset Data set with UV maps
   * @param options See {@linkcode UvBatchesOptions}
   * @throws {UserError} If there are fewer samples than a batch holds, or none
   */
  constructor(dataset: UvDataset, options: UvBatchesOptions) {
    const { length, resolution, name } = dataset;
    if (!dataset.hasSamples) {
      throw new UserError(
        `Cannot train: the data set ${name} has no pseudo-ground-truth at texture resolution ${resolution}; ` +
          `run generate_pseudogt --dataset ${name} --pseudogt_resolution ${resolution} first.`,
      );
    }
    if (length < options.batchSize) {
      throw new UserError(
        `Cannot train with batches of ${options.batchSize}: the data set ${name} has ${length} samples; ` +
          `give 'batchSize: ${length}' or less.`,
      );
    }
    this.#dataset = dataset;
    this.#options = { cacheBytes: CACHE_BYTES, parts: 0, ...options };
    const values = resolution * resolution * 4 + PART_MAP_SIDE ** 2 * this.#options.parts;
    this.#cacheCapacity = Math.floor(this.#options.cacheBytes / (values * 4));
    this.perEpoch = Math.floor(length / options.batchSize);
  }

  /**
   * Rows of the data set in the order of an epoch.
   *
   * @param epoch Epochs finished before
   */
  order(epoch: number): readonly number[] {
    if (this.#order?.epoch !== epoch) {
      const prng = new Prng(this.#options.seed, "gan", "order", epoch);
      const { classes, directions } = this.#options.balanced;
      const rows = classes || directions
        ? balancedRows(groupsOf(this.#dataset.poses, classes, directions), prng)
        : prng.permutation(this.#dataset.length);
      this.#order = { epoch, rows };
    }
    return this.#order.rows;
  }

  /**
   * Reads a batch.
   *
   * @param epoch Epochs finished before
   * @param index Which batch of the epoch
   * @throws {UserError} If a sample cannot be used
   */
  async load(epoch: number, index: number): Promise<UvBatch> {
    const { batchSize, seed, parts: P } = this.#options;
    const { resolution: R } = this.#dataset;
    const indices = this.order(epoch).slice(index * batchSize, (index + 1) * batchSize);
    const { start, length } = batchShare(batchSize);
    const samples = await Promise.all(indices.slice(start, start + length).map((row) => this.#sample(row)));
    const mirror = new Prng(seed, "gan", "mirror", epoch, index);
    const isMirrored = indices.map(() => mirror.next() < 0.5);
    const M = DISPLACEMENT_RESOLUTION;
    const texture = new Float32Array(length * R * R * 3); // [B, R, R, 3]
    const alpha = new Float32Array(length * R * R); // [B, R, R, 1]
    const map = new Float32Array(length * M * M * 3); // [B, 32, 32, 3]
    const S = PART_MAP_SIDE, parts = P > 0 ? new Float32Array(length * S * S * P) : null; // [B, 128, 128, P]
    samples.forEach((sample, i) => {
      const copy = isMirrored[start + i] ? copyMirrored : copyPlain;
      copy(sample.texture.data, texture.subarray(i * R * R * 3, (i + 1) * R * R * 3), R, 3);
      copy(sample.alpha.data, alpha.subarray(i * R * R, (i + 1) * R * R), R, 1);
      copy(sample.displacementMap, map.subarray(i * M * M * 3, (i + 1) * M * M * 3), M, 3);
      if (parts) copy(sample.parts!.data, parts.subarray(i * S * S * P, (i + 1) * S * S * P), S, P);
    });
    return { indices, texture, alpha, map, parts, classIndices: samples.map(({ classIndex }) => classIndex) };
  }

  async #sample(row: number): Promise<UvSample> {
    const known = this.#cache.get(row);
    if (known) return known;
    const { parts, completed: _, ...sample } = await this.#dataset.sample(row);
    const kept = { ...sample, parts: this.#options.parts > 0 ? sharpenParts(parts, sample.id) : null };
    if (this.#cache.size < this.#cacheCapacity) this.#cache.set(row, kept);
    return kept;
  }
}

/**
 * The virtual mirror: the maps of the mirrored photograph. Columns are reversed, then turned by half a circle; even
 * reflections stay as they are.
 *
 * @param source Map, `[H, W, C]`
 * @param target Mirrored map, `[H, W, C]`
 * @param width W, even
 * @param channels C
 */
export function copyMirrored(
  source: ArrayLike<number>,
  target: Float32Array,
  width: number,
  channels: number,
): void {
  const rowLength = width * channels;
  for (let row = 0; row < target.length; row += rowLength) {
    for (let j = 0; j < width; j++) {
      const from = row + (width / 2 - 1 - j + width) % width * channels;
      for (let c = 0; c < channels; c++) target[row + j * channels + c] = source[from + c];
    }
  }
}

function copyPlain(source: ArrayLike<number>, target: Float32Array): void {
  target.set(source);
}

/** Number of each row's group. */
function groupsOf({ classIndex, rotation }: PoseMetadata, classes: boolean, directions: boolean): Int32Array {
  return classIndex.map((index, row) => {
    const azimuth = directions ? azimuthDegrees(rotation.subarray(4 * row, 4 * row + 4)) : 0;
    return (classes ? index * DIRECTIONS : 0) +
      (Math.round(azimuth * DIRECTIONS / 360) + DIRECTIONS) % DIRECTIONS;
  });
}

/** As many rows as there are, drawn so that each group that is there has the same chance. */
function balancedRows(groups: Int32Array, prng: Prng): number[] {
  const rowsOfGroup = new Map<number, number[]>();
  groups.forEach((group, row) => {
    const rows = rowsOfGroup.get(group);
    if (rows) rows.push(row);
    else rowsOfGroup.set(group, [row]);
  });
  const present = [...rowsOfGroup.keys()].sort((a, b) => a - b);
  return Array.from(groups, () => {
    const rows = rowsOfGroup.get(present[prng.integer(present.length)])!;
    return rows[prng.integer(rows.length)];
  });
}
