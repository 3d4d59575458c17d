/**
 * Sets and lines of `evaluate_real`.
 *
 * @module
 */
import { UserError } from "../lib/core/errors.ts";
import type { RealEvaluation } from "../tools/evaluation/evaluate_real.ts";
import { findRealSets, type RealSet } from "../tools/evaluation/real_sets.ts";
import { exists } from "../lib/io/exists.ts";

/** Word that stands for every set. */
const ALL_SETS = "all";

/**
 * The sets that are evaluated.
 *
 * @param names Value of `--sets`
 * @param onMessage Told why sets are left out
 * @returns None if the folder of real photographs is not there
 * @throws {UserError} If a set that was asked for is missing
 */
export async function realSets(
  names: readonly string[],
  onMessage?: (sentence: string) => void,
): Promise<RealSet[]> {
  const folder = Deno.env.get("TEXMESH_REAL") ?? "../shared/data/real";
  if (!await exists(folder)) {
    onMessage?.(`Real photographs are left out: there is no ${folder} (TEXMESH_REAL says where).`);
    return [];
  }
  const found = await findRealSets(folder, onMessage);
  const missing = names.find((name) => name !== ALL_SETS && !found.some((set) => set.name === name));
  if (missing !== undefined) {
    const known = found.map(({ name }) => name).join(", ");
    throw new UserError(
      `There is no set ${JSON.stringify(missing)} in ${folder}: there are ${known || "none"}.`,
    );
  }
  return names.includes(ALL_SETS) ? found : found.filter(({ name }) => names.includes(name));
}

/** Line that tells how many photographs of each direction were kept; none where directions are not known. */
export function directionLines(set: string, { directions }: RealEvaluation): string[] {
  if (directions.length === 0) return [];
  const told = directions.map(({ direction, kept, count, flips }) =>
    `${direction} ${kept}/${count}${flips > 0 ? ` (${flips} flipped)` : ""}`
  );
  return [`${set}, kept by direction: ${told.join(", ")}`];
}
