/**
 * Which parts each class has: tables between the parts of all classes ("global") and those of one class ("local").
 *
 * Channel 0 is the object without part, channel j + 1 is part j.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** Tables of all classes; C classes, P parts of the class with most, G parts in all. */
export interface PartTables {
  /** Local channels, P + 1. */
  readonly localChannels: number;
  /** Global channels, G + 1. */
  readonly globalChannels: number;
  /** 1 where a local channel of a class is a global one, `[C, P + 1, G + 1]`. */
  readonly selection: Float32Array;
  /** 1 for the local channels in use, `[C, P + 1]`. */
  readonly used: Float32Array;
  /** 1 for the global channels that a class has, `[C, G + 1]`. */
  readonly presence: Float32Array;
  /** Whether every class has all parts in order, so that local and global are the same. */
  readonly identity: boolean;
}

/**
 * Makes the tables.
 *
 * @param classParts Parts of each class as numbers into the list of all parts
 * @param partCount Parts in all, G
 * @throws {RangeError} If a number is out of range
 */
export function partTables(classParts: readonly (readonly number[])[], partCount: number): PartTables {
  const localChannels = 1 + Math.max(0, ...classParts.map((parts) => parts.length));
  const globalChannels = partCount + 1;
  const selection = new Float32Array(classParts.length * localChannels * globalChannels);
  const used = new Float32Array(classParts.length * localChannels);
  const presence = new Float32Array(classParts.length * globalChannels);
  classParts.forEach((parts, c) => {
    [-1, ...parts].forEach((part, channel) => {
      if (part >= partCount) {
        throw new RangeError(
          `Cannot make part tables as parts must be below ${partCount}: current value is ${part}`,
        );
      }
      selection[(c * localChannels + channel) * globalChannels + part + 1] = 1;
      used[c * localChannels + channel] = 1;
      presence[c * globalChannels + part + 1] = 1;
    });
  });
  const identity = classParts.every((parts) =>
    parts.length === partCount && parts.every((part, i) => part === i)
  );
  return { localChannels, globalChannels, selection, used, presence, identity };
}

/**
 * Writes the training target of the parts: Y_j = used_j · (S_{j+1} + S_0 / Σ used), so that background pixels carry a
 * uniform distribution over the parts of the class.
 *
 * @param tables Tables of all classes
 * @param classIndex Class of the photograph
 * @param parts Background, object without part, all parts, `[pixels, 2 + G]`; null fills in background
 * @param pixels Number of pixels
 * @param out Where to write channel j of pixel i: at `offset + i · stride + j`
 * @param offset First place
 * @param stride Values between pixels
 */
export function writePartTarget(
  tables: PartTables,
  classIndex: number,
  parts: FloatArray | null,
  pixels: number,
  out: Float32Array,
  offset: number,
  stride: number,
): void {
  const { localChannels, globalChannels, selection, used } = tables;
  const channels = globalChannels + 1;
  const sources: number[] = []; // local channel to channel of `parts`, -1 where unused
  let usedCount = 0;
  for (let j = 0; j < localChannels; j++) {
    const row = (classIndex * localChannels + j) * globalChannels;
    sources.push(selection.subarray(row, row + globalChannels).indexOf(1));
    usedCount += used[classIndex * localChannels + j];
  }
  for (let i = 0; i < pixels; i++) {
    const at = offset + i * stride;
    const background = (parts ? parts[i * channels] : 1) / usedCount;
    for (let j = 0; j < localChannels; j++) {
      const source = sources[j];
      out[at + j] = source < 0 ? 0 : background + (parts ? parts[i * channels + source + 1] : 0);
    }
  }
}
