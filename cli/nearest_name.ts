/**
 * The name that was meant by a mistyped one.
 *
 * @module
 */

/** Share of a name that may be mistyped for another name to be meant. */
const LARGEST_SLIP = 0.5;

/** The name among `candidates` that needs the fewest edits to become `name`; none if half of the name is to be edited. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined, least = LARGEST_SLIP * name.length;
  for (const candidate of candidates) {
    const edits = editDistance(name, candidate);
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    previous = row;
  }
  return previous[b.length];
}
