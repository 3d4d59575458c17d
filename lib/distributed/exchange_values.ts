/**
 * Values of any kind between processes.
 *
 * @module
 */
import { deserialize, serialize } from "node:v8";
import type { Communicator } from "./communicator.ts";

/**
 * Hands a value to all processes.
 *
 * @param communicator Where to
 * @param own Anything that can be cloned: numbers, texts, arrays, typed arrays, plain objects
 * @returns The values of all processes, by rank
 */
export function exchangeValues<T>(communicator: Communicator, own: T): T[] {
  const { rank, size } = communicator;
  const bytes = new Uint8Array(serialize(own));
  const lengths = new Float64Array(size);
  lengths[rank] = bytes.length;
  for (let root = 0; root < size; root++) {
    communicator.broadcast(new Uint8Array(lengths.buffer, 8 * root, 8), root);
  }
  return Array.from(lengths, (length, root) => {
    const message = root === rank ? bytes : new Uint8Array(length);
    communicator.broadcast(message, root);
    return root === rank ? own : deserialize(message) as T;
  });
}
