/**
 * A solid from silhouettes: what none of the views sees past. It closes open meshes and joins meshes of many pieces,
 * whichever way their faces are wound.
 *
 * @module
 */
import { projectVertices } from "../rendering/cameras.ts";
import type { ParametricShape } from "../templates/parametric_shape.ts";
import { SampledDistance } from "./sampled_distance.ts";
import { type SilhouetteTargets, viewPose } from "./silhouette_targets.ts";

/** The cube reaches this far on every side; normalised meshes reach 1. */
const REACH = 1.08;

/**
 * Carves a solid out of a cube.
 *
 * @param targets Silhouettes of a normalised mesh
 * @param options `cells`: cells along a side of the cube about the object, 96 by default; `symmetric`: whether the
 *   solid is made its own mirror image: it and its mirror image in one, true by default
 * @returns The solid, without parts, its poles at its ends in the mirror plane
 * @throws {RangeError} If nothing is left of it
 */
export function visualHull(
  targets: SilhouetteTargets,
  { cells = 96, symmetric = true }: { readonly cells?: number; readonly symmetric?: boolean } = {},
): ParametricShape {
  const side = cells + 1, step = 2 * REACH / cells;
  const inside = carve(targets, side, step);
  const field = SampledDistance.fromInside(inside, side, step, REACH);
  const distance = symmetric
    ? (x: number, y: number, z: number) => Math.min(field.at(x, y, z), field.at(-x, y, z))
    : (x: number, y: number, z: number) => field.at(x, y, z);
  const { low, high } = extent(inside, side, step);
  const widest = Math.max(-low[0], high[0]);
  return {
    category: "mesh",
    partNames: [],
    distance,
    partAt: () => 0,
    density: () => 1,
    pins: [
      { direction: [0, -1, 0], point: endOf(distance, low[1], step) },
      { direction: [0, 1, 0], point: endOf(distance, high[1], -step) },
    ],
    low: [symmetric ? -widest : low[0], low[1], low[2]],
    high: [symmetric ? widest : high[0], high[1], high[2]],
  };
}

/** 1 where a node of the grid is covered, or next to a covered pixel, in every view, `[side, side, side]` (z, y, x). */
function carve({ size, rotations, masks }: SilhouetteTargets, side: number, step: number): Uint8Array {
  const inside = new Uint8Array(side ** 3).fill(1);
  const half = size / 2, centre = (size - 1) / 2;
  const corner = new Float64Array(12); // the grid's origin and its three axes, [4, 3]
  for (let k = 0; k < 4; k++) {
    for (let axis = 0; axis < 3; axis++) corner[3 * k + axis] = -REACH + (k === axis + 1 ? step : 0);
  }
  for (let view = 0; view < rotations.length / 4; view++) {
    const screen = projectVertices(corner, viewPose(rotations, view)); // [4, 3]
    const mask = widened(masks.subarray(view * size * size, (view + 1) * size * size), size, half * step / 3);
    const column0 = half * screen[0] + centre, row0 = centre - half * screen[1];
    const dc = [1, 2, 3].map((k) => half * (screen[3 * k] - screen[0]));
    const dr = [1, 2, 3].map((k) => -half * (screen[3 * k + 1] - screen[1]));
    for (let z = 0, i = 0; z < side; z++) {
      for (let y = 0; y < side; y++) {
        const c = column0 + y * dc[1] + z * dc[2], r = row0 + y * dr[1] + z * dr[2];
        for (let x = 0; x < side; x++, i++) {
          if (inside[i] === 0) continue;
          const column = Math.round(c + x * dc[0]), row = Math.round(r + x * dr[0]);
          // What lies outside of the image is not known to be background.
          if (column < 0 || row < 0 || column >= size || row >= size) continue;
          if (mask[row * size + column] === 0) inside[i] = 0;
        }
      }
    }
  }
  return inside;
}

/** A mask grown by some pixels on each side, so that thin parts are not lost between the nodes. */
function widened(mask: Float32Array, size: number, pixels: number): Float32Array {
  const reach = Math.max(1, Math.round(pixels));
  let from = mask;
  for (const stride of [1, size]) {
    const to = from.slice();
    for (let i = 0; i < from.length; i++) {
      if (from[i] === 0) continue;
      const at = stride === 1 ? i % size : Math.floor(i / size);
      for (let k = Math.max(-reach, -at); k <= Math.min(reach, size - 1 - at); k++) to[i + k * stride] = 1;
    }
    from = to;
  }
  return from;
}

/** Box of the nodes inside. */
function extent(inside: Uint8Array, side: number, step: number): { low: number[]; high: number[] } {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  inside.forEach((value, i) => {
    if (value === 0) return;
    const at = [i % side, Math.floor(i / side) % side, Math.floor(i / side / side)];
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], at[axis] * step - REACH);
      high[axis] = Math.max(high[axis], at[axis] * step - REACH);
    }
  });
  if (!(low[0] < Infinity)) {
    throw new RangeError("Cannot make a solid of silhouettes that have nothing in common");
  }
  return { low, high };
}

/** The place in the mirror plane at which the solid begins, from an end of its box inwards. */
function endOf(
  distance: (x: number, y: number, z: number) => number,
  start: number,
  step: number,
): [number, number, number] {
  for (let y = start; Math.abs(y - start) < 2 * REACH; y += step / 2) {
    let best = 0, bestZ = 0;
    for (let z = -REACH; z <= REACH; z += Math.abs(step)) {
      const value = distance(0, y, z);
      if (value < best) [best, bestZ] = [value, z];
    }
    if (best < 0) return [0, y, bestZ];
  }
  return [0, start, 0];
}
