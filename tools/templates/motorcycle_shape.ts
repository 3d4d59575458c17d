/**
 * A motorcycle as a formula: engine and tank, two wheels, fork, seat and handlebar.
 *
 * @module
 */
import { assembleShape } from "./assemble_shape.ts";
import type { ParametricShape } from "../../lib/templates/parametric_shape.ts";
import type { Point2, Point3 } from "../../lib/templates/signed_distance.ts";
import { type Joint, limb, limbEnd, type Piece, slab, wheel } from "./solid_pieces.ts";

/** Parts of a motorcycle, in the order of their labels. */
export const MOTORCYCLE_PARTS = ["body", "wheel", "seat", "handlebar", "light"] as const;

/** Proportions of a motorcycle; lengths in units of half its length, heights above the ground. */
export interface MotorcycleParameters {
  /** Side view of frame, engine, tank and mudguards. */
  body: readonly Point2[];
  /** Half of the body's width. */
  bodyHalfWidth?: number;
  /** Side view of the seat. */
  seat: readonly Point2[];
  /** Front axle, `[y, radius]`. */
  frontWheel: readonly [number, number];
  /** Rear axle, `[y, radius]`. */
  rearWheel: readonly [number, number];
  /** Top of the fork, `[y, z]`. */
  head: Point2;
  /** From the fork's top to the grip, near side. */
  handlebar: readonly Joint[];
  /** Middle of the lamp, `[y, z]`, and its radius. */
  light: readonly [number, number, number];
}

/** Half of the width of the tyres. */
const TYRE = 0.062;

/**
 * A motorcycle of given proportions.
 *
 * @param parameters Proportions
 * @returns The solid, its ground at z = 0
 */
export function motorcycleShape(parameters: MotorcycleParameters): ParametricShape {
  const { body, bodyHalfWidth = 0.12, seat, frontWheel, rearWheel, head, handlebar, light } = parameters;
  const axle = ([y, radius]: readonly [number, number]): Point3 => [0, y, radius];
  const fork: Joint[] = [[0, head[0], head[1], 0.065], [0, frontWheel[0], frontWheel[1], 0.055]];
  const lamp: Joint[] = [[0, head[0], head[1] - 0.02, 0.06], [0, light[0], light[1], light[2]]];
  // The core reaches from axle to axle, so that the discs need not grow far.
  const pieces: Piece[] = [
    slab("body", body, bodyHalfWidth, { rounding: 0.05, narrowing: (_, z) => z < 0.2 ? 0.02 : 0 }),
    wheel("wheel", axle(frontWheel), frontWheel[1], TYRE, {
      blend: 0.015,
      density: 0.8,
      reach: 0.012,
    }),
    wheel("wheel", axle(rearWheel), rearWheel[1], TYRE, { blend: 0.015, density: 0.8, reach: 0.012 }),
    limb("body", fork, { width: 1.5, blend: 0.03, density: 0.5 }),
    slab("seat", seat, 0.11, { rounding: 0.04, blend: 0.03, density: 0.5, reach: 0.008 }),
    limb("light", lamp, { blend: 0.02, density: 1 }),
    limb("handlebar", handlebar, {
      blend: 0.02,
      density: 3,
      anchor: [0, head[0] + 0.03, head[1] - 0.06],
      tips: [limbEnd(handlebar)],
    }),
  ];
  return assembleShape({
    category: "motorcycle",
    partNames: MOTORCYCLE_PARTS,
    pieces,
    pins: [
      { direction: [0, -1, 0], point: [0, frontWheel[0] - frontWheel[1], frontWheel[1]] },
      { direction: [0, 1, 0], point: [0, rearWheel[0] + rearWheel[1], rearWheel[1]] },
    ],
  });
}
