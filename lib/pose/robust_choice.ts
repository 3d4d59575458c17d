/**
 * Options of step 2 for people's photographs; free of schemas, as browsers use them.
 *
 * @module
 */
import type { ChooseOptions } from "./choose_options.ts";

/**
 * Options that choose better than the original where that was measured (docs/explanation/pose.md): the template's labels
 * come first, then what they teach, and parts found without labels; silhouettes count, and images with a rival pose are
 * left out.
 */
export const ROBUST_CHOICE = {
  parts: "both",
  semantics: "auto",
  autoRounds: 4,
  silhouetteWeight: 1,
  partsWeight: 2,
  discard: "margin",
  keepShare: 0.9,
  leastMargin: 0.3,
} as const satisfies ChooseOptions;

/** Categories that are photographed from below too. */
const FLYING: readonly string[] = ["airplane", "bird"];
/** Weights of level cameras, and of the horizon for things that stand on the ground. */
const LEVEL_WEIGHT = 0.1, HORIZON_WEIGHT = 0.1;

/**
 * How a pipeline chooses poses of people's photographs: the robust choice, with cameras that are likely.
 *
 * @param category Category of the photographs
 * @returns Options of step 2
 */
export function photographChoice(category: string): ChooseOptions {
  const horizonWeight = FLYING.includes(category) ? 0 : HORIZON_WEIGHT;
  return { ...ROBUST_CHOICE, levelWeight: LEVEL_WEIGHT, horizonWeight };
}
