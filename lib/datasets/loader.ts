/**
 * Samples at hand for training: all in memory where they fit, else read again when they are needed.
 *
 * @module
 */
import type { StageCallbacks } from "../core/progress.ts";
import { throwIfStopped } from "../core/progress.ts";
import type { Dataset, Sample } from "./dataset.ts";
import { mapConcurrently } from "./map_concurrently.ts";

/** Options of {@link loadSamples}. */
export interface LoaderOptions {
  /** Side of the samples. */
  resolution: number;
  /** Numbers of the samples that will be asked for; null for all. */
  indices?: readonly number[] | null;
  /** Most bytes that samples may take; 0 for half of the memory that is free. */
  memoryLimit?: number;
  /** Keep samples in memory; else they are read every time. */
  prefetch?: boolean;
}

/** Defaults of {@link LoaderOptions}. */
export const LOADER_DEFAULTS = {
  indices: null,
  memoryLimit: 0,
  prefetch: true,
} as const satisfies Required<Omit<LoaderOptions, "resolution">>;

/** Pictures that are read at once. */
const CONCURRENT_PICTURES = 4;

/** Samples by number. */
export interface SampleLoader {
  /** Whether all samples are in memory. */
  readonly inMemory: boolean;
  /**
   * Reads samples; those in memory and those read ahead come at once.
   *
   * @param indices Numbers in the data set, `[B]`
   * @returns The samples in that order; they may be shared, so leave them as they are
   */
  samples(indices: readonly number[]): Promise<Sample[]>;
  /** Starts to read samples that will be asked for next. */
  readAhead(indices: readonly number[]): void;
}

/**
 * Reads all samples of a data set into memory if they fit; otherwise says so and reads them when they are asked for.
 * The samples are the same either way.
 *
 * @param dataset Data set
 * @param options Resolution, which ones, how much memory
 * @param callbacks Progress in samples, the sentence, the stop signal
 * @returns Samples by number
 * @throws {UserError} If a picture cannot be read
 */
export async function loadSamples(
  dataset: Dataset,
  options: LoaderOptions,
  callbacks: StageCallbacks = {},
): Promise<SampleLoader> {
  const { resolution, indices, memoryLimit, prefetch } = { ...LOADER_DEFAULTS, ...options };
  const wanted = indices ?? Array.from({ length: dataset.length }, (_, i) => i);
  const needed = wanted.length * sampleBytes(dataset, resolution);
  const limit = memoryLimit || freeMemory() / 2;
  if (!prefetch || needed > limit) {
    if (prefetch) {
      callbacks.onMessage?.(
        `${wanted.length} samples of ${resolution} x ${resolution} need ${gigabytes(needed)} GB of memory, ` +
          `${gigabytes(limit)} GB may be used: pictures are read again in each epoch.`,
      );
    }
    return new ReadingLoader(dataset, resolution);
  }
  const kept = new Map<number, Sample>();
  await mapConcurrently(wanted, CONCURRENT_PICTURES, async (i) => {
    throwIfStopped(callbacks.signal, "Reading the samples");
    kept.set(i, await dataset.sample(i, resolution));
    callbacks.onProgress?.({ done: kept.size, total: wanted.length });
  });
  const reading = new ReadingLoader(dataset, resolution);
  return {
    inMemory: true,
    samples: async (indices) =>
      await Promise.all(indices.map(async (i) => kept.get(i) ?? (await reading.samples([i]))[0])),
    readAhead: () => {},
  };
}

/** Bytes of one sample in memory. */
export function sampleBytes(dataset: Dataset, resolution: number): number {
  const partChannels = dataset.partNames.length > 0 ? 2 + dataset.partNames.length : 0;
  return resolution * resolution * (4 + partChannels) * Float32Array.BYTES_PER_ELEMENT;
}

/** Reads samples when they are asked for, and keeps only those that were read ahead. */
class ReadingLoader implements SampleLoader {
  readonly inMemory = false;
  readonly #dataset: Dataset;
  readonly #resolution: number;
  readonly #ahead = new Map<number, Promise<Sample>>();

  constructor(dataset: Dataset, resolution: number) {
    this.#dataset = dataset;
    this.#resolution = resolution;
  }

  async samples(indices: readonly number[]): Promise<Sample[]> {
    const samples = await mapConcurrently(
      indices,
      CONCURRENT_PICTURES,
      (i) => this.#ahead.get(i) ?? this.#dataset.sample(i, this.#resolution),
    );
    for (const i of indices) this.#ahead.delete(i);
    return samples;
  }

  readAhead(indices: readonly number[]): void {
    for (const i of indices) {
      if (this.#ahead.has(i)) continue;
      const sample = this.#dataset.sample(i, this.#resolution);
      sample.catch(() => {}); // thrown where the sample is asked for
      this.#ahead.set(i, sample);
    }
  }
}

function freeMemory(): number {
  try {
    return Deno.systemMemoryInfo().available;
  } catch { // not permitted
    return 2e9;
  }
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
