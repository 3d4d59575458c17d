/**
 * Refined objects for other stages: those that are there, or new ones where their inputs have changed since.
 *
 * @module
 */
import { resolveOptions } from "../core/option.ts";
import { refinedFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { type Origin, readOrigin } from "../io/stage_folder.ts";
import { REFINE_OPTIONS, type RefineOptions } from "../refinement/refine_options.ts";
import type { PosedDataset } from "./posed_dataset.ts";
import { type RefineBasis, refineDataset, type RefinedFolder } from "./refine.ts";

/**
 * Refines posed photographs as `runRefine`, with the sizes that were chosen for them before if they were: what is up to date
 * is used, everything else is made from scratch.
 *
 * @param posed The photographs
 * @param basis What refinement begins with
 * @param wanted `shape`: whether shape and pose are fitted too, not photographs only projected; `symmetric`: as they were
 *   refined before if left out; `leastResolution`: texels that the side of the textures must have
 * @param callbacks Progress and sentences
 * @throws {UserError} If inputs do not belong together
 */
export async function refinedObjects(
  posed: PosedDataset,
  basis: RefineBasis,
  { leastResolution = 0, ...wanted }: Pick<RefineOptions, "symmetric" | "workers" | "overwrite"> & {
    readonly shape: boolean;
    readonly leastResolution?: number;
  },
  callbacks: StageCallbacks = {},
): Promise<RefinedFolder> {
  const folder = refinedFolder(posed.dataset.name, posed.mode, basis.name, wanted.shape);
  const options = storedOptions(await readOrigin(folder, "refinement"), leastResolution);
  return await refineDataset(posed, basis, { ...options, overwrite: true, ...wanted }, callbacks);
}

/** Options that objects were refined with, if their textures are fine enough; else the defaults with such ones. */
function storedOptions(stored: Origin | null, leastResolution: number): RefineOptions {
  const defaults = resolveOptions(REFINE_OPTIONS, {});
  if (stored === null || Number(stored.texture_resolution) < leastResolution) {
    return { textureResolution: Math.max(defaults.textureResolution, leastResolution) };
  }
  const { texture_resolution: textureResolution, rounds, donors, alignments, symmetric, moves } = stored;
  return {
    textureResolution: Number(textureResolution),
    rounds: Number(rounds),
    donors: Number(donors),
    alignments: Number(alignments ?? defaults.alignments),
    symmetric: symmetric === "true",
    moves: moves === "place" ? "place" : "pose",
  };
}
