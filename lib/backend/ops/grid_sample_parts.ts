/**
 * Sampling at places of a grid in parts that several threads do at once: what each thread loads.
 *
 * @module
 */
import { entryOf } from "../../core/arrays.ts";
import type { TeamKind, TeamPart } from "../../core/thread_team.ts";
import { type MapSize, sampleBackward, sampleForward } from "./grid_sample_kernel.ts";

/** One map, with all its places or some of them. */
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
    if (pass === "forward") sampleForward(size, a, b, c);
    else sampleBackward(size, a, b, c, d, e);
  };
}

/** The threads that sample. */
export const GRID_SAMPLE: TeamKind<GridSamplePart> = { module: new URL(import.meta.url), createRunner };

/**
 * Parts of the forward pass: one for each map, or several where the maps would not keep all threads equally busy.
 *
 * @param batch Number of maps, B
 * @param arrays Maps, places and values, B entries each
 * @param threads Number of threads
 */
export function forwardParts(
  size: MapSize,
  batch: number,
  [maps, grid, values]: readonly Float32Array[],
  threads: number,
): GridSamplePart[] {
  const slices = batch % threads === 0 ? 1 : threads;
  const places = grid.length / 2 / batch;
  return Array.from({ length: batch * slices }, (_, i) => {
    const b = Math.floor(i / slices), slice = i % slices;
    const first = b * places + Math.floor(places * slice / slices);
    const end = b * places + Math.floor(places * (slice + 1) / slices);
    const { channels } = size;
    return {
      pass: "forward",
      size,
      arrays: [
        entryOf(maps, b, batch),
        grid.subarray(2 * first, 2 * end),
        values.subarray(channels * first, channels * end),
      ],
    };
  });
}

/** Parts of the backward pass: one for each map, whose gradient its places share. */
export function backwardParts(
  size: MapSize,
  batch: number,
  arrays: readonly Float32Array[],
): GridSamplePart[] {
  return Array.from({ length: batch }, (_, b) => ({
    pass: "backward",
    size,
    arrays: arrays.map((values) => entryOf(values, b, batch)),
  }));
}
