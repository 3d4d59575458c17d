/**
 * Which samples make which batch: shuffled epochs that can be resumed anywhere.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { Prng } from "../core/prng.ts";

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
  #order: { readonly epoch: number; readonly numbers: readonly number[] } | null = null;

  /**
   * Prepares the orders of all epochs.
   *
   * @param count Number of samples, N
   * @param options `batch`: samples in a batch; `seed`: seed of the order, 1 by default; `balance`: class of
   *   each sample: classes are drawn equally often then, with replacement; null draws every sample once
   * @throws {UserError} If there are fewer samples than a batch has
   */
  constructor(
    count: number,
    { batch, seed = 1, balance = null }: {
      readonly batch: number;
      readonly seed?: number;
      readonly balance?: readonly number[] | null;
    },
  ) {
    if (!Number.isInteger(batch) || batch < 1) {
      throw new RangeError(
        `Cannot make batches as their size must be an integer above 0: current value is ${batch}`,
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
  }

  /**
   * Numbers of the samples of a batch, `[B]`; a function of seed and place alone.
   *
   * @param epoch Epochs finished before
   * @param index Batches of the epoch finished before
   */
  batch(epoch: number, index: number): readonly number[] {
    if (this.#order?.epoch !== epoch) this.#order = { epoch, numbers: this.#orderOf(epoch) };
    return this.#order.numbers.slice(index * this.#batch, (index + 1) * this.#batch);
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
