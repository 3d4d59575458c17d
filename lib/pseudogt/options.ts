/**
 * Options of pseudo-ground-truth.
 *
 * @module
 */
import { skipInvalid, workersThat } from "../core/common_options.ts";
import { option } from "../core/option.ts";
import { PRESETS } from "../networks/presets.ts";

const side = (doc: string, flag: string | null, offered: readonly number[] | undefined, shown?: number) =>
  option.integer({ flag, doc, minimum: 16, maximum: 4096, offered, shown });

/** Options of `generatePseudoGroundTruth` and `generateRefinedPseudoGroundTruth`. */
export const PSEUDO_GROUND_TRUTH_OPTIONS = {
  pseudogtResolution: side(
    "Side of the UV maps, in texels; if left out that of the run's preset, else of 'preset'.",
    "pseudogt_resolution",
    [64, 128, 256, 512, 1024],
    PRESETS.paper.textureResolution,
  ),
  projectionResolution: side(
    "Side of the projected images, in pixels; if left out the preset's, at least twice the maps. Refined objects need none.",
    null,
    undefined,
  ),
  batchSize: option.integer({
    doc: "Photographs that the network sees at once; does not change the result.",
    default: 32,
    minimum: 1,
  }),
  workers: workersThat(
    " that refine objects and make maps, 0 for none; the result is the same for any number",
  ),
  skipInvalid,
} as const;
