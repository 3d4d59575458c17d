/** Comparing what processes computed. */
import { assert } from "@std/assert";
import type { NdArray } from "../../lib/core/arrays.ts";

/** Relative distance of arrays under a prefix, all as one vector. */
export function distance(a: Record<string, NdArray>, b: Record<string, NdArray>, prefix = ""): number {
  let difference = 0, size = 0;
  for (const [name, { data }] of Object.entries(a)) {
    if (!name.startsWith(prefix)) continue;
    const other = b[name].data as Float32Array;
    (data as Float32Array).forEach((value, i) => {
      difference += (value - other[i]) ** 2;
      size += value ** 2;
    });
  }
  assert(size > 0, `nothing under "${prefix}"`);
  return Math.sqrt(difference / size);
}
