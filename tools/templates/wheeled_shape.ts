/**
 * A vehicle on wheels as a formula: extruded profiles, wheels, and panes and lamps painted on them.
 *
 * @module
 */
import { assembleShape } from "./assemble_shape.ts";
import { CAR_PARTS } from "../../demo/synthetic/car_shape.ts";
import type { ParametricShape } from "../../lib/templates/parametric_shape.ts";
import type { Point2, Point3 } from "../../lib/templates/signed_distance.ts";
import { type Piece, slab, wheel } from "./solid_pieces.ts";

/** A box on the near side, x ≥ 0. */
export interface Region {
  /** Low corner. */
  readonly low: Point3;
  /** High corner. */
  readonly high: Point3;
}

/** One extruded profile. */
export interface Block {
  /** Side view, `[y, z]`. */
  readonly profile: readonly Point2[];
  /** Half of the width. */
  readonly halfWidth: number;
  /** Radius of the edges. */
  readonly rounding?: number;
  /** Distance over which it melts together with the blocks before it. */
  readonly blend?: number;
}

/** A pair of wheels. */
export interface Axle {
  /** Place along the vehicle. */
  readonly y: number;
  /** Radius of the wheels, which stand on z = 0. */
  readonly radius: number;
}

/** What a vehicle consists of. */
export interface WheeledParameters {
  /** Extruded profiles. */
  blocks: readonly Block[];
  /** Pairs of wheels. */
  axles: readonly Axle[];
  /** Distance of the wheels' outer sides from the mirror plane. */
  track: number;
  /** Width of a wheel. */
  tyre?: number;
  /** Where the surface is glass. */
  glass: readonly Region[];
  /** Where the surface is a lamp. */
  lights: readonly Region[];
  /** Height of the front and rear pole. */
  poleHeight?: number;
}

/**
 * A vehicle of given proportions, its ground at z = 0.
 *
 * @param category Class of the vehicle
 * @param parameters What it consists of
 * @returns The solid; its parts are those of a car
 */
export function wheeledShape(category: string, parameters: WheeledParameters): ParametricShape {
  const { blocks, axles, track, tyre = 0.1, glass, lights, poleHeight } = parameters;
  const pieces: Piece[] = blocks.map(({ profile, halfWidth, rounding = 0.03, blend = 0.03 }) =>
    slab("body", profile, halfWidth, { rounding, blend })
  );
  for (const { y, radius } of axles) {
    pieces.push(
      wheel("wheel", [track - tyre / 2, y, radius], radius, tyre / 2, {
        blend: 0.012,
        density: 1.2,
        reach: 0.012,
      }),
    );
  }
  const corners = blocks.flatMap(({ profile }) => profile);
  const ends = [Math.min(...corners.map(([y]) => y)), Math.max(...corners.map(([y]) => y))];
  const height = poleHeight ?? Math.max(...corners.map(([, z]) => z)) / 2;
  return assembleShape({
    category,
    partNames: CAR_PARTS,
    pieces,
    pins: [
      { direction: [0, -1, 0], point: [0, ends[0], height] },
      { direction: [0, 1, 0], point: [0, ends[1], height] },
    ],
    paint: (x, y, z) => {
      if (lights.some((region) => isIn(region, x, y, z))) return "light";
      return glass.some((region) => isIn(region, x, y, z)) ? "glass" : null;
    },
  });
}

function isIn({ low, high }: Region, x: number, y: number, z: number): boolean {
  return x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1] && z >= low[2] && z <= high[2];
}
