/**
 * Samples at hand for training: all in memory where they fit, else read again when they are needed; by workers where
 * that is worth it.
 *
 * @module
 */
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { defaultWorkerCount } from "../core/worker_pool.ts";
import type { Dataset, Sample } from "./dataset.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import { SampleWorkers } from "./sample_workers.ts";

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
  /** Workers that read images, 0 for none; `null` is one per core, fewer for few images. */
  workers?: number | null;
}

/** Images that are read at once without workers, and for each of them. */
const CONCURRENT_IMAGES = 4;
/** Images for which one more worker is worth its start. */
const IMAGES_FOR_WORKER = 128;

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
  /** Ends the workers. */
  close(): void;
}

/**
 * Reads all samples of a data set into memory if they fit; otherwise says so and reads them when they are asked for.
 * The samples are the same either way, and with any number of workers. Close the loader when done.
 *
 * @param dataset Data set
 * @param options Resolution, which ones, how much memory, how many workers
 * @param callbacks Progress in samples, the sentence, the stop signal
 * @returns Samples by number
 * @throws {UserError} If an image cannot be read
 */
export async function loadSamples(
  dataset: Dataset,
  { resolution, indices = null, memoryLimit = 0, prefetch = true, workers = null }: LoaderOptions,
  callbacks: StageCallbacks = {},
): Promise<SampleLoader> {
  const wanted = indices ?? Array.from({ length: dataset.length }, (_, i) => i);
  const needed = wanted.length * sampleBytes(dataset, resolution);
  const limit = memoryLimit || freeMemory() / 2;
  const reader = await SampleReader.start(dataset, resolution, workers ?? worthwhileWorkers(wanted.length));
  if (!prefetch || needed > limit) {
    if (prefetch) {
      callbacks.onMessage?.(
        `${wanted.length} samples of ${resolution} x ${resolution} need ${gigabytes(needed)} GB of memory, ` +
          `${gigabytes(limit)} GB may be used: images are read again in each epoch.`,
      );
    }
    return new ReadingLoader(reader);
  }
  const kept = new Map<number, Sample>();
  try {
    await mapConcurrently(wanted, reader.width, async (i) => {
      throwIfStopped(callbacks.signal, "Reading the samples");
      kept.set(i, await reader.read(i));
      callbacks.onProgress?.({ done: kept.size, total: wanted.length });
    });
  } finally {
    reader.close();
  }
  return {
    inMemory: true,
    samples: (indices) =>
      Promise.all(indices.map(async (i) => kept.get(i) ?? await dataset.sample(i, resolution))),
    readAhead: () => {},
    close: () => {},
  };
}

/** Bytes of one sample in memory. */
export function sampleBytes(dataset: Dataset, resolution: number): number {
  const partChannels = dataset.partNames.length > 0 ? 2 + dataset.partNames.length : 0;
  return resolution * resolution * (4 + partChannels) * Float32Array.BYTES_PER_ELEMENT;
}

/** One per core, but only where each has some images to read. */
function worthwhileWorkers(count: number): number {
  const workers = Math.min(defaultWorkerCount(), Math.floor(count / IMAGES_FOR_WORKER));
  return workers < 2 ? 0 : workers; // one is slower than none, which decodes several images at once
}

/** Reads samples in this thread or in workers. */
class SampleReader {
  /** Samples that are worth reading at once. */
  readonly width: number;
  readonly #dataset: Dataset;
  readonly #resolution: number;
  readonly #workers: SampleWorkers | null;

  private constructor(dataset: Dataset, resolution: number, workers: SampleWorkers | null, width: number) {
    this.#dataset = dataset;
    this.#resolution = resolution;
    this.#workers = workers;
    this.width = width;
  }

  static async start(dataset: Dataset, resolution: number, workers: number): Promise<SampleReader> {
    const count = dataset.sampleTask ? workers : 0;
    const started = count > 0 ? await SampleWorkers.start(count) : null;
    return new SampleReader(dataset, resolution, started, Math.max(CONCURRENT_IMAGES, 2 * count));
  }

  read(i: number): Promise<Sample> {
    return this.#workers
      ? this.#workers.read(this.#dataset.sampleTask!(i, this.#resolution))
      : this.#dataset.sample(i, this.#resolution);
  }

  close(): void {
    this.#workers?.close();
  }
}

/** Reads samples when they are asked for, and keeps only those that were read ahead. */
class ReadingLoader implements SampleLoader {
  readonly inMemory = false;
  readonly #reader: SampleReader;
  readonly #ahead = new Map<number, Promise<Sample>>();

  constructor(reader: SampleReader) {
    this.#reader = reader;
  }

  async samples(indices: readonly number[]): Promise<Sample[]> {
    const samples = await mapConcurrently(
      indices,
      this.#reader.width,
      (i) => this.#ahead.get(i) ?? this.#reader.read(i),
    );
    for (const i of indices) this.#ahead.delete(i);
    return samples;
  }

  readAhead(indices: readonly number[]): void {
    for (const i of indices) {
      if (this.#ahead.has(i)) continue;
      const sample = this.#reader.read(i);
      sample.catch(() => {}); // thrown where the sample is asked for
      this.#ahead.set(i, sample);
    }
  }

  close(): void {
    this.#reader.close();
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
