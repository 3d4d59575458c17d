/**
 * A saloon car as a formula: two extruded profiles (hull and cabin) and four wheels.
 *
 * @module
 */
import type { ParametricShape } from "../../lib/templates/parametric_shape.ts";
import {
  type Point2,
  polygonDistance,
  roundedCorner,
  smoothStep,
  smoothUnion,
  wheelDistance,
} from "../../lib/templates/signed_distance.ts";

/** Parts of a car, in the order of their labels. */
export const CAR_PARTS = ["body", "wheel", "glass", "light"] as const;

/** Proportions of a car; lengths in units of half the car's length, heights above the ground. */
export interface CarParameters {
  /** Half of the width over the wings. */
  halfWidth?: number;
  /** Height of the roof. */
  roofHeight?: number;
  /** Height of the window sills. */
  beltHeight?: number;
  /** Height of the bonnet's front edge. */
  bonnetHeight?: number;
  /** Free height under the floor. */
  clearance?: number;
  /** Radius of the wheels. */
  wheelRadius?: number;
  /** Position of the front axle (front is −1). */
  frontAxle?: number;
  /** Position of the rear axle. */
  rearAxle?: number;
  /** Foot of the windscreen. */
  screenFoot?: number;
  /** Front edge of the roof. */
  roofFront?: number;
  /** Rear edge of the roof. */
  roofRear?: number;
  /** Foot of the rear window: near 0.7 a saloon, near 0.95 an estate car. */
  rearFoot?: number;
  /** Height of the boot's rear edge. */
  bootHeight?: number;
  /** How much narrower the roof is than the sills, on each side. */
  tumblehome?: number;
  /** Radius of the hull's edges. */
  rounding?: number;
}

/** A saloon of average proportions. */
export const CAR_DEFAULTS = {
  halfWidth: 0.435,
  roofHeight: 0.6,
  beltHeight: 0.39,
  bonnetHeight: 0.31,
  clearance: 0.068,
  wheelRadius: 0.145,
  frontAxle: -0.61,
  rearAxle: 0.59,
  screenFoot: -0.41,
  roofFront: -0.06,
  roofRear: 0.38,
  rearFoot: 0.74,
  bootHeight: 0.375,
  tumblehome: 0.1,
  rounding: 0.05,
} as const satisfies Required<CarParameters>;

/** A car with the contours that painters of textures need. */
export interface CarShape extends ParametricShape {
  /** The proportions. */
  readonly parameters: Required<CarParameters>;
  /** Half of the width of the cabin at a height. */
  readonly cabinHalfWidth: (z: number) => number;
  /** Distance to the cabin's profile in the y-z plane. */
  readonly cabinProfile: (y: number, z: number) => number;
}

/**
 * A car of given proportions.
 *
 * @param options Proportions
 * @returns The solid; half of its length is about 1, its ground is z = 0
 */
export function carShape(options: CarParameters = {}): CarShape {
  const parameters = { ...CAR_DEFAULTS, ...options };
  const { halfWidth, roofHeight, beltHeight, clearance, wheelRadius, rounding, frontAxle, rearAxle } =
    parameters;
  const hull = hullCorners(parameters), cabin = cabinCorners(parameters);
  const sillHalfWidth = halfWidth - 0.035;
  const cabinHalfWidth = (z: number) =>
    sillHalfWidth - parameters.tumblehome * Math.max(0, z - beltHeight) / (roofHeight - beltHeight);
  const cabinProfile = (y: number, z: number) => polygonDistance(y, z, cabin) - 0.03;
  const hullDistance = (x: number, y: number, z: number) => {
    const narrowing = 0.11 * smoothStep(Math.abs(y), 0.6, 1.08) +
      0.03 * smoothStep(z, clearance + 0.2, beltHeight + 0.05) +
      0.035 * smoothStep(-z, -clearance - 0.13, -clearance + 0.02);
    return roundedCorner(
      polygonDistance(y, z, hull),
      x - (halfWidth - rounding - narrowing),
    ) - rounding;
  };
  const cabinDistance = (x: number, y: number, z: number) => {
    const narrowing = 0.1 * smoothStep(Math.abs(y - 0.1), 0.25, 0.95);
    const slope = parameters.tumblehome / (roofHeight - beltHeight);
    const side = (x - cabinHalfWidth(z) + narrowing) / Math.sqrt(1 + slope * slope);
    return roundedCorner(polygonDistance(y, z, cabin) + 0.01, side + 0.04) - 0.04;
  };
  const wheels = (x: number, y: number, z: number) => {
    const centreX = halfWidth - 0.062;
    return Math.min(
      wheelDistance(x, y, z, [centreX, frontAxle, wheelRadius], wheelRadius, 0.072, 0.025),
      wheelDistance(x, y, z, [centreX, rearAxle, wheelRadius], wheelRadius, 0.072, 0.025),
    );
  };
  const distance = (x: number, y: number, z: number) => {
    x = Math.abs(x);
    const shell = smoothUnion(hullDistance(x, y, z), cabinDistance(x, y, z), 0.04);
    return smoothUnion(shell, wheels(x, y, z), 0.012);
  };
  const shape: CarShape = {
    category: "car",
    partNames: CAR_PARTS,
    parameters,
    cabinHalfWidth,
    cabinProfile,
    distance,
    partAt: (x, y, z) => carPartAt(shape, Math.abs(x), y, z),
    density: (x, y, z) => 1 + 3 * smoothStep(-wheels(Math.abs(x), y, z), -0.1, 0),
    pins: [
      { direction: [0, -1, 0], point: [0, -0.995, clearance + 0.13] },
      { direction: [0, 1, 0], point: [0, 1, clearance + 0.16] },
    ],
    low: [-halfWidth - 0.08, -1.1, -0.06],
    high: [halfWidth + 0.08, 1.1, roofHeight + 0.08],
  };
  return shape;
}

/** Side view of the hull, shrunk by its rounding. */
function hullCorners(p: Required<CarParameters>): Point2[] {
  const r = p.rounding, floor = p.clearance + r;
  const scuttle = p.beltHeight - 0.025 - r;
  return [
    [-0.95 + r, floor + 0.02],
    [-1 + r, p.clearance + 0.12],
    [-0.97 + r, p.bonnetHeight - r],
    [-0.75, p.bonnetHeight + 0.035 - r],
    [p.screenFoot, scuttle],
    [p.rearFoot - 0.05, p.beltHeight - r],
    [0.97 - r, p.bootHeight - r],
    [1 - r, p.clearance + 0.16],
    [0.95 - r, floor + 0.03],
    [p.rearAxle, floor],
    [p.frontAxle, floor],
  ];
}

/** Side view of the cabin, shrunk by 0.03. */
function cabinCorners(p: Required<CarParameters>): Point2[] {
  const top = p.roofHeight - 0.03;
  const middle = (p.roofFront + p.roofRear) / 2;
  return [
    [p.screenFoot + 0.05, p.beltHeight - 0.06],
    [p.roofFront, top - 0.015],
    [middle, top],
    [p.roofRear, top - 0.012],
    [p.rearFoot - 0.03, p.beltHeight - 0.04],
    [p.rearFoot - 0.1, p.beltHeight - 0.2],
    [p.screenFoot + 0.1, p.beltHeight - 0.2],
  ];
}

function carPartAt(shape: CarShape, x: number, y: number, z: number): number {
  const p = shape.parameters;
  for (const axle of [p.frontAxle, p.rearAxle]) {
    const across = Math.sqrt((y - axle) ** 2 + (z - p.wheelRadius) ** 2);
    if (across < p.wheelRadius + 0.006 && x > p.halfWidth - 0.145) return 1;
  }
  if (isGlass(shape, x, y, z)) return 2;
  const front = y < -0.86 && x > 0.2 && Math.abs(z - p.bonnetHeight + 0.045) < 0.035;
  const rear = y > 0.9 && x > 0.2 && Math.abs(z - p.bootHeight + 0.065) < 0.045;
  return front || rear ? 3 : 0;
}

function isGlass(shape: CarShape, x: number, y: number, z: number): boolean {
  const p = shape.parameters;
  const sill = p.beltHeight + 0.012, lintel = p.roofHeight - 0.045;
  if (z < sill || z > p.roofHeight - 0.012) return false;
  const inset = -shape.cabinProfile(y, z);
  const side = shape.cabinHalfWidth(z) - x;
  if (inset > 0.045 && z < lintel) return Math.abs(y - (p.roofFront + p.roofRear) / 2 + 0.02) > 0.016;
  const ahead = y < p.roofFront + 0.01 || y > p.roofRear - 0.01;
  return ahead && inset < 0.03 && side > 0.055 + 0.1 * smoothStep(Math.abs(y - 0.1), 0.25, 0.95);
}
