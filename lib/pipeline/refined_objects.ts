/**
 * Refined objects for other stages: those that are there, or new ones where their inputs have changed since.
 *
 * @module
 */
import { type Mode, refinedFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { type Origin, readOrigin } from "../io/stage_folder.ts";
import type { RefineOptions, RefineResult } from "../refinement/refine.ts";
import { runRefine } from "./refine.ts";

/** Whose objects are wanted. */
export interface RefinedObjectsRequest {
  /** Name of the data set. */
  readonly dataset: string;
  /** One template or several. */
  readonly mode: Mode;
  /** Reconstruction run whose predictions they begin with; null begins with the mean shape of the photographs. */
  readonly name: string | null;
  /** Checkpoint of the run. */
  readonly whichEpoch?: string;
  /** Whether shape and pose are fitted too; otherwise photographs are only projected. */
  readonly shape: boolean;
  /** Workers; null is one per core. */
  readonly workers?: number | null;
}

/**
 * Refines a data set's posed photographs as `runRefine`, with the sizes that were chosen for them before if they were: what
 * is up to date is used, everything else is made anew.
 *
 * @throws {UserError} If inputs are missing or do not belong together
 */
export async function refinedObjects(
  request: RefinedObjectsRequest,
  callbacks: StageCallbacks = {},
): Promise<RefineResult> {
  const { dataset, mode, name, shape } = request;
  const stored = await readOrigin(refinedFolder(dataset, mode, name, shape), "refinement");
  return await runRefine({ ...storedOptions(stored), ...request, overwrite: true }, callbacks);
}

/** Options that objects were refined with. */
function storedOptions(stored: Origin | null): RefineOptions {
  if (stored === null) return {};
  const { texture_resolution: textureResolution, rounds, donors, symmetric, moves } = stored;
  return {
    textureResolution: Number(textureResolution),
    rounds: Number(rounds),
    donors: Number(donors),
    symmetric: symmetric === "true",
    moves: moves === "place" ? "place" : "pose",
  };
}
