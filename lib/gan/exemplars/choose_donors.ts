/**
 * Choosing donors: so that objects find one that is like them and whose photograph shows it well, in each cell.
 *
 * @module
 */
import type { BroadColours } from "./broad_colours.ts";
import { cellSimilarity } from "./cell_similarity.ts";
import { CELLS, type Donors } from "./exemplars.ts";

/**
 * Chooses one donor after the other, each time that which raises the objects' largest similarities the most, summed over all
 * cells (greedy facility location).
 *
 * @param candidates Codes, `[N, P]`, and how well their photographs show each cell, `[N, C]`
 * @param served Codes of the objects that shall find donors, `[K, P]`
 * @param broad Broad colours
 * @param count Donors, at most N
 * @returns Numbers of the candidates
 */
export function chooseDonors(
  candidates: Pick<Donors, "codes" | "seen">,
  served: Float32Array,
  broad: BroadColours,
  count: number,
): number[] {
  const similarities = similaritiesTo(served, candidates, broad), length = similarities[0].length;
  const best = new Float32Array(length).fill(Infinity); // at first the worst of all candidates
  for (const row of similarities) row.forEach((value, i) => best[i] = Math.min(best[i], value));
  const chosen: number[] = [], isChosen = new Set<number>();
  while (chosen.length < count) {
    let next = -1, most = -1;
    similarities.forEach((row, candidate) => {
      if (isChosen.has(candidate)) return;
      let gain = 0;
      for (let i = 0; i < length; i++) if (row[i] > best[i]) gain += row[i] - best[i];
      if (gain > most) [next, most] = [candidate, gain];
    });
    isChosen.add(next);
    chosen.push(next);
    similarities[next].forEach((value, i) => best[i] = Math.max(best[i], value));
  }
  return chosen;
}

/** Similarities of each candidate to the objects by cell, N times `[K · C]`, less what is the same for all candidates. */
function similaritiesTo(
  served: Float32Array,
  candidates: Pick<Donors, "codes" | "seen">,
  broad: BroadColours,
): Float32Array[] {
  const { factors, constants } = cellSimilarity(candidates, broad, false), P = broad.components.length;
  const N = candidates.codes.length / P, K = served.length / P;
  return Array.from({ length: N }, (_, candidate) =>
    Float32Array.from({ length: K * CELLS }, (_, place) => {
      const k = Math.floor(place / CELLS), cell = place % CELLS;
      let similarity = constants[cell * N + candidate];
      for (let p = 0; p < P; p++) {
        similarity += served[k * P + p] * factors[(p * CELLS + cell) * N + candidate];
      }
      return similarity;
    }));
}
