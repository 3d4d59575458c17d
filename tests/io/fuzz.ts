/**
 * Damaged files of every format: each must end in a value or a clear error, quickly and in little memory.
 *
 * Run as a program it takes the number of damaged files of each format: `deno task test:fuzz [10000]`.
 *
 * @module
 */
import { UserError } from "../../lib/core/errors.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type FuzzFormat, fuzzFormats } from "./fuzz_formats.ts";

/** What damaged files of a format came to. */
export interface FuzzResult {
  /** Name of the format. */
  readonly name: string;
  /** Files that gave a value. */
  readonly values: number;
  /** Files that gave an error. */
  readonly errors: number;
  /** Longest time, in milliseconds. */
  readonly slowest: number;
}

/**
 * Reads damaged files of a format.
 *
 * @throws {Error} If a reader throws anything but a clear error
 */
export async function fuzz(format: FuzzFormat, count: number, seed: number): Promise<FuzzResult> {
  const prng = new Prng(seed, "fuzz", format.name);
  let values = 0, errors = 0, slowest = 0;
  for (let i = 0; i < count; i++) {
    const bytes = damage(format.samples[i % format.samples.length], prng);
    const started = performance.now();
    try {
      await format.read(bytes);
      values++;
    } catch (error) {
      const allowed = [UserError, ...(format.errors ?? [])];
      if (!allowed.some((kind) => error instanceof kind)) {
        throw new Error(`${format.name}, file ${i} of seed ${seed}: not a clear error`, { cause: error });
      }
      errors++;
    }
    slowest = Math.max(slowest, performance.now() - started);
  }
  return { name: format.name, values, errors, slowest };
}

/** One to four changes: bits, bytes, lengths, pieces left out, doubled or cut off. */
function damage(whole: Uint8Array, prng: Prng): Uint8Array {
  let bytes = whole.slice();
  for (let change = prng.integer(4); change >= 0 && bytes.length > 8; change--) {
    const at = prng.integer(bytes.length), other = prng.integer(bytes.length);
    const [start, end] = [Math.min(at, other), Math.min(Math.max(at, other), Math.min(at, other) + 64)];
    switch (prng.integer(7)) {
      case 0:
        bytes[at] ^= 1 << prng.integer(8);
        break;
      case 1:
        bytes[at] = prng.integer(256);
        break;
      case 2: {
        const place = prng.integer(bytes.length - 3);
        const value = [0, 0xffffffff, 0x7fffffff, 0x40000000, bytes.length, 65536][prng.integer(6)];
        new DataView(bytes.buffer).setUint32(place, value, true);
        break;
      }
      case 3:
        bytes = Uint8Array.of(...bytes.subarray(0, start), ...bytes.subarray(end));
        break;
      case 4:
        bytes = Uint8Array.of(...bytes.subarray(0, end), ...bytes.subarray(start));
        break;
      case 5:
        bytes.copyWithin(at, start, end);
        break;
      case 6:
        if (prng.integer(4) === 0) bytes = bytes.slice(0, at);
        else bytes[at] ^= 255;
    }
  }
  return bytes;
}

if (import.meta.main) {
  const count = Number(Deno.args[0] ?? 10000);
  const scratch = await Deno.makeTempDir();
  let peak = 0;
  const watch = setInterval(() => peak = Math.max(peak, Deno.memoryUsage().rss), 20);
  for (const format of await fuzzFormats(scratch)) {
    const { name, values, errors, slowest } = await fuzz(format, count, 1);
    peak = Math.max(peak, Deno.memoryUsage().rss);
    console.log(`${name.padEnd(18)} ${values} values, ${errors} errors, slowest ${slowest.toFixed(1)} ms`);
  }
  clearInterval(watch);
  await Deno.remove(scratch, { recursive: true });
  const megabytes = Math.round(peak / 1e6);
  console.log(`${megabytes} MB at most`);
  if (megabytes > 512) Deno.exit(1);
}
