/**
 * A perching bird as a formula: body, neck, head with beak, folded wings, tail and legs.
 *
 * @module
 */
import type { ParametricShape } from "../../lib/templates/parametric_shape.ts";
import {
  coneDistance,
  smoothStep,
  smoothUnion,
  tiltedEllipsoidDistance,
} from "../../lib/templates/signed_distance.ts";

/** Parts of a bird, in the order of their labels; the beak and the neck count as head. */
export const BIRD_PARTS = ["body", "head", "legs", "wing", "tail"] as const;

/** Proportions of a bird; lengths in units of about half the bird's length. */
export interface BirdParameters {
  /** Half of the body's length. */
  bodyLength?: number;
  /** Half of the body's width. */
  bodyWidth?: number;
  /** Half of the body's height. */
  bodyHeight?: number;
  /** How far the body's axis is lifted at the front, in radians. */
  pitchRadians?: number;
  /** Radius of the head. */
  headRadius?: number;
  /** Distance from the body's front to the head. */
  neckLength?: number;
  /** Direction of the neck: 0 straight ahead, π/2 upwards, in radians. */
  neckRadians?: number;
  /** Length of the beak beyond the head. */
  beakLength?: number;
  /** Radius of the beak at its root. */
  beakRadius?: number;
  /** Length of the tail behind the body. */
  tailLength?: number;
  /** Half of the tail's width at its end. */
  tailWidth?: number;
  /** How far the tail's axis points down, in radians. */
  tailRadians?: number;
  /** Half of a folded wing's length. */
  wingLength?: number;
  /** Half of a folded wing's height. */
  wingHeight?: number;
  /** Length of the legs below the body. */
  legLength?: number;
  /** Radius of the legs. */
  legRadius?: number;
}

/** A songbird of average proportions. */
export const BIRD_DEFAULTS = {
  bodyLength: 0.47,
  bodyWidth: 0.245,
  bodyHeight: 0.27,
  pitchRadians: 0.42,
  headRadius: 0.18,
  neckLength: 0.08,
  neckRadians: 0.75,
  beakLength: 0.17,
  beakRadius: 0.07,
  tailLength: 0.52,
  tailWidth: 0.13,
  tailRadians: 0.3,
  wingLength: 0.43,
  wingHeight: 0.15,
  legLength: 0.17,
  legRadius: 0.036,
} as const satisfies Required<BirdParameters>;

/** A bird with the places that painters of plumage need. */
export interface BirdShape extends ParametricShape {
  /** The proportions. */
  readonly parameters: Required<BirdParameters>;
  /** Centre of the head, (y, z). */
  readonly headCentre: readonly [number, number];
  /** Distances to the parts: body, neck and head, beak, legs, wing, tail. */
  readonly pieces: (x: number, y: number, z: number) => BirdPieces;
}

/** Distances to the pieces of a bird at one point; x ≥ 0 is assumed. */
export interface BirdPieces {
  /** Body. */
  body: number;
  /** Neck and head. */
  head: number;
  /** Beak. */
  beak: number;
  /** Nearer leg. */
  legs: number;
  /** Nearer wing. */
  wing: number;
  /** Tail. */
  tail: number;
}

/**
 * A bird of given proportions.
 *
 * @param options Proportions
 * @returns The solid; its body's centre is the origin
 */
export function birdShape(options: BirdParameters = {}): BirdShape {
  const p = { ...BIRD_DEFAULTS, ...options };
  const c = Math.cos(p.pitchRadians), s = Math.sin(p.pitchRadians);
  const frontY = -0.72 * p.bodyLength * c, frontZ = 0.72 * p.bodyLength * s;
  const reach = p.neckLength + 0.75 * p.headRadius;
  const headY = frontY - reach * Math.cos(p.neckRadians), headZ = frontZ + reach * Math.sin(p.neckRadians);
  const rearY = 0.7 * p.bodyLength * c, rearZ = -0.7 * p.bodyLength * s + 0.03;
  const tailEndY = rearY + (0.3 * p.bodyLength + p.tailLength) * Math.cos(p.tailRadians);
  const tailEndZ = rearZ - (0.3 * p.bodyLength + p.tailLength) * Math.sin(p.tailRadians);
  const beakTip = headY - p.headRadius - p.beakLength;
  const footZ = -p.bodyHeight - p.legLength, legX = 0.42 * p.bodyWidth;
  const tail = (x: number, y: number, z: number) => {
    const t = Math.min(1, Math.max(0, (y - rearY) / (tailEndY - rearY)));
    // The tail is a flat rod: x is shrunk so that a round rod becomes a wide one.
    const flat = 0.05 / (p.tailWidth * (0.7 + 0.3 * t));
    return 0.8 *
      coneDistance(x * flat, y, z, [0, rearY, rearZ], [0, tailEndY - 0.045, tailEndZ], 0.065, 0.042);
  };
  const pieces = (x: number, y: number, z: number): BirdPieces => ({
    body: smoothUnion(
      tiltedEllipsoidDistance(x, y, z, [0, 0, 0], [p.bodyWidth, p.bodyLength, p.bodyHeight], p.pitchRadians),
      coneDistance(x, y, z, [0, 0, 0], [0, rearY + 0.12, rearZ], 0.8 * p.bodyWidth, 0.09),
      0.12,
    ),
    head: smoothUnion(
      tiltedEllipsoidDistance(x, y, z, [0, headY, headZ], [
        0.88 * p.headRadius,
        1.05 * p.headRadius,
        0.95 * p.headRadius,
      ], 0.15),
      coneDistance(
        x,
        y,
        z,
        [0, 0.75 * frontY, 0.6 * frontZ],
        [0, headY, headZ],
        0.68 * p.bodyWidth,
        0.72 * p.headRadius,
      ),
      0.08,
    ),
    beak: coneDistance(
      x,
      y,
      z,
      [0, headY - 0.75 * p.headRadius, headZ - 0.08 * p.headRadius],
      [0, beakTip + 0.014, headZ - 0.3 * p.headRadius],
      p.beakRadius,
      0.014,
    ),
    legs: Math.min(
      coneDistance(
        x,
        y,
        z,
        [legX, 0.08, -0.55 * p.bodyHeight],
        [legX, 0.03, footZ + 0.45 * p.legLength],
        0.1,
        p.legRadius,
      ),
      coneDistance(
        x,
        y,
        z,
        [legX, 0.04, footZ + 0.5 * p.legLength],
        [legX, 0.0, footZ],
        p.legRadius,
        p.legRadius,
      ),
      coneDistance(
        x,
        y,
        z,
        [legX, 0.06, footZ + 0.005],
        [legX, -0.13, footZ],
        0.75 * p.legRadius,
        0.75 * p.legRadius,
      ),
    ),
    wing: tiltedEllipsoidDistance(
      x,
      y,
      z,
      [0.72 * p.bodyWidth, 0.5 * p.wingLength - 0.07, 0.0],
      [0.085, p.wingLength, p.wingHeight],
      0.75 * p.pitchRadians + 0.1,
    ),
    tail: tail(x, y, z),
  });
  const distance = (x: number, y: number, z: number) => {
    const part = pieces(Math.abs(x), y, z);
    const trunk = smoothUnion(part.body, part.head, 0.1);
    const winged = smoothUnion(smoothUnion(trunk, part.tail, 0.1), part.wing, 0.06);
    return smoothUnion(smoothUnion(winged, part.beak, 0.04), part.legs, 0.05);
  };
  return {
    category: "bird",
    partNames: BIRD_PARTS,
    parameters: p,
    headCentre: [headY, headZ],
    pieces,
    distance,
    partAt: (x, y, z) => {
      const part = pieces(Math.abs(x), y, z);
      const candidates = [
        part.body,
        Math.min(part.head, part.beak) - 0.02,
        part.legs + (z > -0.8 * p.bodyHeight ? 0.1 : -0.03),
        part.wing - 0.012,
        part.tail - 0.01,
      ];
      return candidates.indexOf(Math.min(...candidates));
    },
    density: (x, y, z) => {
      const part = pieces(Math.abs(x), y, z);
      return 1 + 3 * smoothStep(-part.legs, -0.08, 0) + 2 * smoothStep(-part.beak, -0.08, 0) +
        smoothStep(-part.tail, -0.08, 0);
    },
    pins: [
      { direction: [0, -1, 0], point: [0, beakTip, headZ - 0.3 * p.headRadius] },
      { direction: [0, 1, 0], point: [0, tailEndY - 0.005, tailEndZ] },
      { direction: [0.4, 0, -0.9], point: [legX, -0.02, footZ - 0.75 * p.legRadius] },
    ],
    low: [-p.bodyWidth - 0.2, beakTip - 0.1, footZ - 0.1],
    high: [p.bodyWidth + 0.2, tailEndY + 0.1, Math.max(headZ + p.headRadius, p.bodyHeight) + 0.12],
  };
}
