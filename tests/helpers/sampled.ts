/**
 * Samples of long tests' cases, for runs that must be short.
 *
 * @module
 */
import { Prng } from "../../lib/core/prng.ts";

/**
 * Some of the cases of a long test, in their order, where `TEXMESH_SAMPLE` holds the seed of a sample; else all of them.
 *
 * @param cases Cases
 * @param count How many a sample has
 */
export function sampled<T>(cases: readonly T[], count: number): readonly T[] {
  const seed = Deno.env.get("TEXMESH_SAMPLE");
  if (!seed) return cases;
  const chosen = new Set(new Prng(Number(seed), "sample of cases").permutation(cases.length).slice(0, count));
  return cases.filter((_, i) => chosen.has(i));
}
