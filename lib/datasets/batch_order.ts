/**
 * Which samples make which batch: shuffled epochs that can be resumed anywhere.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { Prng } from "../core/prng.ts";

/** Options of {@link BatchOrder}. */
export interface BatchOrderOptions {
  /** Samples in a batch. */
  batch: number;
  /** Seed of the order. */
  seed?: number;
  /** Class of each sample: classes are drawn equally often then, with replacement; null draws every sample once. */
  balance?: readonly number[] | null;
}

/** Defaults of {@link BatchOrderOptions}. */
export const BATCH_ORDER_DEFAULTS = {
  seed: 1,
  balance: null,
} as const satisfies Required<Omit<BatchOrderOptions, "batch">>;

/** Where an order stands; saved with a checkpoint. */
export interface BatchOrderState {
  /** Epochs that are finished. */
  readonly epoch: number;
  /** Batches of the current epoch that are finished. */
  readonly position: number;
}

/** One batch. */
export interface Batch {
  /** Numbers of its samples, `[B]`. */
  readonly indices: readonly number[];
  /** Epoch that it belongs to. */
  readonly epoch: number;
  /** Whether the epoch ends with it. */
  readonly endsEpoch: boolean;
}

/**
 * Batches of an endless row of epochs, each in an order of its own that depends on the seed and its number only.
 * Samples that do not fill a batch are left out of their epoch.
 */
export class BatchOrder {
  /** Batches in an epoch. */
  readonly batchesPerEpoch: number;
  readonly #count: number;
  readonly #batch: number;
  readonly #seed: number;
  readonly #classes: readonly (readonly number[])[] | null;
  #epoch = 0;
  #position = 0;
  #order: number[];

  /**
   * Starts at the first batch.
   *
   * @param count Number of samples, N
   * @param options Size of batches, seed, classes
   * @throws {UserError} If there are fewer samples than a batch has
   */
  constructor(count: number, options: BatchOrderOptions) {
    const { batch, seed, balance } = { ...BATCH_ORDER_DEFAULTS, ...options };
    if (!Number.isInteger(batch) || batch < 1) {
      throw new RangeError(
        `Cannot make batches as their size must be a whole number above 0: current value is ${batch}`,
      );
    }
    if (batch > count) {
      throw new UserError(
        `Cannot fill a batch of ${batch} samples: there are only ${count}. Use 'batchSize: ${
          Math.max(1, count)
        }' or less.`,
      );
    }
    if (balance && balance.length !== count) {
      throw new TypeError(`Cannot balance ${count} samples: current value has ${balance.length} classes`);
    }
    this.#count = count;
    this.#batch = batch;
    this.#seed = seed;
    this.#classes = balance &&
      [...Map.groupBy(balance.keys(), (i) => balance[i])].sort(([a], [b]) => a - b).map(([, members]) =>
        members
      );
    this.batchesPerEpoch = Math.floor(count / batch);
    this.#order = this.#orderOf(0);
  }

  /** The batch that `nextBatch` gives next, so that its samples can be read ahead. */
  peek(): Batch {
    const start = this.#position * this.#batch;
    return {
      indices: this.#order.slice(start, start + this.#batch),
      epoch: this.#epoch,
      endsEpoch: this.#position + 1 === this.batchesPerEpoch,
    };
  }

  /** The next batch. */
  nextBatch(): Batch {
    const batch = this.peek();
    this.state = batch.endsEpoch
      ? { epoch: this.#epoch + 1, position: 0 }
      : { epoch: this.#epoch, position: this.#position + 1 };
    return batch;
  }

  /** Where the order stands. */
  get state(): BatchOrderState {
    return { epoch: this.#epoch, position: this.#position };
  }

  /** Continues from a saved place. */
  set state({ epoch, position }: BatchOrderState) {
    if (![epoch, position].every((n) => Number.isInteger(n) && n >= 0) || position >= this.batchesPerEpoch) {
      throw new RangeError(
        `Cannot continue at epoch ${epoch}, batch ${position}: an epoch has ${this.batchesPerEpoch} batches`,
      );
    }
    if (epoch !== this.#epoch) this.#order = this.#orderOf(epoch);
    this.#epoch = epoch;
    this.#position = position;
  }

  #orderOf(epoch: number): number[] {
    const prng = new Prng(this.#seed, "batches", epoch);
    const classes = this.#classes;
    if (!classes) return prng.permutation(this.#count);
    return Array.from({ length: this.#count }, () => {
      const members = classes[prng.integer(classes.length)];
      return members[prng.integer(members.length)];
    });
  }
}
