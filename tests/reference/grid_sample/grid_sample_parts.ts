/**
 * Sampling at places of a grid in parts that several threads do at once: what each thread loads.
 *
 * @module
 */
import { entryOf } from "../../../lib/core/arrays.ts";
import type { TeamKind, TeamPart } from "../../../lib/backend/threads/thread_team.ts";
import { type MapSize, sampleBackward, sampleForward } from "./grid_sample_kernel.ts";

/** One map and its places. */
export interface GridSamplePart extends TeamPart {
  /** Pass; the arrays are those of the kernel, in its order. */
  readonly pass: "forward" | "backward";
  /** Size of the map. */
  readonly size: MapSize;
}

/** Makes what does one part. */
export function createRunner(): (part: GridSamplePart) => void {
  return ({ pass, size, arrays }) => {
    const [a, b, c, d, e] = arrays;
    if (pass === "forward") sampleForward(size, a, b, c, d);
    else sampleBackward(size, a, b, c, d, e);
  };
}

/** The threads that sample. */
export const GRID_SAMPLE: TeamKind<GridSamplePart> = { module: new URL(import.meta.url), createRunner };

/**
 * A part for each map: its places share its gradient.
 *
 * @param pass Pass
 * @param size Size of a map
 * @param batch Number of maps, B
 * @param arrays Arrays of the kernel, B entries each
 */
export function gridSampleParts(
  pass: GridSamplePart["pass"],
  size: MapSize,
  batch: number,
  arrays: readonly Float32Array[],
): GridSamplePart[] {
  return Array.from({ length: batch }, (_, b) => ({
    pass,
    size,
    arrays: arrays.map((values) => entryOf(values, b, batch)),
  }));
}
