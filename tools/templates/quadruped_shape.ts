/**
 * A four-legged animal as a formula: trunk, neck, head, legs, tail, with ears and horns where it has them.
 *
 * @module
 */
import { assembleShape } from "./assemble_shape.ts";
import type { ParametricShape, Pin } from "../../lib/templates/parametric_shape.ts";
import type { Point3 } from "../../lib/templates/signed_distance.ts";
import { type Joint, limb, limbEnd, type Piece } from "./solid_pieces.ts";

/** Parts of an animal, in the order of their labels; neck, ears, horns and a trunk count as head. */
export const QUADRUPED_PARTS = ["body", "head", "legs", "tail"] as const;

/** A joint in the mirror plane: `[y, z, radius]`. */
export type PlaneJoint = readonly [number, number, number];

/** Proportions of an animal: chains of joints in units of about half its length. */
export interface QuadrupedParameters {
  /** From the hip to the chest; the rear pole lies on the rump. */
  trunk: readonly PlaneJoint[];
  /** Width of the trunk relative to its height. */
  trunkWidth?: number;
  /** From the chest to the skull. */
  neck: readonly PlaneJoint[];
  /** Width of the neck relative to its height. */
  neckWidth?: number;
  /** From the skull to the nose; the nose is held by the front pole. */
  head: readonly PlaneJoint[];
  /** Width of the head relative to its height. */
  headWidth?: number;
  /** Near foreleg, from shoulder to hoof. */
  foreleg: readonly PlaneJoint[];
  /** Near hind leg, from thigh to hoof. */
  hindleg: readonly PlaneJoint[];
  /** Distance of the fore and hind hooves from the mirror plane. */
  stance: readonly [number, number];
  /** From the root to the tip of the tail. */
  tail: readonly PlaneJoint[];
  /** Ears, horns, a mane and the like, each on the near side; they grow with the head. */
  features?: readonly Piece[];
  /** How many more vertices the limbs deserve. */
  limbDensity?: number;
  /** Distance over which limbs and trunk melt together. */
  blend?: number;
}

/**
 * An animal of given proportions.
 *
 * @param category Class of the animal
 * @param parameters Proportions
 * @returns The solid, standing with its nose at −y
 */
export function quadrupedShape(category: string, parameters: QuadrupedParameters): ParametricShape {
  const { trunkWidth = 0.85, neckWidth = 0.75, headWidth = 0.85, limbDensity = 0.7 } = parameters;
  const { blend = 0.09, stance, features = [] } = parameters;
  const middle = (joints: readonly PlaneJoint[]) => joints.map(([y, z, r]): Joint => [0, y, z, r]);
  // A leg starts nearer to the mirror plane than its hoof stands, inside of the trunk.
  const leg = (joints: readonly PlaneJoint[], x: number) =>
    joints.map(([y, z, r], i): Joint => [i === 0 ? 0.85 * x : x, y, z, r]);
  const { foreleg, hindleg, neck, tail } = parameters;
  const chest = place(neck[0], 0), shoulder = place(foreleg[0], 0.6 * stance[0]);
  const hip = place(hindleg[0], 0.6 * stance[1]), root = place(tail[0], 0);
  const pieces: Piece[] = [
    limb("body", middle(parameters.trunk), { width: trunkWidth }),
    limb("head", middle(neck), { width: neckWidth, blend: 1.2 * blend, density: 0.8, anchor: chest }),
    limb("head", middle(parameters.head), {
      width: headWidth,
      blend: 0.6 * blend,
      density: 3,
      reach: 0.005,
      anchor: chest,
    }),
    limb("legs", leg(foreleg, stance[0]), {
      blend: 0.8 * blend,
      density: limbDensity,
      reach: -0.05,
      anchor: shoulder,
    }),
    limb("legs", leg(hindleg, stance[1]), {
      blend: 0.8 * blend,
      density: limbDensity,
      reach: -0.05,
      anchor: hip,
    }),
    ...[foot(foreleg, stance[0], shoulder), foot(hindleg, stance[1], hip)],
    limb("tail", middle(tail), {
      blend: 0.6 * blend,
      density: 0.8,
      reach: 0.005,
      anchor: root,
      tips: [limbEnd(middle(tail))],
    }),
  ];
  pieces.push(...features.map((piece) => ({ ...piece, anchor: chest })));
  const [rumpY, rumpZ, rumpRadius] = parameters.trunk[0];
  const pins: Pin[] = [
    { direction: [0, -1, 0], point: limbEnd(middle(parameters.head)), anchor: chest },
    { direction: [0, 1, 0], point: [0, rumpY + rumpRadius, rumpZ - 0.2 * rumpRadius] },
  ];
  return assembleShape({ category, partNames: QUADRUPED_PARTS, pieces, pins });
}

/** The end of a leg again, as a place that deserves vertices. */
function foot(joints: readonly PlaneJoint[], x: number, anchor: Point3): Piece {
  const end = joints.slice(-2).map(([y, z, r]): Joint => [x, y, z, r]);
  const [y, z, radius] = joints[joints.length - 1];
  return limb("legs", end, { blend: 0.01, density: 1.5, anchor, tips: [[x, y, z - radius]] });
}

/** A joint in space. */
function place([y, z]: PlaneJoint, x: number): Point3 {
  return [x, y, z];
}
