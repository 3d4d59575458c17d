/**
 * Which parts of the original's detections get a channel.
 *
 * @module
 */
import type { PartRuns } from "../../lib/datasets/dataset.ts";
import { partPriority } from "./catalog.ts";
import type { Detection } from "./detections_file.ts";

/** Share of the objects that must show a part for it to count. */
export const LEAST_PART_FREQUENCY = 0.25;

/** Parts of a list of detections. */
export interface PartClasses {
  /** Names of the parts in the order of their ids. */
  readonly names: readonly string[];
  /** Parts of each object that count, in the order of the file. */
  readonly ofDetection: readonly (readonly PartRuns[])[];
}

/**
 * Leaves out parts that are too rare and numbers the others by their ids among all part names.
 *
 * The frequency stands with each part in the file; a part with several numbers at the detector has one for each.
 *
 * @param detections Objects
 * @returns The parts that count
 */
export function partClasses(detections: readonly Detection[]): PartClasses {
  const kept = detections.map(({ parts }) =>
    parts.filter(({ frequency }) => frequency >= LEAST_PART_FREQUENCY)
  );
  const names = new Map(kept.flat().map(({ classId, name }) => [classId, name]));
  const ids = [...names.keys()].sort((a, b) => a - b);
  return {
    names: ids.map((id) => names.get(id)!),
    ofDetection: kept.map((parts) =>
      parts.map(({ classId, name, score, runs }) => ({
        part: ids.indexOf(classId),
        score,
        priority: partPriority(name),
        runs,
      }))
    ),
  };
}
