/**
 * Birds that do not perch: in flight with spread wings, and wading on long legs.
 *
 * @module
 */
import { assembleShape } from "./assemble_shape.ts";
import { BIRD_PARTS } from "../../demo/synthetic/bird_shape.ts";
import type { ParametricShape } from "../../lib/templates/parametric_shape.ts";
import type { Point2, Point3 } from "../../lib/templates/signed_distance.ts";
import { ball, type Joint, limb, limbEnd, plate } from "./solid_pieces.ts";

/** Proportions of a flying bird. */
export interface FlyingBirdParameters {
  /** Contour of the near wing in the x-y plane, from the root's front around the tip. */
  wing: readonly Point2[];
  /** How much the wings rise for each unit of x. */
  rise: number;
  /** Contour of the near half of the tail in the x-y plane. */
  tail: readonly Point2[];
}

/**
 * A bird in flight: wings and tail spread, legs drawn up.
 *
 * @param parameters Contours of wings and tail
 * @returns The solid, its head at −y
 */
export function flyingBirdShape({ wing, rise, tail }: FlyingBirdParameters): ParametricShape {
  const shoulder: Point3 = [0, -0.08, 0.05], neck: Point3 = [0, -0.2, 0.02], rump: Point3 = [0, 0.25, 0];
  const beak: Joint[] = [[0, -0.62, 0.04, 0.05], [0, -0.78, 0.01, 0.02]];
  const span = Math.max(...wing.map(([x]) => x));
  const tailEnd = Math.max(...tail.map(([, y]) => y));
  return assembleShape({
    category: "bird",
    partNames: BIRD_PARTS,
    pieces: [
      ball("body", [0, 0, 0], [0.15, 0.4, 0.15]),
      limb("head", [[0, -0.2, 0.02, 0.12], [0, -0.46, 0.05, 0.1]], {
        blend: 0.08,
        density: 0.5,
        anchor: neck,
      }),
      ball("head", [0, -0.52, 0.06], [0.1, 0.13, 0.1], { blend: 0.05, density: 1, anchor: neck }),
      limb("head", beak, { blend: 0.03, density: 1, anchor: neck }),
      plate("wing", wing, {
        height: 0.06,
        rise,
        thickness: [0.045, 0.025],
        blend: 0.04,
        density: 1.2,
        anchor: shoulder,
        tips: wing.filter(([x]) => x > 0.93 * span).map(([x, y]): Point3 => [x, y, 0.06 + rise * x]),
        grows: [1, 0, 0],
      }),
      plate("tail", tail, {
        height: 0,
        thickness: [0.04, 0.03],
        blend: 0.05,
        density: 1.5,
        anchor: rump,
        tips: tail.filter(([, y]) => y > 0.9 * tailEnd).map(([x, y]): Point3 => [x, y, 0]),
        grows: [0, 1, 0],
        reach: 0.01,
      }),
      limb("legs", [[0.05, 0.2, -0.11, 0.05], [0.05, 0.42, -0.11, 0.035]], { blend: 0.03, density: 1 }),
    ],
    pins: [
      { direction: [0, -1, 0], point: limbEnd(beak), anchor: neck },
      { direction: [0, 1, 0], point: [0, 0.4, -0.01] },
    ],
  });
}

/** Proportions of a wading bird: chains of joints. */
export interface WadingBirdParameters {
  /** From the chest to the skull. */
  neck: readonly Joint[];
  /** From the skull to the tip of the beak. */
  beak: readonly Joint[];
  /** Near leg, from the thigh to the toe. */
  leg: readonly Joint[];
}

/**
 * A wading bird: long legs, neck and beak.
 *
 * @param parameters Chains of joints
 * @returns The solid, its beak at −y
 */
export function wadingBirdShape({ neck, beak, leg }: WadingBirdParameters): ParametricShape {
  const chest: Point3 = [0, -0.2, 0.06], hip: Point3 = [leg[0][0], leg[0][1], leg[0][2]];
  const rump: Point3 = [0, 0.25, -0.04];
  const tail: Joint[] = [[0, 0.25, -0.04, 0.1], [0, 0.56, -0.16, 0.06]];
  const skull = neck[neck.length - 1];
  const toe = leg.slice(-2);
  return assembleShape({
    category: "bird",
    partNames: BIRD_PARTS,
    pieces: [
      ball("body", [0, 0, 0], [0.17, 0.4, 0.2], { angleRadians: 0.25 }),
      limb("head", neck, { blend: 0.08, density: 1, anchor: chest }),
      ball("head", [0, skull[1] - 0.02, skull[2]], [0.075, 0.1, 0.08], {
        blend: 0.04,
        density: 2,
        anchor: chest,
      }),
      limb("head", beak, { blend: 0.03, density: 2, anchor: chest }),
      limb("legs", leg, { blend: 0.04, density: 1.5, reach: -0.01, anchor: hip }),
      limb("legs", toe, { blend: 0.01, density: 2, anchor: hip, tips: [limbEnd(leg)] }),
      ball("wing", [0.12, 0.08, 0.02], [0.075, 0.36, 0.14], {
        angleRadians: 0.25,
        blend: 0.05,
        reach: 0.012,
      }),
      limb("tail", tail, { width: 1.4, blend: 0.06, density: 0.5, anchor: rump, reach: 0.01 }),
    ],
    pins: [
      { direction: [0, -1, 0], point: limbEnd(beak), anchor: chest },
      { direction: [0, 1, 0], point: limbEnd(tail), anchor: rump },
    ],
  });
}
