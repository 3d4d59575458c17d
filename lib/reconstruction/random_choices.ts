/**
 * Which inputs are flipped and which photographs are held out: functions of the seed and the place in the training alone, so
 * that a resumed run continues exactly as it would have.
 *
 * @module
 */
import { Prng } from "../core/prng.ts";

/** Which inputs of a batch are flipped, each with probability ½. */
export function batchFlips(batchSize: number, seed: number, iteration: number): boolean[] {
  const prng = new Prng(seed, "reconstruction", "flip", iteration);
  return Array.from({ length: batchSize }, () => prng.next() < 0.5);
}

/** Splits numbers 0 to count − 1 into those that train and those that validate, each ascending. */
export function splitValidation(
  count: number,
  fraction: number,
  seed: number,
): { training: number[]; validation: number[] } {
  const order = new Prng(seed, "reconstruction", "validation").permutation(count);
  const held = Math.round(count * fraction);
  const ascending = (numbers: number[]): number[] => numbers.sort((a, b) => a - b);
  return { training: ascending(order.slice(held)), validation: ascending(order.slice(0, held)) };
}
